// Detection: when the directors of a fleet doubt a region that fails, and when they stop naming it.

import type { Millis } from '../model/time.ts';

/**
 * `refused`: what is probed fails at once. `silent`: probes wait until they time out. `lost`: the
 * whole place is silent, and its director with it. `drained`: an operator says so.
 */
export type Cause = 'refused' | 'silent' | 'lost' | 'drained';

export interface Detection {
  readonly cause: Cause;
  /** How the region is probed; undefined where it is not, and its failure is never noticed. */
  readonly probes:
    | {
        readonly interval: Millis;
        /** How long a probe of a silent region takes. */
        readonly timeout: Millis;
        readonly downAfter: number;
      }
    | undefined;
  /** Observing regions that the majority is counted over, one director in each. */
  readonly observers: number;
  /** True where one of them stands in the region itself. */
  readonly hasOwnObserver: boolean;
  readonly voteLifetime: Millis;
  readonly postEvery: Millis;
  /** From a director's post until another one has read it: at least, at most. */
  readonly news: readonly [least: number, most: number];
}

/** One director in one course of events, in milliseconds after the failure. */
export interface Moment {
  /** From then on its answers have the short TTL. */
  readonly doubtsAt: number;
  /** From then on its answers do not name the region; infinite if it never stops. */
  readonly movesAt: number;
}

/** Courses of events that are played: a prime, so that the lattice below has no short cycles. */
const courses = 2039;

/** A primitive root of it that spreads any two of nine neighbours well. */
const stride = 1140;

/** Intervals between probes vary by a tenth in both directions (`director/watch.ts`). */
const jitter = 0.1;

/** Equally likely moments, enough of them to stand for all. */
export function momentsOf(detection: Detection): readonly Moment[] {
  return Array.from({ length: courses }, (_, course) => momentOf(detection, course));
}

/**
 * Plays one course from the directors' own rules (`health/damp.ts`, `health/tally.ts`): each
 * observer probes at its own phase, doubts at the first failure, says `down` at the last of
 * `downAfter`, and its word travels. Another director's view is taken in each course.
 */
function momentOf(detection: Detection, course: number): Moment {
  const { cause, observers, hasOwnObserver, news } = detection;
  const next = lattice(course);
  const [least, most] = news;
  const travel = (): number => least + (most - least) * next();
  // The director at which the operator says it knows at once.
  if (cause === 'drained') {
    const heardAt = course % observers === 0 ? 0 : travel();
    return { doubtsAt: heardAt, movesAt: heardAt };
  }
  const isMissing = cause === 'lost' && hasOwnObserver;
  const voters = observers - (isMissing ? 1 : 0);
  const silentAt = detection.voteLifetime - detection.postEvery * next();
  const doubts: number[] = [];
  const words: number[] = [];
  for (let voter = 0; voter < voters; voter++) {
    const delay = voter === course % voters ? 0 : travel();
    const { failsAt, downAt } = observe(detection, next);
    doubts.push(failsAt + delay);
    words.push(downAt + delay);
  }
  words.sort((one, other) => one - other);
  const wanted = words[majority(observers) - 1] ?? Number.POSITIVE_INFINITY;
  // Once the region's own observer has been silent for the life of a vote, it is not counted.
  const fewer = voters === 0 ? undefined : words[majority(voters) - 1];
  const later = isMissing && fewer !== undefined ? Math.max(fewer, silentAt) : wanted;
  const movesAt = Math.min(wanted, later);
  return { doubtsAt: Math.min(...doubts, movesAt), movesAt };
}

function majority(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** When one observer sees the first failure, and when it says `down`. */
function observe(
  { cause, probes }: Detection,
  next: () => number,
): { readonly failsAt: number; readonly downAt: number } {
  if (probes === undefined) {
    return { failsAt: Number.POSITIVE_INFINITY, downAt: Number.POSITIVE_INFINITY };
  }
  const { interval, timeout, downAfter } = probes;
  const taken = cause === 'refused' ? 0 : timeout;
  // Counted from start to start, but a probe is not begun before the last one has ended.
  const gap = (): number => interval * (1 - jitter + 2 * jitter * next());
  const started = gap() * next();
  let last = started;
  for (let probe = 1; probe < downAfter; probe++) last += Math.max(gap(), taken);
  return { failsAt: started + taken, downAt: last + taken };
}

/**
 * Numbers from 0 to 1 that stand for chance: each of them takes every of `courses` values once over
 * all courses, and any two together are spread evenly (a rank-1 lattice after Korobov).
 */
function lattice(course: number): () => number {
  let factor = 1;
  return () => {
    factor = (factor * stride) % courses;
    return (((course * factor) % courses) + 0.5) / courses;
  };
}
