// Client area → ordered regions, compiled: one table from address range to class of clients.

import type { Atlas } from '../model/atlas.ts';
import { type Ip, isWithin, maskIp, type Prefix } from '../model/ip.ts';
import { RangeBuilder, type Ranges, type RangeTable, valueOf } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, SteeringRule } from '../model/settings.ts';
import { isOrdering, prepareChain } from './chain.ts';
import { areaOf } from './class-list.ts';
import { ClassBook } from './classes.ts';
import { flattenNetworks, layNumbers, type Overlay, overlayAt } from './overlay.ts';
import { positionsOf } from './positions.ts';
import type { AreaMap } from './snapshot.ts';
import type { Area, OrderingStep } from './step.ts';
import { latenciesIn } from './steps/latency.ts';
import { rulesIn } from './steps/rules.ts';

/** Services with the same key see the same geography and share one map. */
export function areaKey(service: Service, regions: ReadonlyMap<RegionId, Region>): string {
  const known = keys.get(regions) ?? new WeakMap<Service, string>();
  keys.set(regions, known);
  const key = known.get(service) ?? writeKey(service, regions);
  known.set(service, key);
  return key;
}

/** Every snapshot asks anew, and a policy may name thousands of networks. */
const keys = new WeakMap<ReadonlyMap<RegionId, Region>, WeakMap<Service, string>>();

function writeKey(service: Service, regions: ReadonlyMap<RegionId, Region>): string {
  const ordering = service.steps.filter(({ kind }) => isOrdering(kind));
  const texts = spelt.get(regions) ?? spellPlaces(regions);
  spelt.set(regions, texts);
  const where = service.regions.map((id) => texts.get(id) ?? JSON.stringify([id]));
  return `[[${where.join()}],${JSON.stringify(ordering)}]`;
}

const spelt = new WeakMap<ReadonlyMap<RegionId, Region>, ReadonlyMap<RegionId, string>>();

/** Thousands of services name the same regions. */
function spellPlaces(regions: ReadonlyMap<RegionId, Region>): ReadonlyMap<RegionId, string> {
  return new Map(
    Array.from(regions, ([id, { coordinates, bias, country }]) => [
      id,
      JSON.stringify([id, coordinates, bias, country]),
    ]),
  );
}

/** Ranges handled between two pauses, so that a compile never holds the thread for long. */
const rangesPerSlice = 1024;

/**
 * Compiles the map of a service: every range of the atlas, cut where a rule's network or a
 * special-purpose block begins or ends, becomes a class of clients that are all ordered alike. Where
 * there are many regions, what is one position in the atlas is one class (`classes.ts` says when).
 * A generator, so that its caller decides when to go on.
 */
export function* compileAreas(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
  atlas: Atlas | undefined,
  mostCompared?: number,
): Generator<void, AreaMap> {
  const { ordering } = prepareChain(service, regions);
  const details = ordering.flatMap(({ detail }) => detail ?? []);
  const positions = atlas === undefined ? undefined : yield* positionsOf(atlas, details);
  const classes = new ClassBook(service, ordering, atlas, positions, mostCompared);
  const v4 = yield* compileFamily(
    4,
    yield* overlaysOf(4, service, ordering, atlas),
    atlas?.ranges,
    classes,
  );
  const v6 = yield* compileFamily(
    6,
    yield* overlaysOf(6, service, ordering, atlas),
    atlas?.ranges,
    classes,
  );
  return { ranges: { v4, v6 }, seeds: classes.finish(), atlas };
}

/** The numbers of autonomous systems that a service's policy names. */
export function asnsIn({ steps }: Service): readonly number[] {
  return [
    ...rulesIn(steps).flatMap(({ asns = [] }) => asns),
    ...latenciesIn(steps).flatMap(({ asn }) => asn ?? []),
  ];
}

function* overlaysOf(
  family: 4 | 6,
  service: Service,
  ordering: readonly OrderingStep[],
  atlas: Atlas | undefined,
): Generator<void, readonly Overlay[]> {
  let overlays = flattenNetworks(family, rulesIn(service.steps));
  const asns = asnsIn(service).length === 0 ? undefined : atlas?.asns;
  const networks = networksOf(ordering);
  const side = family === 4 ? 'v4' : 'v6';
  if (asns !== undefined) overlays = yield* layNumbers(overlays, 'asn', asns[side]);
  if (networks !== undefined) overlays = yield* layNumbers(overlays, 'network', networks[side]);
  return overlays;
}

function networksOf(ordering: readonly OrderingStep[]): RangeTable | undefined {
  return ordering.find(({ networks }) => networks !== undefined)?.networks;
}

/** Everything that orders a client at an address: what the map was compiled from, there. */
export function areaAt(
  service: Service,
  ordering: readonly OrderingStep[],
  atlas: Atlas | undefined,
  ip: Ip,
): Area {
  const { mark } = overlayAt(flattenNetworks(ip.family, rulesIn(service.steps)), ip);
  if (mark.isSpecial) return areaOf(undefined, 0, mark);
  const numberIn = (table: RangeTable | undefined): number =>
    table === undefined ? 0 : valueOf(table, ip);
  const asn = asnsIn(service).length === 0 ? 0 : numberIn(atlas?.asns);
  const network = numberIn(networksOf(ordering));
  const area = areaOf(atlas, numberIn(atlas?.ranges), { ...mark, asn, network });
  return { ...area, ruleNetwork: longestAround(ip, mark.rule) };
}

/** Ranges tell IPv6 apart by its first 64 bits only, so a longer network counts as all of them. */
function longestAround(ip: Ip, rule: SteeringRule | undefined): Prefix | undefined {
  const around = rule?.networks.filter(({ ip: net, length }) => {
    const told = Math.min(length, net.family === 4 ? 32 : 64);
    return isWithin(ip, { ip: maskIp(net, told), length: told });
  });
  return around?.toSorted((one, other) => other.length - one.length)[0];
}

const nowhere: Ranges = new RangeBuilder(4).finish();

function* compileFamily(
  family: 4 | 6,
  overlay: readonly Overlay[],
  table: RangeTable | undefined,
  classes: ClassBook,
): Generator<void, Ranges> {
  const places = table === undefined ? nowhere : family === 4 ? table.v4 : table.v6;
  const builder = new RangeBuilder(family);
  let atPlace = 0;
  let atOverlay = 0;
  let sinceYield = 0;
  // Both lists start at address 0, so each step moves to the nearest next start of either.
  while (true) {
    const over = overlay[atOverlay] as Overlay;
    const high = Math.max(places.high[atPlace] as number, over.high);
    const low = lowOf(places, atPlace, over, high);
    builder.append(high, low, classes.classOf(places.values[atPlace] as number, over.mark));
    const nextPlace = atPlace + 1 < places.high.length;
    const nextOverlay = atOverlay + 1 < overlay.length;
    if (!nextPlace && !nextOverlay) return yield* builder.finishInSlices();
    const order = !nextPlace
      ? 1
      : !nextOverlay
        ? -1
        : compareStarts(places, atPlace + 1, overlay[atOverlay + 1] as Overlay);
    if (order <= 0) atPlace++;
    if (order >= 0) atOverlay++;
    if (++sinceYield === rangesPerSlice) {
      sinceYield = 0;
      yield;
    }
  }
}

/** The low word of whichever of the two current starts is the later one. */
function lowOf(places: Ranges, atPlace: number, over: Overlay, high: number): number {
  const placeLow = places.low === undefined ? 0 : (places.low[atPlace] as number);
  if ((places.high[atPlace] as number) < high) return over.low;
  return over.high < high ? placeLow : Math.max(placeLow, over.low);
}

function compareStarts(places: Ranges, at: number, over: Overlay): number {
  const high = places.high[at] as number;
  if (high !== over.high) return high - over.high;
  return (places.low === undefined ? 0 : (places.low[at] as number)) - over.low;
}
