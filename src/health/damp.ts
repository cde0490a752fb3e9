// Damping: turns one observer's samples of one region into its opinion.

import type { Opinion, Sample, Verdict } from '../model/health.ts';
import type { Millis } from '../model/time.ts';

/** What damping remembers of one region from sample to sample; never changed in place. */
export interface Damper {
  readonly opinion: Opinion;
  /** Successes in a row, or failures in a row as a negative number; 0 before the first sample. */
  readonly run: number;
  /** Results since the verdict last changed, newest last, as far as the leaky count looks back. */
  readonly recent: readonly boolean[];
  /** Latencies of the latest successes, newest last. */
  readonly latencies: readonly Millis[];
}

/** The thresholds of a probe, in samples in a row, at least 1. */
export interface Thresholds {
  readonly downAfter: number;
  readonly upAfter: number;
}

/** How many latencies the median is taken over: odd, and short enough to follow a change. */
const latencyWindow = 5;

export function startDamper(now: Millis): Damper {
  const opinion: Opinion = {
    verdict: 'unknown',
    since: now,
    latency: undefined,
    reason: '',
    isSuspect: false,
  };
  return { opinion, run: 0, recent: [], latencies: [] };
}

/**
 * Takes in one sample, which is not blind. A final one needs no other. While the verdict is `unknown`, one success makes it `up`: a start must not
 * take `upAfter` intervals. Two failures in a row (one if `downAfter` is 1) make it `down`: one may
 * be a lost packet, and a wrong `down` costs `upAfter` intervals to undo, while a director that
 * starts during an outage needs only one sample more to say so.
 */
export function addSample(
  damper: Damper,
  sample: Sample,
  thresholds: Thresholds,
  now: Millis,
): Damper {
  const before = damper.opinion;
  const leak = leakOf(thresholds);
  const run = sample.isHealthy ? Math.max(0, damper.run) + 1 : Math.min(0, damper.run) - 1;
  const recent = [...damper.recent, sample.isHealthy].slice(-leak.window);
  const failures = recent.filter((isHealthy) => !isHealthy).length;
  const latencies = sample.isHealthy
    ? [...damper.latencies, sample.latency].slice(-latencyWindow)
    : damper.latencies;
  const hasLeaked = failures >= leak.failures;
  const verdict =
    sample.isFinal === true ? 'down' : nextVerdict(before.verdict, run, hasLeaked, thresholds);
  const isNew = verdict !== before.verdict;
  const isLeaking = failures * 2 > leak.failures;
  const opinion: Opinion = {
    verdict,
    since: isNew ? now : before.since,
    latency: median(latencies),
    reason: sample.isHealthy ? '' : sample.reason,
    isSuspect: !isNew && contradicts(verdict, run, isLeaking),
  };
  return { opinion, run, recent: isNew ? [] : recent, latencies };
}

export function opinionOf(damper: Damper): Opinion {
  return damper.opinion;
}

/** How few samples more could overturn an opinion, by what a vote tells of it. */
export function fewestToOverturn(
  { verdict, isSuspect }: Pick<Opinion, 'verdict' | 'isSuspect'>,
  thresholds: Thresholds,
): number {
  if (verdict === 'unknown' || isSuspect) return 1;
  if (verdict === 'down') return thresholds.upAfter;
  // Without suspicion the last sample was healthy, and the leaky count is at most half full.
  const { failures } = leakOf(thresholds);
  return Math.min(thresholds.downAfter, Math.ceil(failures / 2));
}

/**
 * The leaky count that catches a region failing often but never `downAfter` times in a row: 5
 * failures in 12 samples at the default of 3, and the same share at any other (5/3 and 4 times
 * `downAfter`, rounded up), so that patience in a row and patience overall grow together.
 */
function leakOf({ downAfter }: Thresholds): { failures: number; window: number } {
  return { failures: Math.ceil((downAfter * 5) / 3), window: downAfter * 4 };
}

function nextVerdict(
  verdict: Verdict,
  run: number,
  hasLeaked: boolean,
  { downAfter, upAfter }: Thresholds,
): Verdict {
  if (verdict === 'up') return hasLeaked || -run >= downAfter ? 'down' : 'up';
  if (verdict === 'down') return run >= upAfter ? 'up' : 'down';
  if (run > 0) return 'up';
  return -run >= Math.min(2, downAfter) ? 'down' : 'unknown';
}

/** `up` stays suspect between interleaved failures, once the leaky count is past half. */
function contradicts(verdict: Verdict, run: number, isLeaking: boolean): boolean {
  if (verdict === 'up') return run < 0 || isLeaking;
  return verdict === 'down' && run > 0;
}

/** The lower of the two middle values when the count is even. */
function median(values: readonly Millis[]): Millis | undefined {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 1];
}
