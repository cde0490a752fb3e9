// What a replay counts: sums of whole units, so that they are the same however a population is cut.

import type { DecisionState } from '../model/decision.ts';
import type { Region, RegionId } from '../model/region.ts';

/** Every region of either side has a number from 1 on; 0 stands for no region. */
export interface RegionBook {
  readonly ids: readonly RegionId[];
  readonly numbers: ReadonlyMap<RegionId, number>;
}

export function openRegionBook(
  before: ReadonlyMap<RegionId, Region>,
  after: ReadonlyMap<RegionId, Region>,
): RegionBook {
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return { ids, numbers: new Map(ids.map((id, i) => [id, i + 1])) };
}

/** Units by where they are sent before and after, within something that has a number. */
export class Flows {
  readonly #sums: Map<number, number>;
  readonly #side: number;

  /** `regions` is how many have a number; sums are added to those that are there. */
  constructor(regions: number, sums: Map<number, number>) {
    this.#side = regions + 1;
    this.#sums = sums;
  }

  add(place: number, before: number, after: number, units: number): void {
    const key = (place * this.#side + before) * this.#side + after;
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + units);
  }

  *entries(): Generator<Flow> {
    const side = this.#side;
    for (const [key, units] of this.#sums) {
      const rest = Math.floor(key / side);
      yield { place: Math.floor(rest / side), before: rest % side, after: key % side, units };
    }
  }
}

export interface Flow {
  readonly place: number;
  readonly before: number;
  readonly after: number;
  readonly units: number;
}

/** The width of a bucket of distances; the last holds whatever is farther than any place on Earth. */
export const bucketKm = 25;
const buckets = Math.ceil(20_100 / bucketKm);

/** Sums of one service over one slice of a population; copied between threads as it is. */
export interface Totals {
  units: number;
  /** Of clients whom GeoIP does not locate. */
  unlocated: number;
  /** Of clients who end up farther from their region than the limit allows. */
  farther: number;
  /** Of clients whose round trip ends up longer than the limit allows. */
  slower: number;
  /** Of clients who move, and of whom the policy's table says how much slower that is. */
  measured: number;
  /** By packed country, 0 where it is not known. */
  readonly countries: Map<number, number>;
  /** By cell of the map, of located clients. */
  readonly cells: Map<number, number>;
  /** By autonomous system, of those who move; empty without a database that knows. */
  readonly systems: Map<number, number>;
  /** By km to the first region of the answer, in buckets. */
  readonly kmBefore: Float64Array;
  readonly kmAfter: Float64Array;
  readonly statesBefore: Map<DecisionState, number>;
  readonly statesAfter: Map<DecisionState, number>;
  scopesBefore: number;
  scopesAfter: number;
}

export function emptyTotals(): Totals {
  return {
    units: 0,
    unlocated: 0,
    farther: 0,
    slower: 0,
    measured: 0,
    countries: new Map(),
    cells: new Map(),
    systems: new Map(),
    kmBefore: new Float64Array(buckets),
    kmAfter: new Float64Array(buckets),
    statesBefore: new Map(),
    statesAfter: new Map(),
    scopesBefore: 0,
    scopesAfter: 0,
  };
}

/** Adds the sums of another slice. */
export function addTotals(to: Totals, more: Totals): void {
  to.units += more.units;
  to.unlocated += more.unlocated;
  to.farther += more.farther;
  to.slower += more.slower;
  to.measured += more.measured;
  to.scopesBefore += more.scopesBefore;
  to.scopesAfter += more.scopesAfter;
  addSums(to.countries, more.countries);
  addSums(to.cells, more.cells);
  addSums(to.systems, more.systems);
  addSums(to.statesBefore, more.statesBefore);
  addSums(to.statesAfter, more.statesAfter);
  for (let i = 0; i < buckets; i++) {
    to.kmBefore[i] = (to.kmBefore[i] as number) + (more.kmBefore[i] as number);
    to.kmAfter[i] = (to.kmAfter[i] as number) + (more.kmAfter[i] as number);
  }
}

function addSums<Key>(to: Map<Key, number>, more: ReadonlyMap<Key, number>): void {
  for (const [key, units] of more) to.set(key, (to.get(key) ?? 0) + units);
}

export function addDistance(to: Float64Array, km: number, units: number): void {
  const bucket = Math.min(buckets - 1, Math.floor(km / bucketKm));
  to[bucket] = (to[bucket] as number) + units;
}

/** The km that a share of the clients is within, rounded up to a bucket; undefined where there are none. */
export function quantileKm(counts: Float64Array, share: number): number | undefined {
  const all = counts.reduce((sum, units) => sum + units, 0);
  if (all === 0) return undefined;
  let sum = 0;
  const at = counts.findIndex((units) => {
    sum += units;
    return sum >= all * share;
  });
  return (at + 1) * bucketKm;
}
