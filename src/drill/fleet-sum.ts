// The fleet's sum of a step: what directors measured, each of its own answers, added up.

import { curveMoments, type StepMeasure } from '../model/drill-measure.ts';

/**
 * Of one director, its own figures. Of several, counts are added; the first moved answer is that of
 * the last director where anybody asked that should move, and null where one of them moved nobody;
 * a time at which a share had asked is known to `curveMoments`, or as that of the slowest director, whichever
 * is sooner: at the latest then it was so.
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
  const timeOf = (percent: keyof StepMeasure['askedAgain']): number | null => {
    const at = curve.findIndex((asked) => asked >= Math.ceil((Number(percent) / 100) * networks));
    const moment = networks === 0 || at < 0 ? null : (curveMoments[at] ?? null);
    // Once that share of each has asked, it is that share of all.
    const slowest = lastOf(seen.map(({ askedAgain }) => askedAgain[percent]));
    return moment === null || slowest === null ? (moment ?? slowest) : Math.min(moment, slowest);
  };
  return {
    networks,
    asked: count((step) => step.asked),
    moved: count((step) => step.moved),
    due: count((step) => step.due),
    firstMoved: lastOf(seen.filter(({ due }) => due > 0).map(({ firstMoved }) => firstMoved)),
    askedAgain: { 50: timeOf('50'), 90: timeOf('90'), 99: timeOf('99') },
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
