// Positions: places that steering cannot tell apart, numbered once for an atlas.

import { type Atlas, packCountry } from '../model/atlas.ts';
import { labelAt } from '../model/labels.ts';
import type { Detail } from './step.ts';

/** GeoIP knows many more places (cities, radii) than distinct pairs of country and coordinates. */
export interface Positions {
  /** Per place of the atlas: the number of its position. */
  readonly of: Uint32Array;
  readonly count: number;
}

const known = new WeakMap<Atlas, Positions>();

/** Places handled between two pauses, and those whose words have to be read. */
const placesPerSlice = 16_384;
const labelsPerSlice = 2048;

/**
 * Numbers from 0, in order of first appearance; the unknown place has a position of its own. Without
 * `details` country and coordinates alone tell places apart.
 */
export function* positionsOf(
  atlas: Atlas,
  details: readonly Detail[] = [],
): Generator<void, Positions> {
  const labels = yield* numberLabels(atlas, details);
  const radii = details.some(({ isRadius }) => isRadius) ? atlas.radii : undefined;
  if (labels ?? radii) return yield* numberPositions(atlas, labels, radii);
  const found = known.get(atlas) ?? (yield* numberPositions(atlas, undefined, undefined));
  known.set(atlas, found);
  return found;
}

/** Per place a number for its subdivision and city, 0 in countries where those do not count. */
function* numberLabels(
  atlas: Atlas,
  details: readonly Detail[],
): Generator<void, Uint32Array | undefined> {
  const wanted = new Set<number>();
  for (const { countries = [] } of details) {
    for (const country of countries) wanted.add(packCountry(country));
  }
  if (wanted.size === 0) return undefined;
  const numbers = new Map<string, number>();
  const labels = new Uint32Array(atlas.size);
  let read = 0;
  for (let place = 1; place < atlas.size; place++) {
    if (place % placesPerSlice === 0) yield;
    if (!wanted.has(atlas.countries[place] as number)) continue;
    if (++read % labelsPerSlice === 0) yield;
    const { subdivision, city } = labelAt(atlas.labels, place);
    const words = `${subdivision}/${city}`;
    const number = numbers.get(words) ?? numbers.size + 1;
    numbers.set(words, number);
    labels[place] = number;
  }
  return labels;
}

/** Open addressing over the places that were seen first, since a Map of 400,000 keys takes seconds. */
function* numberPositions(
  { size, countries, latitudes, longitudes }: Atlas,
  labels: Uint32Array | undefined,
  radii: Uint16Array | undefined,
): Generator<void, Positions> {
  const bits = Math.max(4, 33 - Math.clz32(size));
  const mask = (1 << bits) - 1;
  // A slot holds a place plus one; 0 is free.
  const slots = new Uint32Array(1 << bits);
  const of = new Uint32Array(size);
  let count = 1;
  for (let place = 1; place < size; place++) {
    if (place % placesPerSlice === 0) yield;
    const latitude = latitudes[place] as number;
    const longitude = longitudes[place] as number;
    const country = countries[place] as number;
    const label = labels === undefined ? 0 : (labels[place] as number);
    const radius = radii === undefined ? 0 : (radii[place] as number);
    const mixed =
      Math.imul(latitude, 0x9e3779b1) ^
      Math.imul(longitude + country, 0x85ebca6b) ^
      Math.imul(label, 0xc2b2ae35) ^
      Math.imul(radius, 0x27d4eb2f);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const first = (slots[slot] as number) - 1;
      if (first < 0) {
        slots[slot] = place + 1;
        of[place] = count++;
        break;
      }
      const isSame =
        latitudes[first] === latitude &&
        longitudes[first] === longitude &&
        countries[first] === country &&
        (labels === undefined || labels[first] === label) &&
        (radii === undefined || radii[first] === radius);
      if (isSame) {
        of[place] = of[first] as number;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return { of, count };
}
