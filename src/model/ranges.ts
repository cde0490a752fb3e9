// Address ranges with a number for each: one search finds an address's number and how wide it holds.

import { type Ip, type Prefix, widthOf } from './ip.ts';

/**
 * A partition of one family's whole address space. Range `i` runs from its start to just before
 * the start of range `i + 1`; the first starts at 0. A start is the top 64 bits of an address as
 * two words; IPv4 fits in `high`, so its `low` is undefined. IPv6 below /64 is never told apart.
 */
export interface Ranges {
  readonly high: Uint32Array;
  readonly low: Uint32Array | undefined;
  readonly values: Uint32Array;
  /** For each value of the top 16 bits, the range in which it starts; one entry more at the end. */
  readonly index: Uint32Array;
}

/** Both families together. */
export interface RangeTable {
  readonly v4: Ranges;
  readonly v6: Ranges;
}

function rangesOf(table: RangeTable, family: 4 | 6): Ranges {
  return family === 4 ? table.v4 : table.v6;
}

/** The position of the range that holds an address. */
function findRange(ranges: Ranges, high: number, low: number): number {
  const top = high >>> 16;
  let from = ranges.index[top] as number;
  let to = ranges.index[top + 1] as number;
  while (from < to) {
    const middle = (from + to + 1) >>> 1;
    const start = ranges.high[middle] as number;
    const isAfter =
      start > high ||
      (start === high && ranges.low !== undefined && (ranges.low[middle] as number) > low);
    if (isAfter) to = middle - 1;
    else from = middle;
  }
  return from;
}

/** The number that belongs to an address. */
export function valueOf(table: RangeTable, ip: Ip): number {
  const ranges = rangesOf(table, ip.family);
  return ranges.values[findRange(ranges, ip.a, ip.b)] as number;
}

/**
 * The length of the widest prefix around an address inside which the number stays the same: what
 * RFC 7871 §7.2.1 calls the scope. At most 32 for IPv4 and 64 for IPv6.
 */
export function scopeOf(table: RangeTable, ip: Ip): number {
  const ranges = rangesOf(table, ip.family);
  const at = findRange(ranges, ip.a, ip.b);
  const width = ip.family === 4 ? 32 : 64;
  let scope = 0;
  if (at > 0) {
    const high = ranges.high[at] as number;
    const low = ranges.low === undefined ? 0 : (ranges.low[at] as number);
    // The last address before this range must lie outside the prefix.
    const before = ip.family === 4 ? high - 1 : low === 0 ? high - 1 : high;
    scope = sharedBits(ip, before, (low - 1) >>> 0) + 1;
  }
  if (at + 1 < ranges.high.length) {
    const high = ranges.high[at + 1] as number;
    const low = ranges.low === undefined ? 0 : (ranges.low[at + 1] as number);
    scope = Math.max(scope, sharedBits(ip, high, low) + 1);
  }
  return Math.min(scope, width);
}

function sharedBits(ip: Ip, high: number, low: number): number {
  if (ip.a !== high) return Math.clz32(ip.a ^ high);
  return ip.family === 4 ? 32 : 32 + Math.clz32(ip.b ^ low);
}

/** Collects ranges in ascending order; neighbours with the same number become one. */
export class RangeBuilder {
  readonly #family: 4 | 6;
  #high: Uint32Array;
  #low: Uint32Array | undefined;
  #values: Uint32Array;
  #count = 0;

  constructor(family: 4 | 6, capacity = 1024) {
    this.#family = family;
    this.#high = new Uint32Array(capacity);
    this.#low = family === 4 ? undefined : new Uint32Array(capacity);
    this.#values = new Uint32Array(capacity);
  }

  /**
   * Starts a range here. A start equal to the last one replaces its number; one before the last is
   * out of order and changes nothing.
   */
  append(high: number, low: number, value: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.#values[last] === value) return;
    if (last >= 0 && !this.#isAfter(high, low, last)) {
      if (this.#isAt(high, low, last)) this.#replace(last, value);
      return;
    }
    if (this.#count === this.#high.length) this.#grow();
    const at = this.#count++;
    this.#high[at] = high;
    if (this.#low !== undefined) this.#low[at] = low;
    this.#values[at] = value;
  }

  #isAfter(high: number, low: number, at: number): boolean {
    const start = this.#high[at] as number;
    return high === start
      ? this.#low !== undefined && low > (this.#low[at] as number)
      : high > start;
  }

  #isAt(high: number, low: number, at: number): boolean {
    return this.#high[at] === high && (this.#low === undefined || this.#low[at] === low);
  }

  #replace(at: number, value: number): void {
    this.#values[at] = value;
    if (at > 0 && this.#values[at - 1] === value) this.#count--;
  }

  #grow(): void {
    const grown = (old: Uint32Array): Uint32Array => {
      const next = new Uint32Array(Math.max(16, old.length * 2));
      next.set(old);
      return next;
    };
    this.#high = grown(this.#high);
    if (this.#low !== undefined) this.#low = grown(this.#low);
    this.#values = grown(this.#values);
  }

  /**
   * The finished partition; `first` covers everything before the first appended start. The arrays are
   * handed over, because copying millions of ranges would hold the thread: the builder starts anew.
   */
  finish(first = 0): Ranges {
    const isFromZero = this.#count > 0 && this.#isAt(0, 0, 0);
    if (!isFromZero) return this.#prepended(first);
    const high = this.#high.subarray(0, this.#count);
    const low = this.#low?.subarray(0, this.#count);
    const values = this.#values.subarray(0, this.#count);
    this.#count = 0;
    this.#high = new Uint32Array(0);
    if (this.#low !== undefined) this.#low = new Uint32Array(0);
    this.#values = new Uint32Array(0);
    return { high, low, values, index: indexOf(high, low) };
  }

  #prepended(first: number): Ranges {
    const whole = new RangeBuilder(this.#family, this.#count + 1);
    whole.append(0, 0, first);
    for (let i = 0; i < this.#count; i++) {
      whole.append(
        this.#high[i] as number,
        this.#low === undefined ? 0 : (this.#low[i] as number),
        this.#values[i] as number,
      );
    }
    this.#count = 0;
    return whole.finish(first);
  }
}

function indexOf(high: Uint32Array, low: Uint32Array | undefined): Uint32Array {
  const index = new Uint32Array(0x10001);
  let at = 0;
  for (let top = 0; top < 0x10000; top++) {
    const start = (top << 16) >>> 0;
    while (
      at + 1 < high.length &&
      ((high[at + 1] as number) < start ||
        ((high[at + 1] as number) === start && (low === undefined || low[at + 1] === 0)))
    ) {
      at++;
    }
    index[top] = at;
  }
  index[0x10000] = high.length - 1;
  return index;
}

/** The first and the last address of a prefix, as top-64-bit words. */
export function boundsOf(prefix: Prefix): { first: [number, number]; last: [number, number] } {
  const { ip, length } = prefix;
  const ones = (bits: number): number =>
    bits >= 32 ? 0 : bits <= 0 ? 0xffffffff : 0xffffffff >>> bits;
  const lastHigh = (ip.a | ones(length)) >>> 0;
  const lastLow = widthOf(ip.family) === 32 ? 0 : (ip.b | ones(length - 32)) >>> 0;
  return { first: [ip.a, ip.b], last: [lastHigh, lastLow] };
}
