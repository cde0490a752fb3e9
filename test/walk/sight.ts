// What an observer has really seen of a region, by the manual's rules and none of the program's code.

import type { Patience } from './fleet.ts';

export interface Sight {
  verdict: 'unknown' | 'up' | 'down';
  /** Successes in a row, or failures as a negative number. */
  run: number;
  /** Since the verdict changed, newest last. */
  recent: boolean[];
  /** By the observer's own clock. */
  downSince: number;
}

export function newSight(): Sight {
  return { verdict: 'unknown', run: 0, recent: [], downSince: 0 };
}

/** True when the verdict changed. */
export function look(sight: Sight, isHealthy: boolean, patience: Patience, now: number): boolean {
  const { downAfter, upAfter, holdDown } = patience;
  sight.run = isHealthy ? Math.max(0, sight.run) + 1 : Math.min(0, sight.run) - 1;
  sight.recent = [...sight.recent, isHealthy].slice(-4 * downAfter);
  const failures = sight.recent.filter((each) => !each).length;
  const before = sight.verdict;
  if (before === 'unknown') {
    if (isHealthy) sight.verdict = 'up';
    else if (-sight.run >= Math.min(2, downAfter)) sight.verdict = 'down';
  } else if (before === 'up') {
    const isTooOften = failures >= Math.ceil((5 * downAfter) / 3);
    if (-sight.run >= downAfter || isTooOften) sight.verdict = 'down';
  } else if (sight.run >= upAfter && now - sight.downSince >= holdDown) {
    sight.verdict = 'up';
  }
  if (sight.verdict === before) return false;
  sight.recent = [];
  if (sight.verdict === 'down') sight.downSince = now;
  return true;
}
