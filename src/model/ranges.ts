// Address ranges with a number for each: one search finds an address's number and how wide it holds.

import { type Ip, type Prefix, widthOf } from './ip.ts';
import { sharedWords } from './shared.ts';

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
export function findRange(ranges: Ranges, high: number, low: number): number {
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

/** The position, in the ranges of its family, of the one that holds an address. */
export function positionOf(table: RangeTable, ip: Ip): number {
  return findRange(rangesOf(table, ip.family), ip.a, ip.b);
}

/** The number that belongs to an address; whoever knows its position already says so. */
export function valueOf(table: RangeTable, ip: Ip, at = positionOf(table, ip)): number {
  return rangesOf(table, ip.family).values[at] as number;
}

/**
 * The length of the widest prefix around an address inside which the number stays the same: what
 * RFC 7871 §7.2.1 calls the scope. At most 32 for IPv4 and 64 for IPv6.
 */
export function scopeOf(table: RangeTable, ip: Ip, at = positionOf(table, ip)): number {
  const ranges = rangesOf(table, ip.family);
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

/** Ranges collected together: in pieces, so that memory given up can go back to the system. */
const chunkSize = 32_768;

interface Chunk {
  readonly high: Uint32Array;
  readonly low: Uint32Array | undefined;
  readonly values: Uint32Array;
}

function makeChunk(family: 4 | 6, size: number, make: (size: number) => Uint32Array): Chunk {
  return {
    high: make(size),
    low: family === 4 ? undefined : make(size),
    values: make(size),
  };
}

/** Collects ranges in ascending order; neighbours with the same number become one. */
export class RangeBuilder {
  readonly #family: 4 | 6;
  #chunks: Chunk[] = [];
  #count = 0;

  constructor(family: 4 | 6) {
    this.#family = family;
  }

  /**
   * Starts a range here. A start equal to the last one replaces its number; one before the last is
   * out of order and changes nothing.
   */
  append(high: number, low: number, value: number): void {
    const last = this.#count - 1;
    if (last >= 0) {
      const chunk = this.#chunkOf(last);
      const at = last % chunkSize;
      if (chunk.values[at] === value) return;
      const lastHigh = chunk.high[at] as number;
      const lastLow = chunk.low === undefined ? low : (chunk.low[at] as number);
      if (high < lastHigh || (high === lastHigh && low < lastLow)) return;
      if (high === lastHigh && low === lastLow) {
        this.#replace(last, value);
        return;
      }
    }
    this.#push(high, low, value);
  }

  #chunkOf(position: number): Chunk {
    return this.#chunks[Math.floor(position / chunkSize)] as Chunk;
  }

  #push(high: number, low: number, value: number): void {
    const position = this.#count++;
    if (position === this.#chunks.length * chunkSize) {
      this.#chunks.push(makeChunk(this.#family, chunkSize, (size) => new Uint32Array(size)));
    }
    const chunk = this.#chunkOf(position);
    const at = position % chunkSize;
    chunk.high[at] = high;
    if (chunk.low !== undefined) chunk.low[at] = low;
    chunk.values[at] = value;
  }

  #replace(last: number, value: number): void {
    this.#chunkOf(last).values[last % chunkSize] = value;
    const isSameAsBefore =
      last > 0 && this.#chunkOf(last - 1).values[(last - 1) % chunkSize] === value;
    if (isSameAsBefore) this.#count--;
  }

  /** The finished partition, in memory that threads share; `first` covers everything before the first start. The builder starts anew. */
  finish(first = 0): Ranges {
    const finishing = this.finishInSlices(first);
    for (;;) {
      const step = finishing.next();
      if (step.done === true) return step.value;
    }
  }

  /** The same with pauses, for whoever must not be held up by millions of ranges. */
  *finishInSlices(first = 0): Generator<void, Ranges> {
    const opening = this.#chunks[0];
    const isEmpty = this.#count === 0;
    const isFromZero = !isEmpty && opening?.high[0] === 0 && (opening.low?.[0] ?? 0) === 0;
    const isSameNumber = !isEmpty && opening?.values[0] === first;
    // What comes before the first start is a range of its own, or lengthens the first.
    const lead = isFromZero || isSameNumber ? 0 : 1;
    const whole = makeChunk(this.#family, this.#count + lead, sharedWords);
    whole.values[0] = first;
    for (const [i, chunk] of this.#chunks.entries()) {
      const taken = Math.max(0, Math.min(chunkSize, this.#count - i * chunkSize));
      const at = lead + i * chunkSize;
      whole.high.set(chunk.high.subarray(0, taken), at);
      if (chunk.low !== undefined) whole.low?.set(chunk.low.subarray(0, taken), at);
      whole.values.set(chunk.values.subarray(0, taken), at);
      yield;
    }
    whole.high[0] = 0;
    if (whole.low !== undefined) whole.low[0] = 0;
    this.#chunks = [];
    this.#count = 0;
    return { ...whole, index: yield* indexOf(whole.high, whole.low) };
  }
}

/** Ranges passed between two pauses, about. */
const rangesPerSlice = 65_536;

function* indexOf(high: Uint32Array, low: Uint32Array | undefined): Generator<void, Uint32Array> {
  const index = sharedWords(0x10001);
  let at = 0;
  let paused = 0;
  for (let top = 0; top < 0x10000; top++) {
    if (at - paused > rangesPerSlice) {
      paused = at;
      yield;
    }
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
