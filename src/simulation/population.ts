// Who asks: networks with the number of clients behind each, in the order of their addresses.

import type { DomainName } from '../model/name.ts';

/**
 * Ranges of one family in ascending order of their first address, which may overlap. Addresses are
 * their top 64 bits as two words, as in `Ranges`: IPv4 fits in `high`, and its `low` is undefined.
 */
export interface Rows {
  readonly high: Uint32Array;
  readonly low: Uint32Array | undefined;
  readonly lastHigh: Uint32Array;
  readonly lastLow: Uint32Array | undefined;
  /** Clients in each, in units: whole numbers, so that sums are exact in any order. */
  readonly units: Float64Array;
}

/** The rows of both families. */
export interface Crowd {
  readonly v4: Rows;
  readonly v6: Rows;
}

export interface Population {
  /** What it is and where it comes from, such as `clients.csv`. */
  readonly source: string;
  /** How many units make one client, or whatever the source counts. */
  readonly unitsPerClient: number;
  /** Who asks for every service that has no crowd of its own. */
  readonly crowd: Crowd;
  /** Who asks for one name alone. */
  readonly byName: ReadonlyMap<DomainName, Crowd>;
}

/** A part of a population: rows `index` of `of` equal runs, cut between rows. */
export interface Slice {
  readonly index: number;
  readonly of: number;
}

export const wholeSlice: Slice = { index: 0, of: 1 };

export function crowdOf(population: Population, name: DomainName): Crowd {
  return population.byName.get(name) ?? population.crowd;
}

/** Units of everyone, in all crowds. */
export function unitsOf({ crowd, byName }: Population): number {
  const columns = [crowd, ...byName.values()].flatMap(({ v4, v6 }) => [v4.units, v6.units]);
  return columns.reduce((sum, units) => units.reduce((x, y) => x + y, sum), 0);
}

/** The first row of a slice, and the one after its last. */
export function boundsOfSlice({ index, of }: Slice, rows: Rows): readonly [number, number] {
  const { length } = rows.units;
  return [Math.floor((index * length) / of), Math.floor(((index + 1) * length) / of)];
}

/** How many rows there are of both families. */
export function sizeOf({ v4, v6 }: Crowd): number {
  return v4.units.length + v6.units.length;
}
