// Recovering: a region that was down comes back in stages, on one schedule at every director.

import type {
  HealthView,
  Recovery,
  RegionHealth,
  ReturnClaim,
  Sighting,
  Verdict,
} from '../model/health.ts';
import type { RegionId } from '../model/region.ts';
import type { ReturnSettings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import { agree } from './agree.ts';

export interface RecoverInput {
  readonly verdict: Verdict;
  /** True when the verdict is an old one, kept for want of fresh votes. */
  readonly isKept: boolean;
  /** What the last tally concluded of the region; undefined before the first. */
  readonly last: Pick<RegionHealth, 'verdict' | 'isKept' | 'isUnproven' | 'recovery'> | undefined;
  /** Fresh claims of all other directors, by observing region. */
  readonly claims: ReadonlyMap<string, readonly ReturnClaim[]>;
  /** How many observing regions are configured, heard or not. */
  readonly observers: number;
  /** The observing region that this director stands in. */
  readonly home: string;
  /** True while an operator's drain or `down` is in force: its end is a word that skips all stages. */
  readonly isTakenOut: boolean;
  readonly settings: ReturnSettings;
  readonly now: Millis;
}

/** Of a region that is not on its way back. */
export const openRecovery: Recovery = {
  stage: 'open',
  share: 1,
  since: undefined,
  nextAt: undefined,
  nextShare: 1,
  trips: 0,
  seen: undefined,
};

/** A region of which nothing is heard, where it is taken to be up. */
export const assumedUp: RegionHealth = {
  verdict: 'up',
  isKept: false,
  isSuspect: false,
  since: millis(0),
  votes: [],
  recovery: openRecovery,
};

/** Shares of client networks between the hold and the whole. */
const shares = [0.05, 0.25, 0.5];

/** A region that has been open for so long has made good; going down before is one trip more. */
export const probation = millis(30 * 60_000);

/** Claims reach directors by ways of unequal length: for so little no stage is taken back. */
const tolerance = 1000;

const settled: Sighting = { upAt: Number.NEGATIVE_INFINITY, trips: 0 };

/**
 * One step of the way back. Each director claims what it has itself seen and follows what at least
 * half of the observing regions claim, so that one that comes to it late, or lies, goes with the
 * fleet; with fewer claims than that it goes by what it has seen itself.
 */
export function recover(input: RecoverInput): Recovery {
  const { verdict, isKept, last, observers, settings, now } = input;
  const isOff = settings.hold === 0 && settings.stage === 0;
  const seen = isOff ? settled : sight(input);
  if (verdict === 'unknown') return { ...openRecovery, seen };
  const own = claimOf(seen ?? settled, now);
  const common = isKept || isOff ? undefined : agree(withOwn(input, own), observers);
  const { ago, trips } = common ?? own;
  if (verdict === 'down')
    return { ...openRecovery, stage: 'out', share: 0, nextShare: 0, trips, seen };
  // Where the others have not yet seen it come up, this director is the first.
  const span = ago < 0 ? Math.max(0, own.ago) : ago;
  const place = placeAt(span, trips, settings, now);
  const before = last?.verdict === 'up' ? last.recovery : undefined;
  const isJitter =
    before !== undefined &&
    before.share > place.share &&
    before.share <= placeAt(span + tolerance, trips, settings, now).share;
  return { ...(isJitter ? before : place), seen };
}

/**
 * What a director tells the others of all it has seen; what is long settled goes without saying, and
 * what it only has from its disk is not for others to go by.
 */
export function claimAll(health: HealthView, now: Millis): Map<RegionId, ReturnClaim | undefined> {
  const claims = new Map<RegionId, ReturnClaim | undefined>();
  for (const [id, { recovery, isUnproven }] of health) {
    const seen = isUnproven === true ? undefined : recovery.seen;
    if (seen?.upAt !== Number.NEGATIVE_INFINITY) claims.set(id, seen && claimOf(seen, now));
  }
  return claims;
}

function claimOf({ upAt, trips }: Sighting, now: Millis): ReturnClaim {
  return { ago: now - upAt, trips };
}

/** What all others together claim, however few they are; undefined when nobody does. */
export function hearsay({
  claims,
  observers,
}: Pick<RecoverInput, 'claims' | 'observers'>): ReturnClaim | undefined {
  const others = poolAll(claims);
  return agree(others, observers) ?? agree(others, others.length);
}

/** What this director has seen by now; undefined while there was no verdict to see. */
function sight(input: RecoverInput): Sighting | undefined {
  const { verdict, isKept, last, observers, settings, isTakenOut, now } = input;
  const told = hearsay(input);
  // What the last life saw may be long past: whoever has looked since knows better.
  const seen = last?.isUnproven === true && told !== undefined ? undefined : last?.recovery.seen;
  if (verdict === 'unknown') return seen;
  if (verdict === 'down') {
    if (seen?.upAt === Number.POSITIVE_INFINITY) return seen;
    if (seen === undefined) return { upAt: Number.POSITIVE_INFINITY, trips: told?.trips ?? 0 };
    const isTrip = now < seen.upAt + spanOf(seen.trips, settings) + probation;
    return { upAt: Number.POSITIVE_INFINITY, trips: isTrip ? seen.trips + 1 : 0 };
  }
  if (isTakenOut) return settled;
  if (seen === undefined) {
    if (told === undefined) return settled;
    return sameSighting(last?.recovery.seen, adopt(told, settings, now));
  }
  if (seen.upAt === Number.POSITIVE_INFINITY) {
    // Who was not looking when it came up leaves it to those who were.
    const isLate = last?.isKept === true && told !== undefined;
    return isLate ? adopt(told, settings, now) : { upAt: now, trips: seen.trips };
  }
  if (seen.upAt === Number.NEGATIVE_INFINITY) {
    const common = isKept ? undefined : agree(withOwn(input, claimOf(seen, now)), observers);
    return common === undefined ? seen : adopt(common, settings, now);
  }
  return adopt(claimOf(seen, now), settings, now);
}

/** The one before where they differ by no more than the ways of the claims do. */
function sameSighting(before: Sighting | undefined, after: Sighting): Sighting {
  if (before?.trips !== after.trips) return after;
  return Math.abs(before.upAt - after.upAt) < tolerance ? before : after;
}

/** A claim as if one had seen it oneself; a clock that was set back makes it no longer ahead. */
function adopt({ ago, trips }: ReturnClaim, settings: ReturnSettings, now: Millis): Sighting {
  if (ago >= spanOf(trips, settings) + probation) return settled;
  return { upAt: now - Math.max(0, ago), trips };
}

/** One claim an observing region, as agreed inside it. */
function poolAll(claims: RecoverInput['claims']): ReturnClaim[] {
  const pooled: ReturnClaim[] = [];
  for (const bench of claims.values()) {
    const claim = agree(bench, bench.length);
    if (claim !== undefined) pooled.push(claim);
  }
  return pooled;
}

function withOwn({ claims, home }: RecoverInput, own: ReturnClaim): ReturnClaim[] {
  const pooled: ReturnClaim[] = [];
  for (const [region, others] of claims) {
    const bench = region === home ? [...others, own] : others;
    const claim = agree(bench, bench.length);
    if (claim !== undefined) pooled.push(claim);
  }
  return pooled;
}

function holdOf(trips: number, { hold, longestHold }: ReturnSettings): number {
  return Math.min(hold * 2 ** Math.min(trips, 30), Math.max(hold, longestHold));
}

/** From `up` to fully open. */
function spanOf(trips: number, settings: ReturnSettings): number {
  return holdOf(trips, settings) + shares.length * settings.stage;
}

function placeAt(ago: number, trips: number, settings: ReturnSettings, now: Millis): Recovery {
  if (ago >= spanOf(trips, settings) + probation) return openRecovery;
  const { stage } = settings;
  let begin = 0;
  let end = holdOf(trips, settings);
  for (const [i, share] of [0, ...shares].entries()) {
    if (ago < end) {
      const name = share === 0 ? 'holding' : 'half-open';
      const [since, nextAt] = [millis(now - ago + begin), millis(now - ago + end)];
      const nextShare = stage === 0 ? 1 : (shares[i] ?? 1);
      return { ...openRecovery, stage: name, share, since, nextAt, nextShare, trips };
    }
    begin = end;
    end += stage;
  }
  return { ...openRecovery, since: millis(now - ago + begin), trips };
}
