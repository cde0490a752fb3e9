// Distinct ECS scopes: how many answers a resolver has to keep for one name to serve a population.

import { boundsOf, type RangeTable, scopeOf } from '../model/ranges.ts';
import { maskIp } from '../model/ip.ts';
import { pickLength } from '../steering/hash.ts';
import { addressAt, type Side } from './side.ts';

/** Resolvers send no more than this (RFC 7871 §11.1), so finer scopes are one entry. */
const usefulLength = { 4: 24, 6: 56 } as const;

/**
 * Counts the blocks that rows touch, each once. Rows come in the order of their first addresses, so a
 * block that an earlier row touched ends at or before the last one that was counted.
 */
export class ScopeCounter {
  count = 0;
  readonly #side: Side;
  readonly #family: 4 | 6;
  readonly #table: RangeTable;
  /** The end of the last block that was counted. */
  #high = -1;
  #low = 0xffffffff;

  constructor(side: Side, family: 4 | 6) {
    this.#side = side;
    this.#family = family;
    this.#table = side.areas;
  }

  /** Takes what is before a slice as counted, up to the block that holds this address. */
  skipTo(high: number, low: number): void {
    [this.#high, this.#low] = this.#blockAt(high, low, undefined);
  }

  /** Part of a row, all of one class; `isPicked` where a step picks by network. */
  add(high: number, low: number, lastHigh: number, lastLow: number, isPicked: boolean): void {
    if (!isAfter(lastHigh, lastLow, this.#high, this.#low)) return;
    let [atHigh, atLow] = [high, low];
    if (!isAfter(high, low, this.#high, this.#low)) [atHigh, atLow] = this.#next();
    if (isPicked) {
      this.#addPicked(atHigh, atLow, lastHigh, lastLow);
      return;
    }
    for (;;) {
      this.count++;
      [this.#high, this.#low] = this.#blockAt(atHigh, atLow, false);
      if (!isAfter(lastHigh, lastLow, this.#high, this.#low)) return;
      [atHigh, atLow] = this.#next();
    }
  }

  /** Blocks of a class that is picked within are no wider than the network that is hashed. */
  #addPicked(high: number, low: number, lastHigh: number, lastLow: number): void {
    let [atHigh, atLow] = [high, low];
    for (;;) {
      const scope = scopeOf(this.#table, addressAt(this.#family, atHigh, atLow));
      const isWide = scope < pickLength(this.#family);
      const [endHigh, endLow] = this.#blockAt(atHigh, atLow, !isWide);
      const isLast = !isAfter(lastHigh, lastLow, endHigh, endLow);
      const [toHigh, toLow] = isLast ? [lastHigh, lastLow] : [endHigh, endLow];
      this.count += isWide
        ? this.#networkOf(toHigh, toLow) - this.#networkOf(atHigh, atLow) + 1
        : 1;
      [this.#high, this.#low] = this.#blockAt(toHigh, toLow, true);
      if (isLast) return;
      [atHigh, atLow] = this.#next();
    }
  }

  /** The number of the hashed network that holds an address. */
  #networkOf(high: number, low: number): number {
    return this.#family === 4 ? high >>> 12 : high * 4096 + (low >>> 20);
  }

  /** The last address of the block around an address; whether it is picked within is found out if need be. */
  #blockAt(high: number, low: number, isPicked: boolean | undefined): readonly [number, number] {
    const family = this.#family;
    const ip = addressAt(family, high, low);
    const scope = Math.min(scopeOf(this.#table, ip), usefulLength[family]);
    const picked = isPicked ?? this.#isPickedAt(high, low);
    const length = picked ? Math.max(scope, pickLength(family)) : scope;
    return boundsOf({ ip: maskIp(ip, length), length }).last;
  }

  #isPickedAt(high: number, low: number): boolean {
    const cursor = this.#side.cursor(this.#family);
    cursor.seek(high, low);
    return this.#side.isScopePicked(cursor.value, this.#family, high, low);
  }

  #next(): readonly [number, number] {
    if (this.#family === 4) return [this.#high + 1, 0];
    return this.#low === 0xffffffff ? [this.#high + 1, 0] : [this.#high, this.#low + 1];
  }
}

function isAfter(high: number, low: number, otherHigh: number, otherLow: number): boolean {
  return high > otherHigh || (high === otherHigh && low > otherLow);
}
