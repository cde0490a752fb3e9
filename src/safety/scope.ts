// Who serves whom: of each service, and of the fleet as a whole, what share of its clients a region takes.

import type { HealthView } from '../model/health.ts';
import type { LoadView } from '../model/load.ts';
import { formatName } from '../model/name.ts';
import { movesNobody, type Override, type OverrideView, takesOut } from '../model/override.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { effectOn, withheldBy } from '../steering/effect.ts';

/** Everything that decides who serves. */
export interface World {
  readonly settings: Pick<Settings, 'services' | 'regions'>;
  readonly health: HealthView;
  readonly loads: LoadView;
  /** In force. */
  readonly words: OverrideView;
}

/** A service, or the whole fleet. */
export interface Scope {
  /** `www.example.test`, or `the fleet`. */
  readonly name: string;
  readonly parts: ReadonlyMap<RegionId, Part>;
}

/** A region within a scope. */
export interface Part {
  readonly region: Region;
  /** Of its clients, 0 to 1: what health and operators leave it. */
  readonly share: number;
  /** Why that is not all of them, such as `drained by alice`; empty where it is. */
  readonly why: string;
  /** Of its capacity, in use; undefined where nobody says. */
  readonly load: number | undefined;
}

export const fleetName = 'the fleet';

/**
 * The scope of each service by its name, and that of the fleet, in which a region serves as far as it
 * does in the service that takes most of it. With `isAllUp` as if no probe failed: what operators'
 * words alone leave.
 */
export function scopesOf(world: World, isAllUp: boolean): ReadonlyMap<string, Scope> {
  const scopes = new Map<string, Scope>();
  const fleet = new Map<RegionId, Part>();
  for (const service of world.settings.services.values()) {
    const parts = partsOf(service, world, isAllUp);
    const name = formatName(service.name);
    scopes.set(name, { name, parts });
    for (const [id, part] of parts) {
      if (part.share > (fleet.get(id)?.share ?? -1)) fleet.set(id, part);
    }
  }
  return scopes.set(fleetName, { name: fleetName, parts: fleet });
}

function partsOf(service: Service, world: World, isAllUp: boolean): Map<RegionId, Part> {
  const { regions } = world.settings;
  const effect = effectOn(service, world.words, regions);
  const parts = new Map<RegionId, Part>();
  for (const id of service.regions) {
    const region = regions.get(id);
    if (region === undefined) continue;
    const isByAddress = service.answers === 'address';
    const word = effect.get(id);
    const said = word !== undefined && movesNobody(word) ? undefined : word;
    const [share, why] = shareOf(region, said, world, { isAllUp, isByAddress });
    parts.set(id, { region, share, why, load: world.loads.get(id)?.share });
  }
  return parts;
}

function shareOf(
  region: Region,
  word: Override | undefined,
  { health, words }: World,
  { isAllUp, isByAddress }: { readonly isAllUp: boolean; readonly isByAddress: boolean },
): [number, string] {
  if (word !== undefined && takesOut(word)) return [0, wordOf(word)];
  const left = isByAddress ? addressesLeft(region, words) : 1;
  const lacking = left < 1 ? 'some of its addresses are out' : '';
  const isJudged = !isAllUp && word?.kind !== 'up';
  const state = health.get(region.id);
  if (isJudged && state?.verdict === 'down') return [0, 'down'];
  const back = isJudged ? (state?.recovery.share ?? 1) : 1;
  const share = left * back * (1 - (word?.share ?? 0));
  if (word?.share !== undefined) return [share, wordOf(word)];
  return [share, back < 1 ? 'coming back' : lacking];
}

const participles = { drain: 'drained', down: 'declared down', up: 'held up' } as const;

function wordOf({ kind, actor, share }: Override): string {
  const part = share === undefined ? '' : ` for ${Math.round(share * 1000) / 10} % of clients`;
  return `${participles[kind]}${part} by ${actor}`;
}

/** Of the addresses that every client can use, the share that operators have left. */
function addressesLeft({ id, ipv4, ipv6 }: Region, words: OverrideView): number {
  const family = ipv4.length > 0 ? ipv4 : ipv6;
  if (words.size === 0 || family.length === 0) return 1;
  const out = family.filter((ip) => withheldBy(id, ip, words) !== undefined);
  return (family.length - out.length) / family.length;
}

/** Shares are sums of products: what differs by less than this is the same. */
const rounding = 1e-9;

/** True for a region that serves all of its clients. */
export function isWhole(part: Part | undefined): boolean {
  return part !== undefined && part.share > 1 - rounding;
}

/** True where there is less after a change than before it. */
export function isLess(after: number, before: number): boolean {
  return after < before - rounding;
}

/** Every region that is in one of them, as it is in the later one if it is there. */
export function regionsOf(before: Scope, after: Scope): ReadonlyMap<RegionId, Region> {
  const regions = new Map<RegionId, Region>();
  for (const { parts } of [before, after]) {
    for (const [id, { region }] of parts) regions.set(id, region);
  }
  return regions;
}

/** `eu (drained by alice), us (down)`: those that do not serve all of their clients. */
export function tellMissing({ parts }: Scope, ids: Iterable<RegionId>): string {
  const told = Array.from(ids).flatMap((id) => {
    const part = parts.get(id);
    if (isWhole(part)) return [];
    return [`${id} (${part === undefined ? 'no longer listed' : part.why})`];
  });
  return told.join(', ');
}
