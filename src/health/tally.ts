// The tally: turns the votes of all observers into the fleet's verdict on each region.

import type {
  CountedVote,
  HealthView,
  HeardVote,
  Opinion,
  Recovery,
  RegionHealth,
  ReturnClaim,
  Verdict,
  Vote,
} from '../model/health.ts';
import { type OverrideView, takesOut } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import type { ReturnSettings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import { hearsay, recover } from './recover.ts';

export interface TallyInput {
  readonly regions: Iterable<{ readonly id: RegionId }>;
  /** The configured observing regions: the quorum is counted over these, heard or not. */
  readonly observers: readonly string[];
  /** The newest vote of each observer, in any order. */
  readonly votes: Iterable<HeardVote>;
  /** Observers whose opinions are left out; they count as missing, not as silent. */
  readonly isolated?: ReadonlySet<string>;
  readonly voteLifetime: Millis;
  /** The director that tallies, and the region it stands in. */
  readonly self: { readonly id: string; readonly region: string };
  readonly returning: ReturnSettings;
  /** Overrides in force. */
  readonly overrides: OverrideView;
  /** What the last tally concluded. */
  readonly previous: HealthView;
  readonly now: Millis;
}

/**
 * A verdict needs a strict majority of the configured observing regions; each has one vote, the
 * majority of its directors. A region's own observers die with it, so while they are silent they
 * are not counted at all. Without a majority the last verdict stays and says that it is kept.
 */
export function tally(input: TallyInput): HealthView {
  const benches = seat(input);
  const view = new Map<RegionId, RegionHealth>();
  for (const { id } of input.regions) view.set(id, judge(id, benches, input));
  return view;
}

/** True when both views lead to the same answers: ages, latencies and reasons do not matter. */
export function sameHealth(a: HealthView, b: HealthView): boolean {
  if (a.size !== b.size) return false;
  for (const [id, one] of a) {
    const other = b.get(id);
    if (
      one.verdict !== other?.verdict ||
      one.isKept !== other.isKept ||
      one.isSuspect !== other.isSuspect ||
      !isSamePlace(one.recovery, other.recovery)
    ) {
      return false;
    }
  }
  return true;
}

export function isFresh({ freshAt }: HeardVote, voteLifetime: Millis, now: Millis): boolean {
  return now - freshAt <= voteLifetime;
}

/** A schedule that moved by less is told the same way. */
const tolerance = 1000;

function isSamePlace(x: Recovery, y: Recovery): boolean {
  if (x.stage !== y.stage || x.share !== y.share) return false;
  return Math.abs((x.nextAt ?? 0) - (y.nextAt ?? 0)) < tolerance;
}

/** One director's fresh vote. */
interface Seat extends Pick<Vote, 'observer' | 'opinions' | 'returns'> {
  readonly age: Millis;
  readonly isIsolated: boolean;
}

/** What one director says of the region being judged. */
interface Voice extends Omit<Seat, 'opinions' | 'returns' | 'isIsolated'> {
  readonly opinion: Opinion;
}

/** Fresh votes by observing region, in the configured order; inside one, by observer id. */
function seat({ observers, votes, isolated, voteLifetime, now }: TallyInput): Map<string, Seat[]> {
  const benches = new Map<string, Seat[]>();
  for (const region of observers) benches.set(region, []);
  for (const heard of votes) {
    if (!isFresh(heard, voteLifetime, now)) continue;
    const { vote, freshAt } = heard;
    const age = millis(Math.max(0, now - freshAt));
    const { observer, opinions, returns } = vote;
    const isIsolated = isolated?.has(observer) ?? false;
    benches.get(vote.region)?.push({ observer, age, isIsolated, opinions, returns });
  }
  for (const bench of benches.values()) {
    bench.sort((one, other) => (one.observer < other.observer ? -1 : 1));
  }
  return benches;
}

function judge(
  id: RegionId,
  benches: ReadonlyMap<string, readonly Seat[]>,
  input: TallyInput,
): RegionHealth {
  const { previous, now } = input;
  const votes: CountedVote[] = [];
  let [isDoubted, saysUp, saysDown] = [false, false, false];
  for (const [region, bench] of benches) {
    const voices = hear(id, bench);
    const vote = pool(region, voices);
    if (vote !== undefined) votes.push(vote);
    for (const { opinion } of voices) {
      if (opinion.verdict === 'up') saysUp = true;
      else if (opinion.verdict === 'down') saysDown = true;
      else continue;
      isDoubted ||= opinion.isSuspect;
    }
  }
  const last = previous.get(id);
  const majority = majorityOf(id, votes, benches, input);
  const isKept = majority === undefined;
  const isUnproven = isKept && (last?.isUnproven ?? last === undefined);
  const claims = claimsOn(id, benches, input);
  const told = isUnproven ? hearsay({ claims, observers: benches.size }) : undefined;
  const verdict = majority ?? standing(last?.verdict ?? 'unknown', told);
  return {
    verdict,
    isKept,
    ...(isUnproven && { isUnproven }),
    since: last?.verdict === verdict ? last.since : now,
    isSuspect: isDoubted || (saysUp && verdict !== 'up') || (saysDown && verdict !== 'down'),
    votes,
    recovery: recover({
      verdict,
      isKept,
      last,
      claims,
      observers: benches.size,
      home: input.self.region,
      // Within a service, or for a share, it may be out; others of its clients it has all the while.
      isTakenOut: takesOut(input.overrides.get(id)),
      settings: input.returning,
      now,
    }),
  };
}

/**
 * The verdict without a majority. While a director has only its disk to go by, what the others have
 * concluded counts before that, where it is the more careful: that the region is down, or, for one
 * that knows nothing, on its way back.
 */
function standing(kept: Verdict, told: ReturnClaim | undefined): Verdict {
  if (told?.ago === Number.NEGATIVE_INFINITY) return 'down';
  const isOnItsWay = told !== undefined && told.ago < Number.POSITIVE_INFINITY;
  return kept === 'unknown' && isOnItsWay ? 'up' : kept;
}

/** The claim of who lists no return. */
const settled: ReturnClaim = { ago: Number.POSITIVE_INFINITY, trips: 0 };

/** What all other directors claim by now of a region's way back, by observing region. */
function claimsOn(
  id: RegionId,
  benches: ReadonlyMap<string, readonly Seat[]>,
  { self }: TallyInput,
): Map<string, ReturnClaim[]> {
  const claims = new Map<string, ReturnClaim[]>();
  for (const [region, bench] of benches) {
    const found: ReturnClaim[] = [];
    for (const { observer, age, opinions, returns } of bench) {
      if (observer === self.id || returns === undefined || !opinions.has(id)) continue;
      const claim = returns.size > 0 && returns.has(id) ? returns.get(id) : settled;
      if (claim === settled) found.push(settled);
      else if (claim !== undefined) found.push({ ...claim, ago: claim.ago + age });
    }
    claims.set(region, found);
  }
  return claims;
}

/** The verdict of a strict majority; undefined when there is none. */
function majorityOf(
  id: RegionId,
  votes: readonly CountedVote[],
  benches: ReadonlyMap<string, readonly Seat[]>,
  { self }: TallyInput,
): Verdict | undefined {
  const speaking = votes.filter((vote) => vote.verdict !== 'unknown');
  // Who judges is alive itself, and so is whoever says that it does not know or is isolated.
  const isOwnSilent = id !== self.region && benches.get(id)?.length === 0;
  const counted = benches.size - (isOwnSilent ? 1 : 0);
  const ups = speaking.filter((vote) => vote.verdict === 'up').length;
  if (ups * 2 > counted) return 'up';
  return (speaking.length - ups) * 2 > counted ? 'down' : undefined;
}

function hear(id: RegionId, bench: readonly Seat[]): Voice[] {
  const voices: Voice[] = [];
  for (const { observer, age, isIsolated, opinions } of bench) {
    const opinion = opinions.get(id);
    if (opinion !== undefined && !isIsolated) voices.push({ observer, age, opinion });
  }
  return voices;
}

/** The one vote of an observing region, worded by its first director that agrees with it. */
function pool(region: string, voices: readonly Voice[]): CountedVote | undefined {
  let ups = 0;
  let downs = 0;
  for (const { opinion } of voices) {
    if (opinion.verdict === 'up') ups++;
    else if (opinion.verdict === 'down') downs++;
  }
  const verdict = ups > downs ? 'up' : downs > ups ? 'down' : 'unknown';
  const speaker = voices.find((voice) => voice.opinion.verdict === verdict) ?? voices[0];
  if (speaker === undefined) return undefined;
  const { observer, age, opinion } = speaker;
  const isSplit = ups > 0 && ups === downs;
  return {
    region,
    observer,
    verdict,
    age,
    latency: opinion.latency,
    reason: isSplit ? 'its directors disagree' : opinion.reason,
  };
}
