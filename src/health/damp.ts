// Damping: turns one observer's samples of one region into its opinion.

import type { Opinion, Sample, Verdict } from '../model/health.ts';
import { formatMoment, formatSpan, type Millis, millis } from '../model/time.ts';
import { addFlap, describeFlaps, type Flaps, noFlaps, shiftFlaps } from './flap.ts';

/** What damping remembers of one region from sample to sample; never changed in place. */
export interface Damper {
  readonly opinion: Opinion;
  /** What the thresholds alone say: `up` while the opinion is still held down. */
  readonly bare: Verdict;
  /** Successes in a row, or failures in a row as a negative number; 0 before the first sample. */
  readonly run: number;
  /** Results since `bare` or the opinion last changed, newest last, as far as the leaky count looks back. */
  readonly recent: readonly boolean[];
  /** Latencies of the latest successes, newest last. */
  readonly latencies: readonly Millis[];
  /** When the last sample came. */
  readonly at: Millis;
  /** Until then the opinion stays `down`, since it became so a short while ago. */
  readonly heldUntil: Millis;
  readonly flaps: Flaps;
}

/** How patient an observer is with a region. */
export interface Patience {
  /** From one sample to the next, give or take a tenth. */
  readonly interval: Millis;
  /** Failures in a row that make an opinion `down`, at least 1. */
  readonly downAfter: number;
  /** Successes in a row that make it `up`, at least 1. */
  readonly upAfter: number;
  /** For how long at least it then stays `down`. */
  readonly holdDown: Millis;
  /** In which the penalty for going down often halves; 0 for no penalty. */
  readonly flapHalfLife: Millis;
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
  const none = { run: 0, recent: [], latencies: [] };
  return { opinion, bare: 'unknown', ...none, at: now, heldUntil: now, flaps: noFlaps };
}

/**
 * Takes in one sample, which is not blind. A final one needs no other. While the verdict is
 * `unknown`, one success makes it `up`: a start must not take `upAfter` intervals. Two failures in a
 * row (one if `downAfter` is 1) make it `down`: one may be a lost packet, and a wrong `down` costs
 * `upAfter` intervals to undo, while a director that starts during an outage needs only one sample
 * more to say so.
 *
 * Who became `down` stays so for `holdDown`, and who did so again and again for longer, whatever
 * the samples say; those that come meanwhile count, so that at the end of it a region that has not
 * failed for `upAfter` samples is `up` at once.
 */
export function addSample(damper: Damper, sample: Sample, patience: Patience, now: Millis): Damper {
  const last = rightClock(damper, now);
  const before = last.opinion;
  const leak = leakOf(patience);
  const run = sample.isHealthy ? Math.max(0, last.run) + 1 : Math.min(0, last.run) - 1;
  const seen = [...last.recent, sample.isHealthy].slice(-leak.window);
  const failures = seen.filter((isHealthy) => !isHealthy).length;
  const { latency = [] } = sample;
  const latencies = sample.isHealthy
    ? last.latencies.concat(latency).slice(-latencyWindow)
    : last.latencies;
  const hasLeaked = failures >= leak.failures;
  const bare = sample.isFinal === true ? 'down' : nextVerdict(last.bare, run, hasLeaked, patience);
  const isFlap = bare === 'down' && last.bare !== 'down';
  const flaps = isFlap ? addFlap(last.flaps, patience.flapHalfLife, now) : last.flaps;
  const isFree = now >= Math.max(last.heldUntil, flaps.until) && run >= patience.upAfter;
  const verdict = bare === 'up' && before.verdict === 'down' && !isFree ? 'down' : bare;
  const isNew = verdict !== before.verdict;
  const heldUntil = isNew && verdict === 'down' ? millis(now + patience.holdDown) : last.heldUntil;
  const wait = verdict === 'down' ? Math.max(heldUntil, flaps.until) - now : 0;
  // What takes longer than a fresh return would is not in doubt, whatever the samples say.
  const isSoon = wait <= (patience.upAfter + 2) * patience.interval;
  const opinion: Opinion = {
    verdict,
    since: isNew ? now : before.since,
    latency: median(latencies),
    reason: sample.isHealthy ? describeWait(wait, flaps, patience, now) : sample.reason,
    isSuspect: !isNew && isSoon && contradicts(verdict, run, failures * 2 > leak.failures),
  };
  const recent = bare === last.bare && !isNew ? seen : [];
  return { opinion, bare, run, recent, latencies, at: now, heldUntil, flaps };
}

export function opinionOf(damper: Damper): Opinion {
  return damper.opinion;
}

/** How few samples more could overturn an opinion, by what a vote tells of it. */
export function fewestToOverturn(
  { verdict, isSuspect }: Pick<Opinion, 'verdict' | 'isSuspect'>,
  patience: Pick<Patience, 'downAfter' | 'upAfter'>,
): number {
  if (verdict === 'unknown' || isSuspect) return 1;
  if (verdict === 'down') return patience.upAfter;
  // Without suspicion the last sample was healthy, and the leaky count is at most half full.
  const { failures } = leakOf(patience);
  return Math.min(patience.downAfter, Math.ceil(failures / 2));
}

/** After the clock was set back, nothing may take longer than it would have by the old one. */
function rightClock(damper: Damper, now: Millis): Damper {
  const by = Math.min(0, now - damper.at);
  if (by === 0) return damper;
  const { heldUntil, flaps } = damper;
  return { ...damper, heldUntil: millis(heldUntil + by), flaps: shiftFlaps(flaps, by) };
}

/**
 * The leaky count that catches a region failing often but never `downAfter` times in a row: 5
 * failures in 12 samples at the default of 3, and the same share at any other (5/3 and 4 times
 * `downAfter`, rounded up), so that patience in a row and patience overall grow together.
 */
function leakOf({ downAfter }: Pick<Patience, 'downAfter'>): { failures: number; window: number } {
  return { failures: Math.ceil((downAfter * 5) / 3), window: downAfter * 4 };
}

function nextVerdict(
  verdict: Verdict,
  run: number,
  hasLeaked: boolean,
  { downAfter, upAfter }: Patience,
): Verdict {
  if (verdict === 'up') return hasLeaked || -run >= downAfter ? 'down' : 'up';
  if (verdict === 'down') return run >= upAfter ? 'up' : 'down';
  if (run > 0) return 'up';
  return -run >= Math.min(2, downAfter) ? 'down' : 'unknown';
}

/** Why a region that answers is still `down`; the same words until it is not, so that they are no news. */
function describeWait(wait: number, flaps: Flaps, { holdDown }: Patience, now: Millis): string {
  if (wait <= 0) return '';
  const why = describeFlaps(flaps, now) || `whoever went down stays so for ${formatSpan(holdDown)}`;
  return `answers again, but is held down until ${formatMoment(millis(now + wait))}: ${why}`;
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
