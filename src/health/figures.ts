// Figures: keeps what the answers to one observer's probes told of a region's load, and adds it up.

import type { Figure, FigureKind } from '../model/figure.ts';
import type { HttpProbe } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';

/** What each place last told, by probe and place; never changed in place. */
export type FigureBook = ReadonlyMap<string, HeldFigure>;

interface HeldFigure {
  readonly as: FigureKind;
  /** Undefined until it is known: before the first answer, or the second one of a counter. */
  readonly value: number | undefined;
  /** When that was told. */
  readonly at: Millis;
  /** Where a counter stood then. */
  readonly count: number | undefined;
}

/** The load of a region as far as answers told it. */
export interface FigureSum {
  readonly load: number | undefined;
  readonly connections: number | undefined;
  /** Of a second. */
  readonly requests: number | undefined;
  /** When the newest of it was told. */
  readonly at: Millis;
}

/** Every place of a page of its own has to tell; of a probe's answer those that once did. */
export function startFigures(gauges: readonly HttpProbe[]): FigureBook {
  const never = millis(Number.NEGATIVE_INFINITY);
  return new Map(
    gauges.flatMap(({ tells = [] }, page) =>
      tells.map(({ as }, place) => [
        figureKey('gauge', page, place),
        { as, value: undefined, at: never, count: undefined },
      ]),
    ),
  );
}

/** Takes in what one answer told, `told` in the order of its places. A place that told nothing keeps what it told. */
export function takeFigures(
  book: FigureBook,
  [kind, probe]: readonly ['probe' | 'gauge', number],
  told: readonly (Figure | undefined)[],
  now: Millis,
): FigureBook {
  const next = new Map(book);
  for (const [place, figure] of told.entries()) {
    if (figure === undefined) continue;
    const key = figureKey(kind, probe, place);
    next.set(key, hold(figure, book.get(key), now));
  }
  return next;
}

/** What a page last told at one of its places; undefined where it is not known, or no longer. */
export function toldAt(book: FigureBook, page: number, place: number): number | undefined {
  return book.get(figureKey('gauge', page, place))?.value;
}

/**
 * Of several loads the highest, of connections and requests the sum; a kind of which some place has
 * told nothing for as long as `lifetime` is not known, since a part of a sum would look like less
 * load. Undefined where no kind is known.
 */
export function sumFigures(book: FigureBook, lifetime: Millis, now: Millis): FigureSum | undefined {
  const load = known('load', book, lifetime, now);
  const connections = known('connections', book, lifetime, now);
  const requests = known('requests', book, lifetime, now);
  const all = [load, connections, requests].flatMap((held) => held ?? []);
  if (all.length === 0) return undefined;
  return {
    load: load && Math.max(...valuesOf(load)),
    connections: connections && Math.round(total(connections)),
    requests: requests && total(requests),
    at: millis(Math.max(...all.map(({ at }) => at))),
  };
}

function figureKey(kind: 'probe' | 'gauge', probe: number, place: number): string {
  return `${kind} ${probe} ${place}`;
}

/** A counter that stands lower than before was started anew: its rate is known the next time. */
function hold(figure: Figure, last: HeldFigure | undefined, now: Millis): HeldFigure {
  const { as, value } = figure;
  if (!figure.isCounter) return { as, value, at: now, count: undefined };
  const grown = value - (last?.count ?? Number.NaN);
  const span = now - (last?.at ?? now);
  if (!(grown >= 0) || span <= 0) return { as, value: undefined, at: now, count: value };
  return { as, value: (grown * 1000) / span, at: now, count: value };
}

/** Undefined where a place is silent, or where there is none. */
function known(
  kind: FigureKind,
  book: FigureBook,
  lifetime: Millis,
  now: Millis,
): readonly HeldFigure[] | undefined {
  const held = [...book.values()].filter(({ as }) => as === kind);
  const isKnown = held.every(({ value, at }) => value !== undefined && now - at <= lifetime);
  return isKnown && held.length > 0 ? held : undefined;
}

function valuesOf(held: readonly HeldFigure[]): number[] {
  return held.flatMap(({ value }) => value ?? []);
}

function total(held: readonly HeldFigure[]): number {
  return valuesOf(held).reduce((sum, value) => sum + value, 0);
}
