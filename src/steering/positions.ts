// Positions: places that steering cannot tell apart, numbered once for an atlas.

import type { Atlas } from '../model/atlas.ts';

/** GeoIP knows many more places (cities, radii) than distinct pairs of country and coordinates. */
export interface Positions {
  /** Per place of the atlas: the number of its position. */
  readonly of: Uint32Array;
  readonly count: number;
}

const known = new WeakMap<Atlas, Positions>();

/** Places handled between two pauses. */
const placesPerSlice = 16_384;

/** Numbers from 0, in order of first appearance; the unknown place has a position of its own. */
export function* positionsOf(atlas: Atlas): Generator<void, Positions> {
  const found = known.get(atlas) ?? (yield* numberPositions(atlas));
  known.set(atlas, found);
  return found;
}

/** Open addressing over the places that were seen first, since a Map of 400,000 keys takes seconds. */
function* numberPositions(atlas: Atlas): Generator<void, Positions> {
  const { size, countries, latitudes, longitudes } = atlas;
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
    const mixed = Math.imul(latitude, 0x9e3779b1) ^ Math.imul(longitude + country, 0x85ebca6b);
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
        countries[first] === country;
      if (isSame) {
        of[place] = of[first] as number;
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return { of, count };
}
