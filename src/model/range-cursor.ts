// A place in a partition of the address space, for whoever goes through it in order.

import { findRange, type Ranges } from './ranges.ts';

/** Stands in one range at a time; moving on to the next one costs no search. */
export class RangeCursor {
  /** The number of the range, and its last address as top-64-bit words. */
  value = 0;
  lastHigh = 0;
  lastLow = 0;
  readonly #ranges: Ranges;
  #at = 0;
  #high = 0;
  #low = 0;

  constructor(ranges: Ranges) {
    this.#ranges = ranges;
    this.#stand(0);
  }

  /** Goes to the range that holds an address. */
  seek(high: number, low: number): void {
    if (this.#holds(high, low)) return;
    if (this.#at + 1 < this.#ranges.high.length) {
      this.#stand(this.#at + 1);
      if (this.#holds(high, low)) return;
    }
    this.#stand(findRange(this.#ranges, high, low));
  }

  #holds(high: number, low: number): boolean {
    const isAfterStart = high > this.#high || (high === this.#high && low >= this.#low);
    return (
      isAfterStart && (high < this.lastHigh || (high === this.lastHigh && low <= this.lastLow))
    );
  }

  #stand(at: number): void {
    const { high, low, values } = this.#ranges;
    this.#at = at;
    this.value = values[at] as number;
    this.#high = high[at] as number;
    this.#low = low === undefined ? 0 : (low[at] as number);
    if (at + 1 === high.length) {
      this.lastHigh = 0xffffffff;
      this.lastLow = low === undefined ? 0 : 0xffffffff;
      return;
    }
    const nextHigh = high[at + 1] as number;
    const nextLow = low === undefined ? 0 : (low[at + 1] as number);
    const isBorrowed = low === undefined || nextLow === 0;
    this.lastHigh = isBorrowed ? nextHigh - 1 : nextHigh;
    this.lastLow = low === undefined ? 0 : (nextLow - 1) >>> 0;
  }
}
