// Slots: a number for each hash, from a table that is made once and never grows.

/** Open addressing in a table that is at most half full. */
export class Slots {
  readonly capacity: number;
  size = 0;
  readonly #mask: number;
  /** Number plus one; 0 is free. */
  readonly #table: Uint32Array;
  readonly #hashes: Uint32Array;

  constructor(capacity: number) {
    const places = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.capacity = capacity;
    this.#mask = places - 1;
    this.#table = new Uint32Array(places);
    this.#hashes = new Uint32Array(capacity);
  }

  /** -1 for a hash that has none. */
  find(hash: number): number {
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const slot = (this.#table[place] as number) - 1;
      if (slot < 0 || this.#hashes[slot] === hash >>> 0) return slot;
    }
  }

  /** Gives the next number to a hash that has none; -1 where there is no room. */
  add(hash: number): number {
    if (this.size >= this.capacity) return -1;
    let place = hash & this.#mask;
    while (this.#table[place] !== 0) place = (place + 1) & this.#mask;
    const slot = this.size++;
    this.#hashes[slot] = hash;
    this.#table[place] = slot + 1;
    return slot;
  }

  clear(): void {
    this.size = 0;
    this.#table.fill(0);
  }
}
