// The fleet's sum of a step: what directors measured, each of its own answers, added up.

import { curveMoments, type StepMeasure } from '../model/drill-measure.ts';

/**
 * Of one director, its own figures. Of several, counts are added; the first moved answer is that of
 * the last director where anybody asked that should move, and null where one of them moved nobody;
 * times at which shares had asked are rounded up to `curveMoments`.
 */
export function addSteps(steps: readonly StepMeasure[]): Omit<StepMeasure, 'share' | 'heard'> {
  // Who was asked by none of the region's clients can say nothing of when they come back.
  const seen = steps.filter(({ networks }) => networks > 0);
  const [alone] = seen;
  if (alone !== undefined && seen.length === 1) return alone;
  const count = (read: (step: StepMeasure) => number): number => sumOf(seen, read);
  const networks = count((step) => step.networks);
  const reach = Math.max(0, ...seen.map(({ curve }) => curve.length));
  const curve = Array.from({ length: reach }, (_, i) =>
    count((step) => step.curve[Math.min(i, step.curve.length - 1)] ?? 0),
  );
  const timeOf = (share: number): number | null => {
    const at = curve.findIndex((asked) => asked >= Math.ceil(share * networks));
    return networks === 0 || at < 0 ? null : (curveMoments[at] ?? null);
  };
  return {
    networks,
    asked: count((step) => step.asked),
    moved: count((step) => step.moved),
    due: count((step) => step.due),
    firstMoved: lastOf(seen.filter(({ due }) => due > 0).map(({ firstMoved }) => firstMoved)),
    askedAgain: { 50: timeOf(0.5), 90: timeOf(0.9), 99: timeOf(0.99) },
    curve,
  };
}

function lastOf(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length < times.length || known.length === 0 ? null : Math.max(...known);
}

export function sumOf<T>(rows: readonly T[], read: (row: T) => number): number {
  return rows.reduce((sum, row) => sum + read(row), 0);
}
