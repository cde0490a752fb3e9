// The next change: what may happen to a region of itself, and when at the earliest.

import type { HeardVote, NextChange, Opinion, RegionHealth, Verdict } from '../model/health.ts';
import type { Override } from '../model/override.ts';
import type { RegionId, RegionProbes } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';
import { fewestToOverturn } from './damp.ts';
import { fewest, seenRegions } from './isolation.ts';
import { shortestGap } from './push.ts';
import { openRecovery } from './recover.ts';
import { isFresh } from './tally.ts';

interface ProbedRegion {
  readonly id: RegionId;
  readonly probes: RegionProbes | undefined;
}

export interface NextInput {
  readonly region: ProbedRegion;
  readonly observers: readonly string[];
  readonly votes: Iterable<HeardVote>;
  /** From when each observer's vote may be left out, as `blindnessOf` gives it; whoever is not in it stays. */
  readonly blindness?: ReadonlyMap<string, number>;
  readonly voteLifetime: Millis;
  /** What the last tally concluded of the region; undefined before the first. */
  readonly health: RegionHealth | undefined;
  /** The override in force on it, or on a part of it, that ends first. */
  readonly override: Override | undefined;
  readonly now: Millis;
}

/** Intervals are jittered by a tenth. */
const shortestShare = 0.9;

/**
 * A lower bound: nothing happens before `at`, and nothing need happen then. It supposes that
 * observers go on as they are: on this configuration, without a restart, and no director joins that was
 * never heard in a region where others are. Whoever is not heard now may say anything at any moment.
 * What operators do is not foreseen. Undefined when nothing can change of itself.
 */
export function nextChange(input: NextInput): NextChange | undefined {
  const { override } = input;
  const end = override && { change: 'override-ends' as const, at: override.end };
  const candidates = [end, nextStage(input), nextVerdict(input)].filter(
    (each) => each !== undefined,
  );
  return candidates.sort((one, other) => one.at - other.at)[0];
}

function nextStage({ health }: NextInput): NextChange | undefined {
  const { nextAt, nextShare } = health?.recovery ?? openRecovery;
  const change = nextShare < 1 ? 'half-open' : 'open';
  return nextAt === undefined ? undefined : { change, at: nextAt };
}

/** When the vote of one observing region may become another one. */
interface Bench {
  readonly region: string;
  readonly verdict: Verdict;
  /** From then on it may say anything. */
  readonly looseAt: number;
  /** From then on it may say nothing. */
  readonly silentAt: number;
}

function nextVerdict(input: NextInput): NextChange | undefined {
  const { now, health } = input;
  const targets = targetsOf(input);
  // What the others have concluded meanwhile may be heard at any moment.
  if (health?.isUnproven === true && targets.includes('down')) return { change: 'down', at: now };
  const benches = benchesOf(input);
  const moments = benches.flatMap(({ looseAt, silentAt }) => [looseAt, silentAt]);
  for (const moment of [now, ...moments].sort((one, other) => one - other)) {
    if (moment === Number.POSITIVE_INFINITY) break;
    const at = millis(Math.max(now, moment));
    const verdict = targets.find((each) => canBecome(each, benches, moment, input));
    if (verdict !== undefined) return { change: verdict, at };
    if (health?.isKept === false && canLose(health.verdict, benches, moment)) {
      return { change: 'unknown', at };
    }
  }
  return undefined;
}

function targetsOf({ health, region }: NextInput): readonly Verdict[] {
  const others = (['up', 'down'] as const).filter((verdict) => verdict !== health?.verdict);
  // Without a probe, every observer says `up`.
  return region.probes === undefined ? others.filter((verdict) => verdict === 'up') : others;
}

function benchesOf(input: NextInput): Bench[] {
  const { region, observers, votes, blindness, voteLifetime, now } = input;
  const voices = new Map<string, Voice[]>(observers.map((place) => [place, []]));
  for (const heard of votes) {
    const isHeard = isFresh(heard, voteLifetime, now);
    const opinion = isHeard ? heard.vote.opinions.get(region.id) : undefined;
    voices.get(heard.vote.region)?.push(voiceOf(heard, opinion));
  }
  return Array.from(voices, ([place, bench]) => benchOf(place, bench));

  function voiceOf({ vote, freshAt }: HeardVote, opinion: Opinion | undefined): Voice {
    const verdict = opinion?.verdict ?? 'unknown';
    const blindAt = blindness?.get(vote.observer) ?? Number.POSITIVE_INFINITY;
    const isLeftOut = blindAt === Number.NEGATIVE_INFINITY;
    if (opinion === undefined || verdict === 'unknown' || isLeftOut) return wild;
    const endsAt = Math.min(freshAt + voteLifetime, blindAt);
    return { verdict, turnsAt: freshAt + patienceOf(opinion, region.probes), endsAt };
  }
}

/** One director of an observing region: what it says, and when it may say otherwise or nothing. */
interface Voice {
  readonly verdict: Verdict;
  readonly turnsAt: number;
  readonly endsAt: number;
}

/** Of a director that is not heard now, or has not made up its mind, nothing is known. */
const wild: Voice = { verdict: 'unknown', turnsAt: 0, endsAt: 0 };

/** As in the tally, the majority of its directors speaks for a region. */
function benchOf(region: string, voices: readonly Voice[]): Bench {
  const count = (wanted: Verdict): number =>
    voices.filter(({ verdict }) => verdict === wanted).length;
  const lead = count('up') - count('down');
  const verdict = lead === 0 ? 'unknown' : lead > 0 ? 'up' : 'down';
  if (lead === 0) return { region, verdict, looseAt: 0, silentAt: 0 };
  const loyal = voices.filter((voice) => voice.verdict === verdict);
  const others = voices.length - loyal.length;
  const moments = loyal.flatMap(({ turnsAt, endsAt }) => [turnsAt, endsAt]);
  const marginAt = (moment: number): number => {
    const turned = loyal.filter(({ turnsAt }) => turnsAt <= moment).length;
    const silent = loyal.filter(({ turnsAt, endsAt }) => turnsAt > moment && endsAt <= moment);
    return loyal.length - silent.length - 2 * turned - others;
  };
  const first = (margin: number): number =>
    Math.min(...[0, ...moments].filter((moment) => marginAt(moment) <= margin));
  return { region, verdict, looseAt: first(-1), silentAt: first(0) };
}

/**
 * How long an observer's opinion holds out from the moment its vote was new. The first sample after
 * that may have been under way, and for long enough that the second follows at once; only from there
 * on are samples an interval apart.
 */
function patienceOf(opinion: Opinion, probes: RegionProbes | undefined): number {
  if (probes === undefined) return Number.POSITIVE_INFINITY;
  const pace = probes.interval * shortestShare;
  const samples = fewestToOverturn(opinion, probes);
  if (!probes.list.some(({ kind }) => kind === 'push')) return Math.max(0, samples - 2) * pace;
  // An application may say at any moment that it is leaving, and its news has all probes run.
  return opinion.verdict === 'up' ? 0 : Math.max(0, samples - 2) * Math.min(pace, shortestGap);
}

/**
 * From when each observer may be isolated (`isolation.ts`): not before it says `down` of every region
 * but its own. -Infinity for one that is isolated, since what it really says may count at any moment.
 */
export function blindnessOf(
  votes: Iterable<HeardVote>,
  regions: readonly ProbedRegion[],
  isolated: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const seen = seenRegions(regions);
  const blindness = new Map<string, number>();
  for (const { vote, freshAt } of votes) {
    const others = seen.filter(({ id }) => id !== vote.region);
    const moments = others.map(({ id, probes }) => {
      const opinion = vote.opinions.get(id);
      return opinion?.verdict === 'up' ? freshAt + patienceOf(opinion, probes) : 0;
    });
    const isLeftOut = isolated.has(vote.observer);
    if (isLeftOut) blindness.set(vote.observer, Number.NEGATIVE_INFINITY);
    else if (others.length >= fewest) blindness.set(vote.observer, Math.max(...moments));
  }
  return blindness;
}

/** Whether a majority for the verdict is possible at the moment. */
function canBecome(
  verdict: Verdict,
  benches: readonly Bench[],
  moment: number,
  { region }: NextInput,
): boolean {
  const sayers = benches.filter((each) => each.verdict === verdict || each.looseAt <= moment);
  if (sayers.length * 2 > benches.length) return true;
  // The region's own observers are not counted while they are silent.
  const own = benches.find((each) => each.region === region.id);
  if (own === undefined || Math.min(own.looseAt, own.silentAt) > moment) return false;
  const others = sayers.filter((each) => each !== own);
  return others.length * 2 > benches.length - 1;
}

/** Whether the verdict may be without a majority at the moment. */
function canLose(verdict: Verdict, benches: readonly Bench[], moment: number): boolean {
  const loyal = benches.filter(
    (each) => each.verdict === verdict && Math.min(each.looseAt, each.silentAt) > moment,
  );
  return loyal.length * 2 <= benches.length;
}
