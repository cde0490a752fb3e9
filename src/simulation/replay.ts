// A population replayed through `decide()` before and after a change.

import type { Atlas } from '../model/atlas.ts';
import { RangeCursor } from '../model/range-cursor.ts';
import type { RangeTable } from '../model/ranges.ts';
import { Delays } from './delays.ts';
import { type Crowd, boundsOfSlice, type Rows, type Slice } from './population.ts';
import { ScopeCounter } from './scopes.ts';
import { type Fate, type Scene, Side } from './side.ts';
import { type Losses, Tally } from './tally.ts';
import { emptyTotals, type Totals } from './totals.ts';

export interface ReplayOptions extends Losses {
  /** The same service on both sides, with one region book. */
  readonly before: Scene;
  readonly after: Scene;
  readonly crowd: Crowd;
  readonly slice: Slice;
  /** Autonomous systems; undefined without a database that knows. */
  readonly asns?: RangeTable | undefined;
}

/** Rows between two pauses. */
const rowsPerPause = 256;

/**
 * Counts a slice of the clients of one service; yields how many rows were done since it last did. The
 * sums of all slices together are those of the whole, to the last unit.
 */
export function* replay(options: ReplayOptions): Generator<number, Totals> {
  const totals = emptyTotals();
  const scene = { ...options, totals };
  yield* new FamilyReplay(4, scene).run(options.crowd.v4, options.slice);
  yield* new FamilyReplay(6, scene).run(options.crowd.v6, options.slice);
  return totals;
}

/**
 * Where a step picks by network, a row is decided for each of its networks: of IPv4 for all of them, of
 * IPv6 for this many that are spread evenly over it, since there a single row may have a million.
 */
const sampledV6 = 8;

class FamilyReplay {
  readonly #family: 4 | 6;
  readonly #totals: Totals;
  readonly #before: Counted;
  readonly #after: Counted;
  readonly #atlas: Atlas | undefined;
  readonly #places: RangeCursor | undefined;
  readonly #asns: RangeCursor | undefined;
  readonly #networks: RangeCursor | undefined;
  /** Where any of them comes to an end, a row is cut. */
  readonly #cursors: readonly RangeCursor[];
  readonly #tally: Tally;

  constructor(family: 4 | 6, options: ReplayOptions & { readonly totals: Totals }) {
    const { before, after, asns, totals } = options;
    const { atlas } = after.snapshot;
    const cursorOf = (table: RangeTable): RangeCursor =>
      new RangeCursor(family === 4 ? table.v4 : table.v6);
    this.#family = family;
    this.#totals = totals;
    this.#before = openCounted(before, family);
    this.#after = openCounted(after, family);
    this.#atlas = atlas;
    this.#places = atlas && cursorOf(atlas.ranges);
    this.#asns = asns && cursorOf(asns);
    const delays = new Delays(after.plan.service, after.snapshot.settings.regions);
    this.#networks = delays.networks && cursorOf(delays.networks);
    this.#cursors = [
      ...[this.#places, this.#asns, this.#networks].filter((cursor) => cursor !== undefined),
      this.#before.cursor,
      this.#after.cursor,
    ];
    this.#tally = new Tally(totals, before.book.ids.length, options, delays);
  }

  *run(rows: Rows, slice: Slice): Generator<number> {
    const [from, to] = boundsOfSlice(slice, rows);
    this.#skipScopes(rows, from);
    for (let row = from; row < to; row++) {
      if ((rows.units[row] as number) > 0) this.#row(rows, row);
      if ((row - from) % rowsPerPause === rowsPerPause - 1) yield rowsPerPause;
    }
    yield (to - from) % rowsPerPause;
    this.#totals.scopesBefore += this.#before.scopes.count;
    this.#totals.scopesAfter += this.#after.scopes.count;
  }

  /** Scopes that rows before the slice touch are counted by whoever has those. */
  #skipScopes({ lastHigh, lastLow, units }: Rows, from: number): void {
    let [high, low] = [-1, 0];
    for (let row = 0; row < from; row++) {
      if (units[row] === 0) continue;
      const rowHigh = lastHigh[row] as number;
      const rowLow = lastLow === undefined ? 0 : (lastLow[row] as number);
      if (rowHigh > high || (rowHigh === high && rowLow > low)) [high, low] = [rowHigh, rowLow];
    }
    if (high < 0) return;
    this.#before.scopes.skipTo(high, low);
    this.#after.scopes.skipTo(high, low);
  }

  /** Cuts a row wherever its place, its system or its class on either side changes. */
  #row(rows: Rows, row: number): void {
    const units = rows.units[row] as number;
    const firstHigh = rows.high[row] as number;
    const firstLow = rows.low === undefined ? 0 : (rows.low[row] as number);
    const lastHigh = rows.lastHigh[row] as number;
    const lastLow = rows.lastLow === undefined ? 0 : (rows.lastLow[row] as number);
    const size = span(this.#family, firstHigh, firstLow, lastHigh, lastLow);
    let [high, low, given] = [firstHigh, firstLow, 0];
    for (;;) {
      let [endHigh, endLow] = [lastHigh, lastLow];
      for (const cursor of this.#cursors) {
        cursor.seek(high, low);
        const isShorter =
          cursor.lastHigh < endHigh || (cursor.lastHigh === endHigh && cursor.lastLow < endLow);
        if (isShorter) [endHigh, endLow] = [cursor.lastHigh, cursor.lastLow];
      }
      const done = span(this.#family, firstHigh, firstLow, endHigh, endLow) / size;
      const sum = Math.round(units * done);
      this.#piece(high, low, endHigh, endLow, sum - given);
      given = sum;
      if (endHigh === lastHigh && endLow === lastLow) return;
      const isCarried = this.#family === 4 || endLow === 0xffffffff;
      [high, low] = isCarried ? [endHigh + 1, 0] : [endHigh, endLow + 1];
    }
  }

  #piece(high: number, low: number, lastHigh: number, lastLow: number, units: number): void {
    const before = fateOf(this.#before, this.#family, high, low);
    const after = fateOf(this.#after, this.#family, high, low);
    for (const { side, cursor, scopes } of [this.#before, this.#after]) {
      const isPicked = side.isScopePicked(cursor.value, this.#family, high, low);
      scopes.add(high, low, lastHigh, lastLow, isPicked);
    }
    this.#tally.stand({
      atlas: this.#atlas,
      place: this.#places?.value ?? 0,
      asn: this.#asns?.value ?? 0,
      network: this.#networks?.value ?? 0,
    });
    if (before !== undefined && after !== undefined) {
      this.#tally.count(before, after, units);
      return;
    }
    const first = networkOf(this.#family, high, low);
    const networks = networkOf(this.#family, lastHigh, lastLow) - first + 1;
    const count = this.#family === 4 ? networks : Math.min(networks, sampledV6);
    let given = 0;
    for (let i = 0; i < count; i++) {
      // The first address of the piece may lie inside its network, which is hashed as a whole.
      const [atHigh, atLow] =
        i === 0 ? [high, low] : startOf(this.#family, first + Math.floor((i * networks) / count));
      const sum = Math.round((units * (i + 1)) / count);
      this.#tally.count(
        before ?? this.#before.side.decide(this.#family, atHigh, atLow),
        after ?? this.#after.side.decide(this.#family, atHigh, atLow),
        sum - given,
      );
      given = sum;
    }
  }
}

/** A side with what goes through its ranges. */
interface Counted {
  readonly side: Side;
  readonly cursor: RangeCursor;
  readonly scopes: ScopeCounter;
}

function openCounted(scene: Scene, family: 4 | 6): Counted {
  const side = new Side(scene);
  return { side, cursor: side.cursor(family), scopes: new ScopeCounter(side, family) };
}

function fateOf(
  { side, cursor }: Counted,
  family: 4 | 6,
  high: number,
  low: number,
): Fate | undefined {
  return side.fateOf(cursor.value, family, high, low);
}

/** How many addresses, or /64s, from the first to the last. */
function span(family: 4 | 6, high: number, low: number, lastHigh: number, lastLow: number): number {
  return family === 4 ? lastHigh - high + 1 : (lastHigh - high) * 2 ** 32 + (lastLow - low) + 1;
}

/** The number of the network that is hashed, and where it begins: /20 and /44. */
function networkOf(family: 4 | 6, high: number, low: number): number {
  return family === 4 ? high >>> 12 : high * 4096 + (low >>> 20);
}

function startOf(family: 4 | 6, network: number): readonly [number, number] {
  if (family === 4) return [(network << 12) >>> 0, 0];
  return [Math.floor(network / 4096), ((network % 4096) << 20) >>> 0];
}
