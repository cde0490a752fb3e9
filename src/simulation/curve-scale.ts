// The time axis that failover curves are drawn on, in a terminal and on a page.

import { type FailoverCurve, quantiles } from './curve.ts';

/** Square roots: most happens in the first minute, and the last client may take an hour. */
export interface TimeScale {
  /** Milliseconds at the right end. */
  readonly end: number;
  /** From 0 at the left end to 1; later moments are at the right end. */
  place(moment: number): number;
  /** The moment at a place. */
  at(place: number): number;
  /** Round moments, far enough apart to be written beside each other. */
  readonly ticks: readonly number[];
}

const second = 1000;

const minute = 60 * second;

const rounds = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600].map((each) => each * second);

/** Shortest way from one tick to the next, as a part of the axis. */
const gap = 0.12;

/** Long enough to see the slowest hundredth begin, and no longer than an hour. */
export function timeScaleOf(curves: readonly Pick<FailoverCurve, 'left'>[]): TimeScale {
  const slowest = Math.max(
    ...curves.flatMap(({ left }) => quantiles.map((each) => left[each] ?? 60 * minute)),
  );
  const end = rounds.find((each) => each >= minute && each >= slowest * 1.15) ?? 60 * minute;
  const place = (moment: number): number => Math.sqrt(Math.max(0, Math.min(1, moment / end)));
  const ticks = [0];
  for (const moment of rounds.filter((each) => each <= end).toReversed()) {
    const next = ticks[1] ?? Number.POSITIVE_INFINITY;
    if (moment === end || place(next) - place(moment) >= gap) ticks.splice(1, 0, moment);
  }
  return {
    end,
    place,
    at: (part) => part ** 2 * end,
    ticks: ticks.filter((each, i) => i === 0 || place(each) >= gap),
  };
}
