// The busiest keys of a stream, in a table of fixed size that says how far each count may be off.

import {
  type Busy,
  type Columns,
  copyColumns,
  createColumns,
  readEntry,
  sureOf,
  writeEntry,
} from './columns.ts';
import type { Key } from './tabulation.ts';

/** How many regions are told apart; further ones are counted together, as region 0. */
export const mostRegions = 1024;

/**
 * Space-Saving (Metwally, Agrawal and El Abbadi, 2005) with weights: of a total N over a capacity K every
 * key with more than N / K is held, each held key's true weight lies from `count - error` to `count`, and
 * no error is above N / K. What is not surely one of the held keys' is counted by the region that it was
 * last sent to. Memory is set by the capacity: at most 57 octets a key, and 8 a region. A call costs one
 * search in a hash table that is at most half full, and a walk of log K in a heap.
 */
export class Busiest {
  readonly capacity: number;
  /** Weight that no held key surely has, by region. */
  readonly lost = new Float64Array(mostRegions);
  #size = 0;
  /** What a key may have had that is not held though there is room: of a smaller table before. */
  #floor: number;
  readonly #columns: Columns;
  readonly #mask: number;
  /** Number of an entry plus one; 0 is free. */
  readonly #table: Uint32Array;
  /** Entries with the smallest count first, and where each stands. */
  readonly #heap: Uint32Array;
  readonly #places: Uint32Array;

  constructor(capacity: number, floor = 0) {
    this.capacity = capacity;
    this.#floor = floor;
    this.#columns = createColumns(capacity);
    const slots = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = slots - 1;
    this.#table = new Uint32Array(slots);
    this.#heap = new Uint32Array(capacity);
    this.#places = new Uint32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** What a key that is not held has had at most. */
  get floor(): number {
    return this.#size < this.capacity ? this.#floor : this.#countAt(0);
  }

  /** `hash` is the key's, and always the same for it. */
  add(hash: number, key: Key, weight: number, region: number): void {
    const slot = this.#find(hash, key);
    const held = this.#table[slot] as number;
    if (held !== 0) {
      const { count, region: regions } = this.#columns;
      count[held - 1] = (count[held - 1] as number) + weight;
      regions[held - 1] = region;
      this.#sink(this.#places[held - 1] as number);
      return;
    }
    const error = this.floor;
    const { tag, a, b, asked } = key;
    const busy = { hash, tag, a, b, asked, region, count: error + weight, error };
    if (this.#size < this.capacity) return this.#append(slot, busy);
    const entry = this.#heap[0] as number;
    this.#forget(entry);
    // What stood behind the one that went may have moved up.
    this.#table[this.#find(hash, key)] = entry + 1;
    writeEntry(this.#columns, entry, busy);
    this.#sink(0);
  }

  /** Puts back what was read; false when there is no room for it, or it is there. */
  restore(busy: Busy): boolean {
    const slot = this.#find(busy.hash, busy);
    if (this.#size === this.capacity || this.#table[slot] !== 0) return false;
    this.#append(slot, busy);
    return true;
  }

  /** Every weight so far counts for so much of what it did; no order changes. */
  scale(factor: number): void {
    this.#floor *= factor;
    for (const weights of [this.#columns.count, this.#columns.error, this.lost]) {
      for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] as number) * factor;
    }
  }

  /** The held keys as they are now, in no order, whatever is added while they are looked through. */
  all(): Generator<Busy> {
    return readAll(copyColumns(this.#columns, this.#size), this.#size);
  }

  /** What surely belongs to held keys, each rounded to a whole number. */
  inside(): number {
    let sum = 0;
    for (let entry = 0; entry < this.#size; entry++)
      sum += Math.round(sureOf(this.#columns, entry));
    return sum;
  }

  /** The `most` keys that surely have the largest weights, largest first. */
  top(most: number): Busy[] {
    if (most === 0) return [];
    const columns = this.#columns;
    const sure = Float64Array.from({ length: this.#size }, (_, entry) => sureOf(columns, entry));
    const least = sure.toSorted()[Math.max(0, this.#size - most)] ?? 0;
    const found: number[] = [];
    for (const [entry, weight] of sure.entries()) if (weight >= least) found.push(entry);
    // Where many have as much as the last one, more are found than are wanted.
    found.sort((x, y) => (sure[y] as number) - (sure[x] as number));
    return found.slice(0, most).map((entry) => readEntry(columns, entry));
  }

  /** The slot of a key, or the free one where it would go. */
  #find(hash: number, { tag, a, b, asked }: Key): number {
    const columns = this.#columns;
    let slot = hash & this.#mask;
    for (let held = this.#table[slot] as number; held !== 0; held = this.#table[slot] as number) {
      const entry = held - 1;
      const isIt =
        columns.hash[entry] === hash &&
        columns.a[entry] === a &&
        columns.b[entry] === b &&
        columns.asked[entry] === asked &&
        columns.tag[entry] === tag;
      if (isIt) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #append(slot: number, busy: Busy): void {
    const entry = this.#size++;
    this.#table[slot] = entry + 1;
    writeEntry(this.#columns, entry, busy);
    this.#put(entry, entry);
    this.#rise(entry);
  }

  /** Takes an entry out of the table; those behind it close the gap (Knuth, The Art, 6.4, algorithm R). */
  #forget(entry: number): void {
    const { hash, region } = this.#columns;
    const lostTo = region[entry] as number;
    this.lost[lostTo] = (this.lost[lostTo] as number) + sureOf(this.#columns, entry);
    const mask = this.#mask;
    let gap = (hash[entry] as number) & mask;
    while (this.#table[gap] !== entry + 1) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      const held = this.#table[slot] as number;
      const home = (hash[held - 1] as number) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      this.#table[gap] = held;
      gap = slot;
    }
    this.#table[gap] = 0;
  }

  /** Lets an entry whose count has grown go down to where it belongs. */
  #sink(from: number): void {
    const entry = this.#heap[from] as number;
    const count = this.#countAt(from);
    let place = from;
    for (let child = 1 + 2 * place; child < this.#size; child = 1 + 2 * place) {
      if (child + 1 < this.#size && this.#countAt(child + 1) < this.#countAt(child)) child++;
      if (this.#countAt(child) >= count) break;
      this.#put(place, this.#heap[child] as number);
      place = child;
    }
    this.#put(place, entry);
  }

  #rise(from: number): void {
    const entry = this.#heap[from] as number;
    const count = this.#countAt(from);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#countAt(parent) <= count) break;
      this.#put(place, this.#heap[parent] as number);
      place = parent;
    }
    this.#put(place, entry);
  }

  #countAt(place: number): number {
    return this.#columns.count[this.#heap[place] as number] as number;
  }

  #put(place: number, entry: number): void {
    this.#heap[place] = entry;
    this.#places[entry] = place;
  }
}

function* readAll(columns: Columns, size: number): Generator<Busy> {
  for (let entry = 0; entry < size; entry++) yield readEntry(columns, entry);
}
