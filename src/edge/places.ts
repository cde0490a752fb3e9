// Distinct places, numbered as they first occur: the readers of GeoIP data collect them here.

import type { Atlas } from '../model/atlas.ts';
import { share, sharedWords } from '../model/shared.ts';

/** What an atlas keeps per place, and per place the label by which its reader finds the words. */
export type PlaceColumns = Pick<
  Atlas,
  'size' | 'countries' | 'latitudes' | 'longitudes' | 'radii'
> & { readonly labels: Uint32Array };

/**
 * A hash table with open addressing over typed arrays: with millions of rows a `Map` with text keys
 * takes several times as long. A place's words lie together, so that a look-up touches few cache lines.
 */
export class PlaceTable {
  /** Four words per place: label, latitude, longitude, and country above radius. */
  #words: Int32Array;
  /** Numbers of places, 0 where a slot is free; never more than half are taken. */
  #slots: Uint32Array;
  #size = 1;

  /** `capacity`, a power of two: how many places fit before the table has to grow. */
  constructor(capacity = 1024) {
    this.#words = new Int32Array(capacity * 4);
    this.#slots = new Uint32Array(capacity * 2);
  }

  /**
   * The number of a place, new or known. Degrees times 10,000, radius in km (larger ones become
   * 65,535), country as `packCountry` packs it, a label below 2^31.
   */
  numberOf(
    label: number,
    latitude: number,
    longitude: number,
    radius: number,
    country: number,
  ): number {
    if (this.#size * 4 === this.#words.length) this.#grow();
    const rest = (country << 16) | Math.min(radius, 0xffff);
    const slot = this.#slotOf(label, latitude, longitude, rest);
    const known = this.#slots[slot] as number;
    if (known !== 0) return known;
    const place = this.#size++;
    this.#slots[slot] = place;
    this.#words[place * 4] = label;
    this.#words[place * 4 + 1] = latitude;
    this.#words[place * 4 + 2] = longitude;
    this.#words[place * 4 + 3] = rest;
    return place;
  }

  /** The slot that holds a place, or the free one where it belongs. */
  #slotOf(label: number, latitude: number, longitude: number, rest: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = mix(label, latitude, longitude, rest) & mask;
    for (let place = slots[slot] as number; place !== 0; place = slots[slot] as number) {
      const at = place * 4;
      const isSame =
        words[at] === label &&
        words[at + 1] === latitude &&
        words[at + 2] === longitude &&
        words[at + 3] === rest;
      if (isSame) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let place = 1; place < this.#size; place++) {
      const slot = this.#slotOf(
        words[place * 4] as number,
        words[place * 4 + 1] as number,
        words[place * 4 + 2] as number,
        words[place * 4 + 3] as number,
      );
      this.#slots[slot] = place;
    }
  }

  finish(): PlaceColumns {
    const size = this.#size;
    const labels = sharedWords(size);
    const latitudes = new Int32Array(size);
    const longitudes = new Int32Array(size);
    const radii = new Uint16Array(size);
    const countries = new Uint16Array(size);
    for (let place = 1; place < size; place++) {
      labels[place] = this.#words[place * 4] as number;
      latitudes[place] = this.#words[place * 4 + 1] as number;
      longitudes[place] = this.#words[place * 4 + 2] as number;
      const rest = this.#words[place * 4 + 3] as number;
      radii[place] = rest & 0xffff;
      countries[place] = rest >>> 16;
    }
    return {
      size,
      countries: share(countries),
      latitudes: share(latitudes),
      longitudes: share(longitudes),
      radii: share(radii),
      labels,
    };
  }
}

function mix(label: number, latitude: number, longitude: number, rest: number): number {
  let hash = Math.imul(label, 0x9e3779b1) ^ Math.imul(latitude, 0x85ebca6b);
  hash ^= Math.imul(longitude, 0xc2b2ae35) ^ rest;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
