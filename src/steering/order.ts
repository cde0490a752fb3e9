// Client area → ordered regions, compiled: one table from address range to class of clients.

import { type Atlas, coordinatesAt, countryAt } from '../model/atlas.ts';
import type { Tiers } from '../model/decision.ts';
import type { Ip } from '../model/ip.ts';
import { RangeBuilder, type Ranges, type RangeTable, valueOf } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, SteeringRule } from '../model/settings.ts';
import { prepareChain } from './chain.ts';
import { flattenNetworks, type Overlay, overlayAt } from './overlay.ts';
import { type Positions, positionsOf } from './positions.ts';
import type { AreaClass, AreaMap } from './snapshot.ts';
import type { Area, OrderingStep } from './step.ts';

/** Services with the same key see the same geography and share one map. */
export function areaKey(service: Service, regions: ReadonlyMap<RegionId, Region>): string {
  const ordering = service.steps.filter((step) => step.kind === 'rules' || step.kind === 'nearest');
  const places = service.regions.map((id) => [
    id,
    regions.get(id)?.coordinates,
    regions.get(id)?.bias,
  ]);
  return JSON.stringify([places, ordering]);
}

/** Ranges handled between two pauses, so that a compile never holds the thread for long. */
const rangesPerSlice = 1024;

/**
 * Compiles the map of a service: every range of the atlas, cut where a rule's network or a
 * special-purpose block begins or ends, becomes a class of clients that are all ordered alike.
 * A generator, so that its caller decides when to go on.
 */
export function* compileAreas(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
  atlas: Atlas | undefined,
): Generator<void, AreaMap> {
  const positions = atlas === undefined ? undefined : yield* positionsOf(atlas);
  const { ordering } = prepareChain(service, regions);
  const classes = new ClassBook(service, ordering, atlas, positions);
  const rules = rulesOf(service);
  const v4 = yield* compileFamily(4, flattenNetworks(4, rules), atlas?.ranges, classes);
  const v6 = yield* compileFamily(6, flattenNetworks(6, rules), atlas?.ranges, classes);
  return { ranges: { v4, v6 }, classes: classes.list };
}

/** Everything that orders a client at an address: what the map was compiled from, there. */
export function areaAt(service: Service, atlas: Atlas | undefined, ip: Ip): Area {
  const { rule, isSpecial } = overlayAt(flattenNetworks(ip.family, rulesOf(service)), ip);
  const place = atlas === undefined || isSpecial ? 0 : valueOf(atlas.ranges, ip);
  return areaOf(atlas, place, rule);
}

function areaOf(
  atlas: Atlas | undefined,
  placeIndex: number,
  networkRule: SteeringRule | undefined,
): Area {
  const isKnown = atlas !== undefined && placeIndex !== 0;
  return {
    place: isKnown
      ? { country: countryAt(atlas, placeIndex), coordinates: coordinatesAt(atlas, placeIndex) }
      : undefined,
    networkRule,
  };
}

function rulesOf(service: Service): SteeringRule[] {
  return service.steps.flatMap((step) => (step.kind === 'rules' ? step.rules : []));
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
    builder.append(high, low, classes.classOf(places.values[atPlace] as number, over));
    const nextPlace = atPlace + 1 < places.high.length;
    const nextOverlay = atOverlay + 1 < overlay.length;
    if (!nextPlace && !nextOverlay) return builder.finish();
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

/** Gives equal orders one class; remembers what it worked out per position. */
class ClassBook {
  readonly list: AreaClass[] = [];
  readonly #ordering: readonly OrderingStep[];
  readonly #start: Tiers;
  readonly #atlas: Atlas | undefined;
  readonly #positions: Positions | undefined;
  readonly #ordinary = startTree();
  readonly #special = startTree();
  /** Class of each position outside every rule's network, plus one; 0 is not worked out yet. */
  readonly #plain: Uint32Array;
  /** The same for each rule; its networks hold few positions, so they are looked up. */
  readonly #ruled = new Map<SteeringRule, Map<number, number>>();
  #specialClass: number | undefined;

  constructor(
    service: Service,
    ordering: readonly OrderingStep[],
    atlas: Atlas | undefined,
    positions: Positions | undefined,
  ) {
    this.#start = [service.regions];
    this.#ordering = ordering;
    this.#atlas = atlas;
    this.#positions = positions;
    this.#plain = new Uint32Array(positions?.count ?? 1);
  }

  classOf(place: number, over: Overlay): number {
    if (over.isSpecial) {
      this.#specialClass ??= this.#intern(this.#order(0, undefined), true);
      return this.#specialClass;
    }
    const position = this.#positions?.of[place] ?? 0;
    if (over.rule !== undefined) return this.#ruledClass(position, place, over.rule);
    const known = this.#plain[position] as number;
    if (known > 0) return known - 1;
    const found = this.#intern(this.#order(place, undefined), false);
    this.#plain[position] = found + 1;
    return found;
  }

  #ruledClass(position: number, place: number, rule: SteeringRule): number {
    const page = this.#ruled.get(rule) ?? new Map<number, number>();
    this.#ruled.set(rule, page);
    const found = page.get(position) ?? this.#intern(this.#order(place, rule), false);
    page.set(position, found);
    return found;
  }

  #order(place: number, rule: SteeringRule | undefined): Tiers {
    const area = areaOf(this.#atlas, place, rule);
    return this.#ordering.reduce((soFar, step) => step.apply(soFar, area), this.#start);
  }

  #intern(tiers: Tiers, isSpecial: boolean): number {
    let branch = isSpecial ? this.#special : this.#ordinary;
    for (const tier of tiers) {
      for (const region of tier) branch = branchOf(branch, region);
      branch = branchOf(branch, endOfTier);
    }
    if (branch.found === undefined) {
      branch.found = this.list.length;
      this.list.push({ tiers, isSpecial, hasTies: tiers.some((tier) => tier.length > 1) });
    }
    return branch.found;
  }
}

/** A tree of orders, region by region: finds an equal order without spelling it out as text. */
interface Branch {
  readonly next: Map<string, Branch>;
  found: number | undefined;
}

/** No region has this id. */
const endOfTier = '';

function startTree(): Branch {
  return { next: new Map(), found: undefined };
}

function branchOf(branch: Branch, word: string): Branch {
  const known = branch.next.get(word);
  if (known !== undefined) return known;
  const fresh = startTree();
  branch.next.set(word, fresh);
  return fresh;
}
