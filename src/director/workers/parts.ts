// Parts: what a snapshot is made of, in pieces small enough for a thread that answers meanwhile.

import type { Atlas } from '../../model/atlas.ts';
import type { RegionHealth } from '../../model/health.ts';
import type { LoadView } from '../../model/load.ts';
import type { RRset } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import type { OverrideView } from '../../model/override.ts';
import type { Region, RegionId } from '../../model/region.ts';
import type { Service, Settings, Zone } from '../../model/settings.ts';
import type { AreaMap } from '../../steering/snapshot.ts';
import type { Groundwork, Motion } from '../snapshot.ts';

/** Plain data, as it crosses between threads; large tables lie in memory that both see. */
export type Part =
  /** Comes first when the groundwork is another one: whatever was known of it is void. */
  | { readonly kind: 'settings'; readonly settings: Facts }
  | { readonly kind: 'regions'; readonly regions: readonly Region[] }
  | { readonly kind: 'services'; readonly services: readonly Service[] }
  | { readonly kind: 'zone'; readonly zone: Zone }
  | { readonly kind: 'records'; readonly apex: DomainName; readonly records: readonly RRset[] }
  | { readonly kind: 'atlas'; readonly atlas: Atlas | undefined }
  /** Of the atlas that came last. */
  | { readonly kind: 'areas'; readonly key: string; readonly map: Omit<AreaMap, 'atlas'> }
  | {
      readonly kind: 'health';
      readonly changed: readonly (readonly [RegionId, RegionHealth])[];
      readonly gone: readonly RegionId[];
    }
  | { readonly kind: 'overrides'; readonly overrides: OverrideView }
  | { readonly kind: 'loads'; readonly loads: LoadView };

/** Settings without what comes in parts of its own. */
export type Facts = Omit<Settings, 'zones' | 'services' | 'regions'>;

export interface State {
  readonly ground: Groundwork;
  readonly motion: Motion;
}

/** How many things one part holds at most: a thread takes them in well under a millisecond. */
const atOnce = 32;

/** What turns one state into another; into anything, from nothing. */
export function* partsBetween(last: State | undefined, next: State): Generator<Part, void, void> {
  if (last?.ground !== next.ground) yield* groundParts(last?.ground, next.ground);
  yield* healthParts(last?.motion.health, next.motion.health);
  const { overrides, loads } = next.motion;
  if (last?.motion.overrides !== overrides) yield { kind: 'overrides', overrides };
  if (last?.motion.loads !== loads) yield { kind: 'loads', loads };
}

function* groundParts(
  last: Groundwork | undefined,
  { settings, atlas, areas }: Groundwork,
): Generator<Part, void, void> {
  const { zones, services, regions, ...facts } = settings;
  yield { kind: 'settings', settings: withoutSecrets(facts) };
  for (const some of slices(regions.values())) {
    yield { kind: 'regions', regions: some.map(answeredFrom) };
  }
  for (const some of slices(services.values())) yield { kind: 'services', services: some };
  for (const { records, ...zone } of zones) {
    yield { kind: 'zone', zone: { ...zone, records: [] } };
    for (const some of slices(records)) {
      yield { kind: 'records', apex: zone.apex, records: some };
    }
  }
  if (last === undefined || last.atlas !== atlas) yield { kind: 'atlas', atlas };
  for (const [key, { ranges, seeds }] of areas)
    yield { kind: 'areas', key, map: { ranges, seeds } };
}

/** Nobody who only answers needs to know who may write, and where boards are. */
function withoutSecrets(facts: Facts): Facts {
  return {
    ...facts,
    http: { ...facts.http, tokens: [] },
    gossip: { ...facts.gossip, boards: [] },
  };
}

/** What an answer may hang on; a URL does not cross between threads, and is HTTP's alone. */
function answeredFrom(region: Region): Region {
  return { ...region, url: undefined, probes: undefined };
}

function* healthParts(
  last: Motion['health'] | undefined,
  next: Motion['health'],
): Generator<Part, void, void> {
  if (last === next) return;
  const gone = Array.from(last?.keys() ?? []).filter((id) => !next.has(id));
  const changed = Array.from(next).filter(([id, health]) => last?.get(id) !== health);
  if (gone.length > 0) yield { kind: 'health', changed: [], gone };
  for (const some of slices(changed)) yield { kind: 'health', changed: some, gone: [] };
}

function* slices<T>(things: Iterable<T>): Generator<T[], void, void> {
  let slice: T[] = [];
  for (const thing of things) {
    if (slice.push(thing) < atOnce) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
