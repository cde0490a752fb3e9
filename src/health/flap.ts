// Flaps: a penalty for every time that a region went down, which decays while it does not.

import { type Millis, millis } from '../model/time.ts';

/** How often a region went down, and what it has to wait for that; never changed in place. */
export interface Flaps {
  /** What the flaps came to at the last of them: each adds 1, and all decay together. */
  readonly penalty: number;
  /** When the region last went down. */
  readonly last: Millis;
  /** How often it went down since it had last been quiet, and when it first did. */
  readonly count: number;
  readonly first: Millis;
  /** Until then the region is suppressed; long ago when it is not. */
  readonly until: Millis;
}

/** As RFC 2439 §4.2 has it, in flaps: three in quick succession pass it, two never do. */
const cutOff = 2;

/** A suppressed region is free again once its penalty has decayed to this. */
const reuse = 0.75;

/** However often a region went down, from its last time on it never waits longer than this. */
export const longestSuppression = millis(3_600_000);

export const noFlaps: Flaps = {
  penalty: 0,
  last: millis(0),
  count: 0,
  first: millis(0),
  until: millis(0),
};

/** The region went down once more. A half-life of 0 forgives at once, so that nothing is counted. */
export function addFlap(flaps: Flaps, halfLife: Millis, now: Millis): Flaps {
  if (halfLife === 0) return flaps;
  const before = penaltyAt(flaps, halfLife, now);
  const ceiling = reuse * 2 ** (longestSuppression / halfLife);
  const penalty = Math.min(before + 1, ceiling);
  const isSuppressed = penalty > cutOff || now < flaps.until;
  const wait = Math.min(longestSuppression, Math.ceil(halfLife * Math.log2(penalty / reuse)));
  // RFC 2439 §4.2 forgets at half the reuse threshold; what came before is no part of the story.
  const isFresh = before < reuse / 2;
  return {
    penalty,
    last: now,
    count: isFresh ? 1 : flaps.count + 1,
    first: isFresh ? now : flaps.first,
    until: isSuppressed ? millis(now + wait) : flaps.until,
  };
}

/** What is left of the penalty; a moment before the last flap counts as that moment. */
export function penaltyAt({ penalty, last }: Flaps, halfLife: Millis, now: Millis): number {
  if (halfLife === 0) return 0;
  return penalty * 2 ** (-Math.max(0, now - last) / halfLife);
}

/** The same flaps by a clock that was set by so much. */
export function shiftFlaps(flaps: Flaps, by: number): Flaps {
  const { last, first, until } = flaps;
  const shift = (moment: Millis): Millis => millis(moment + by);
  return { ...flaps, last: shift(last), first: shift(first), until: shift(until) };
}

/** `it went down 4 times within 9 min`; empty while the region is not suppressed. */
export function describeFlaps({ count, first, last, until }: Flaps, now: Millis): string {
  if (now >= until) return '';
  return `it went down ${count} times within ${Math.max(1, Math.round((last - first) / 60_000))} min`;
}
