// Loads: reports, probes and the others' votes → how busy each region is, and what answers go by of it.

import { sumFigures } from '../health/figures.ts';
import {
  findLoad,
  gatherClaims,
  type HeardClaim,
  type LoadFinding,
  shareOf,
  type Speech,
  steadyLoad,
} from '../health/load.ts';
import type { HealthView, LoadClaim, Vote } from '../model/health.ts';
import type { LoadView, RegionLoad } from '../model/load.ts';
import type { LoadFacts } from '../model/load-report.ts';
import { pushProbesOf, type Region, type RegionId } from '../model/region.ts';
import { loadName, type SelfReport } from '../model/self-report.ts';
import type { Settings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import type { Gossip } from './gossip/gossip.ts';
import { reportKey } from './gossip/ledger.ts';
import { createSheds } from './sheds.ts';
import type { SnapshotCell } from './snapshot.ts';
import type { Watch } from './watch.ts';

/** How often it is looked at, and so how often at most answers follow. */
const tick = millis(1000);

export interface Loads extends AsyncDisposable {
  /** What this director says of regions' loads beside its vote. */
  claims(): Vote['loads'];
  /** What is known of each region now. */
  facts(): ReadonlyMap<RegionId, LoadFacts>;
}

export interface LoadsOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Pick<Gossip, 'reports' | 'votes' | 'announce'>;
  readonly watch: Pick<Watch, 'figures'>;
  /** The newest tally. */
  readonly health: () => HealthView;
  readonly clock: Clock;
}

export function startLoads(options: LoadsOptions): Loads {
  const { cell, gossip, watch, health, clock } = options;
  const stop = new AbortController();
  const sheds = createSheds();
  const look = (): void => {
    const { settings } = cell.view.snapshot;
    const now = clock.now();
    const claims = gatherClaims(gossip.votes(), settings.health, now);
    const found = findAll(settings, gossip.reports(), claims, now);
    if (sheds.look({ settings, health: health(), found, claims, now })) gossip.announce();
    follow(cell, found, sheds.agreed, now);
  };
  const loop = (async () => {
    while (!stop.signal.aborted) {
      look();
      await clock.sleep(tick, stop.signal);
    }
  })();
  return {
    claims: () => {
      const { regions } = cell.view.snapshot.settings;
      return claimsOf(regions.values(), watch.figures(), sheds.wish, clock.now());
    },
    facts: () => {
      const { settings } = cell.view.snapshot;
      const now = clock.now();
      const claims = gatherClaims(gossip.votes(), settings.health, now);
      const found = findAll(settings, gossip.reports(), claims, now);
      const ids = [...settings.regions.keys()];
      return new Map(ids.map((id) => [id, factsOf(id, found.get(id), sheds.agreed(id), now)]));
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
    },
  };
}

function findAll(
  { regions }: Settings,
  reports: ReadonlyMap<string, SelfReport>,
  claims: ReadonlyMap<RegionId, readonly HeardClaim[]>,
  now: Millis,
): ReadonlyMap<RegionId, LoadFinding> {
  const found = new Map<RegionId, LoadFinding>();
  for (const region of regions.values()) {
    const applications = pushProbesOf(region).flatMap(({ name, lifetime }): Speech[] => {
      const report = reports.get(reportKey(region.id, name));
      return report === undefined ? [] : [{ report, lifetime }];
    });
    // Whoever has taken its settings away listens no longer.
    const own = region.load && reports.get(reportKey(region.id, loadName));
    const said = { region, own, applications, claims: claims.get(region.id) ?? [] };
    const finding = findLoad(said, now);
    if (finding !== undefined) found.set(region.id, finding);
  }
  return found;
}

/** Hands over what answers can tell from what they go by; nothing where no answer looks. */
function follow(
  cell: SnapshotCell,
  found: ReadonlyMap<RegionId, LoadFinding>,
  agreed: (region: RegionId) => number,
  now: Millis,
): void {
  const { settings, loads } = cell.view.snapshot;
  const next = loadsNow(settings, loads, found, agreed, now);
  const isSame = next.size === loads.size && [...next].every(([id, of]) => loads.get(id) === of);
  if (!isSame) cell.setLoads(next);
}

function loadsNow(
  settings: Settings,
  loads: LoadView,
  found: ReadonlyMap<RegionId, LoadFinding>,
  agreed: (region: RegionId) => number,
  now: Millis,
): LoadView {
  const isHeeded = looksAtLoad(settings);
  const next = new Map<RegionId, RegionLoad>();
  for (const id of settings.regions.keys()) {
    const finding = found.get(id);
    const shed = agreed(id);
    const held = loads.get(id);
    if (shed === 0 && (finding === undefined || !isHeeded)) continue;
    const { share, connections, at } = finding ?? { share: undefined, connections: undefined };
    const exact = { share, connections, at: at ?? now, shed };
    // Whether anybody still says how busy it is, an explanation tells.
    const isToldAlike = (held?.share === undefined) === (share === undefined);
    const isSame = held?.shed === shed && isToldAlike && !isHeeded;
    next.set(id, isSame ? held : steadyLoad(held, exact));
  }
  return next;
}

/** Every other chain over a region with `load` sees no more of it than what is moved on. */
const ordering: ReadonlySet<string> = new Set(['least-load', 'least-connections']);

/** A rule that asks for room for the load of late can say nothing without it. */
function looksAtLoad({ services, safety }: Settings): boolean {
  const isRuled = safety?.rules.some(
    ({ kind, load }) => kind === 'minCapacity' && Number(load) > 0,
  );
  if (isRuled === true) return true;
  return [...services.values()].some(({ steps }) => steps.some(({ kind }) => ordering.has(kind)));
}

function claimsOf(
  regions: Iterable<Region>,
  figures: ReturnType<Watch['figures']>,
  wish: (region: RegionId) => number | undefined,
  now: Millis,
): Vote['loads'] {
  const claims = new Map<RegionId, LoadClaim>();
  for (const { id, load: settings } of regions) {
    const book = figures.get(id);
    if (settings === undefined) continue;
    const sum = book && sumFigures(book, settings.lifetime, now);
    const shed = wish(id);
    if (sum === undefined && shed === undefined) continue;
    const share = sum && shareOf(sum, settings);
    claims.set(id, {
      share: share && Math.round(share * 10_000) / 10_000,
      connections: sum?.connections,
      ago: sum === undefined ? 0 : Math.max(0, now - sum.at),
      shed,
    });
  }
  return claims.size === 0 ? undefined : claims;
}

function factsOf(
  region: RegionId,
  finding: LoadFinding | undefined,
  shed: number,
  now: Millis,
): LoadFacts {
  return {
    region,
    load: finding?.share === undefined ? null : Math.round(finding.share * 10_000) / 10_000,
    connections: finding?.connections ?? null,
    source: finding?.origin ?? null,
    ageSeconds: finding === undefined ? null : Math.round(Math.max(0, now - finding.at) / 100) / 10,
    shed,
  };
}
