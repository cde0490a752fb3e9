// The default population: the internet users of each country, spread over the addresses GeoIP gives it.

import { type Atlas, packCountry } from '../model/atlas.ts';
import type { Ranges } from '../model/ranges.ts';
import { internetUsers, usersSource } from './internet-users.ts';
import type { Population, Rows } from './population.ts';

/** A user is so many units, so that a network with less than one user still counts. */
const unitsPerUser = 1000;

/** How many users in a hundred come by IPv6, in countries that have addresses of both families. */
export const percentV6 = 40;

/** IPv6 allocations differ in size by more than what they are used for: none counts as more than a /32. */
const widestV6 = 2 ** 32;

/** Ranges handled between two pauses. */
const rangesPerSlice = 16_384;

/**
 * Within a country and a family users are spread evenly over the addresses. A territory without a figure
 * has as many users per IPv4 address as the world has on average. Addresses that GeoIP does not know have
 * no users. Pauses often enough for whoever answers queries meanwhile.
 */
export function* worldPopulation(
  atlas: Atlas,
  users: ReadonlyMap<string, number> = internetUsers,
): Generator<void, Population> {
  const v4 = new Spread(atlas, atlas.ranges.v4);
  const v6 = new Spread(atlas, atlas.ranges.v6);
  yield* v4.measure();
  yield* v6.measure();
  share(v4, v6, users);
  const crowd = { v4: yield* v4.rows(), v6: yield* v6.rows() };
  const source = `${usersSource}, over the addresses of ${atlas.source}`;
  return { source, unitsPerClient: unitsPerUser, crowd, byName: new Map() };
}

/** Divides each country's users among its two families. */
function share(v4: Spread, v6: Spread, users: ReadonlyMap<string, number>): void {
  let known = 0;
  let addresses = 0;
  const figures = new Map(Array.from(users, ([code, people]) => [packCountry(code), people]));
  for (const [country, people] of figures) {
    if (v4.sizes[country] === 0) continue;
    known += people;
    addresses += v4.sizes[country] as number;
  }
  const perAddress = addresses === 0 ? 1 : known / addresses;
  for (let country = 1; country < countries; country++) {
    const [size4, size6] = [v4.sizes[country] as number, v6.sizes[country] as number];
    if (size4 === 0 && size6 === 0) continue;
    const people = figures.get(country) ?? (size4 === 0 ? 0 : Math.ceil(size4 * perAddress));
    const units = people * unitsPerUser;
    const units6 = size4 === 0 ? units : size6 === 0 ? 0 : Math.round((units * percentV6) / 100);
    v4.units[country] = units - units6;
    v6.units[country] = units6;
  }
}

/** Packed countries are below this. */
const countries = 0x10000;

/** One family of an atlas: how much of it each country has, then the rows with their units. */
class Spread {
  /** By packed country: what its ranges count for together, and the units that go there. */
  readonly sizes = new Float64Array(countries);
  readonly units = new Float64Array(countries);
  readonly #atlas: Atlas;
  readonly #ranges: Ranges;

  constructor(atlas: Atlas, ranges: Ranges) {
    this.#atlas = atlas;
    this.#ranges = ranges;
  }

  *measure(): Generator<void> {
    const { length } = this.#ranges.high;
    for (let i = 0; i < length; i++) {
      if (i % rangesPerSlice === rangesPerSlice - 1) yield;
      const country = this.#countryAt(i);
      this.sizes[country] = (this.sizes[country] as number) + this.#sizeAt(i);
    }
  }

  /** Each row gets what its country's running sum has grown by, so that the whole is exact. */
  *rows(): Generator<void, Rows> {
    const { high, low } = this.#ranges;
    const { length } = high;
    const lastHigh = new Uint32Array(length);
    const lastLow = low === undefined ? undefined : new Uint32Array(length);
    const units = new Float64Array(length);
    const seen = new Float64Array(countries);
    const given = new Float64Array(countries);
    for (let i = 0; i < length; i++) {
      if (i % rangesPerSlice === rangesPerSlice - 1) yield;
      const nextLow = low === undefined ? 0 : (low[i + 1] ?? 0);
      const nextHigh = high[i + 1] ?? 2 ** 32;
      lastHigh[i] = low === undefined || nextLow === 0 ? nextHigh - 1 : nextHigh;
      if (lastLow !== undefined) lastLow[i] = nextLow - 1;
      const country = this.#countryAt(i);
      if (country === 0) continue;
      const sum = (seen[country] as number) + this.#sizeAt(i);
      seen[country] = sum;
      const part = sum / (this.sizes[country] as number);
      const total = Math.round((this.units[country] as number) * part);
      units[i] = total - (given[country] as number);
      given[country] = total;
    }
    return { high, low, lastHigh, lastLow, units };
  }

  #countryAt(i: number): number {
    return this.#atlas.countries[this.#ranges.values[i] as number] ?? 0;
  }

  #sizeAt(i: number): number {
    const { high, low } = this.#ranges;
    const span = (high[i + 1] ?? 2 ** 32) - (high[i] as number);
    if (low === undefined) return span;
    return Math.min(widestV6, span * 2 ** 32 + (low[i + 1] ?? 0) - (low[i] as number));
  }
}
