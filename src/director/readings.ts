// Readings: everything that is measured, as plain data, taken at the moment somebody asks.

import type { WebhookCounts } from '../model/webhook.ts';
import type { Api, Clock } from '../ports.ts';
import type { Conclude } from './conclude.ts';
import { createDnsCounts, type DnsCounts } from './counters.ts';
import type { FileRecord } from './files.ts';
import type { Gossip, GossipEvent } from './gossip/gossip.ts';
import type { Audit } from './record/audit.ts';
import type { NoticeCounts } from './transfer/notify.ts';
import { reportConfigurations, reportObservers } from './observers.ts';
import { brokenRules } from './safety.ts';
import type { SnapshotCell } from './snapshot.ts';
import type { Watch } from './watch.ts';

/** Counts that do not belong to one query. */
export interface Tallies {
  /** Of all threads that answer, as far as they have told; nothing before there are any. */
  dns: () => DnsCounts;
  workers: () => WorkersReading;
  readonly gossip: Map<GossipEvent, number>;
  readonly reloads: { accepted: number; refused: number };
  /** HTTP requests by route pattern and status. */
  readonly http: Map<string, { readonly route: string; readonly status: number; count: number }>;
  /** Those who follow along, by `<kind> <what>`: how often one came, left, missed events or was cut off. */
  readonly followers: Map<string, { readonly kind: string; readonly what: string; count: number }>;
  readonly notices: NoticeCounts;
  /** By the names of webhooks. */
  readonly webhooks: Map<string, WebhookCounts>;
}

export function createTallies(): Tallies {
  const none = createDnsCounts();
  return {
    dns: () => none,
    workers: () => ({ running: 0, replaced: 0 }),
    gossip: new Map(),
    reloads: { accepted: 0, refused: 0 },
    http: new Map(),
    followers: new Map(),
    notices: { acknowledged: 0, unanswered: 0 },
    webhooks: new Map(),
  };
}

export function countRequest(tallies: Tallies, route: string, status: number): void {
  const key = `${status} ${route}`;
  const entry = tallies.http.get(key) ?? { route, status, count: 0 };
  tallies.http.set(key, entry);
  entry.count++;
}

export function countFollower(tallies: Tallies, kind: string, what: string): void {
  const key = `${kind} ${what}`;
  const entry = tallies.followers.get(key) ?? { kind, what, count: 0 };
  tallies.followers.set(key, entry);
  entry.count++;
}

/** Threads that answer: how many there are, and how many had to be started again. */
export interface WorkersReading {
  readonly running: number;
  readonly replaced: number;
}

export interface ReadingParts {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly watch: Watch;
  readonly conclude: Conclude;
  readonly api: Api;
  readonly files: FileRecord;
  readonly clock: Clock;
  readonly tallies: Tallies;
  readonly linesDropped: () => number;
  readonly auditTally: Audit['tally'];
}

function readFloors(api: Api): { readonly service: string; readonly isBelow: boolean }[] {
  return api.services().flatMap(({ name, floor }) => {
    return floor === null ? [] : [{ service: name, isBelow: floor.down.length > 0 }];
  });
}

/** Functions rather than values: nothing is worked out until a scrape comes. */
export function createReadings(parts: ReadingParts) {
  const { cell, gossip, watch, conclude, api, files, clock, tallies } = parts;
  return {
    queries: () => tallies.dns().counters,
    regions: () => readRegions(conclude, clock),
    probes: () => readProbes(watch, clock),
    loads: () => api.loads(),
    applications: () => api.reports(),
    floors: () => readFloors(api),
    gossipEvents: () => tallies.gossip,
    gossipState: () => api.health().gossip,
    boards: () => gossip.boards().map(({ name, ...rest }) => ({ ...rest, board: name })),
    observers: () => {
      const { settings } = cell.view.snapshot;
      const all = reportObservers(gossip.votes(), conclude.isolated(), settings, clock.now());
      return all.filter(({ isHeard }) => isHeard);
    },
    configurations: () =>
      reportConfigurations(gossip.votes(), cell.view.snapshot.settings, clock.now()).length,
    overridesActive: () => cell.view.snapshot.overrides.size,
    breakGlassActive: () =>
      Array.from(cell.view.snapshot.overrides.values()).filter((word) => word.breakGlass).length,
    rulesBroken: () => [...brokenRules(cell.view.snapshot).keys()],
    drillAges: () =>
      api.drillAges().map(({ region, ageSeconds }) => ({
        region,
        ageSeconds: ageSeconds ?? undefined,
      })),
    epoch: () => cell.view.snapshot.epoch,
    geoDataAgeSeconds: () => geoDataAge(cell, clock),
    logLinesDropped: parts.linesDropped,
    reloads: () => tallies.reloads,
    proxyRefusals: () => tallies.dns().proxyRefusals,
    files: () => readFiles(files, clock),
    sendErrors: () => tallies.dns().sendErrors,
    notices: () => tallies.notices,
    tcpConnections: () => tallies.dns().connections,
    workers: () => tallies.workers(),
    webhooks: () => tallies.webhooks,
    clients: () => readClients(api),
    audit: () => readAudit(parts),
    httpRequests: () => tallies.http.values(),
    followers: () => tallies.followers.values(),
  };
}

function readRegions(conclude: Conclude, clock: Clock) {
  return Array.from(conclude.health(), ([region, { verdict, isKept, since, recovery }]) => ({
    region,
    verdict,
    isKept,
    sinceSeconds: (clock.now() - since) / 1000,
    share: recovery.share,
    trips: recovery.trips,
  }));
}

function readProbes(watch: ReadingParts['watch'], clock: Clock) {
  const ends = watch.certificateEnds();
  return Array.from(watch.opinions(), ([region, { latency }]) => {
    const end = ends.get(region);
    return {
      region,
      latencySeconds: latency === undefined ? undefined : latency / 1000,
      certificateSeconds: end === undefined ? undefined : (end - clock.now()) / 1000,
    };
  });
}

function readFiles(files: FileRecord, clock: Clock) {
  const { faultCount: faults, goodAt } = files.state();
  return { faults, lastGoodSeconds: faults === 0 ? undefined : (clock.now() - goodAt) / 1000 };
}

function readAudit({ auditTally, clock }: ReadingParts) {
  const tally = auditTally();
  if (tally === undefined) return undefined;
  const { writtenAt, ...counts } = tally;
  const lastWriteSeconds = writtenAt && (clock.now() - writtenAt) / 1000;
  return { ...counts, lastWriteSeconds };
}

function readClients(api: Api) {
  const { isCollecting, networks, outsideShare } = api.clients(0);
  return isCollecting ? { networks, outsideShare } : undefined;
}

function geoDataAge({ view }: SnapshotCell, clock: Clock): number | undefined {
  const { atlas } = view.snapshot;
  return atlas === undefined ? undefined : (clock.now() - atlas.dataDate) / 1000;
}
