// Isolation: which observers have lost their own way to the world, told from all votes together.

import type { HeardVote, Opinion } from '../model/health.ts';
import type { RegionId, RegionProbes } from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import { isFresh } from './tally.ts';

export interface IsolationInput {
  /** Those of `seenRegions`. */
  readonly regions: readonly RegionId[];
  /** The configured observing regions. */
  readonly observers: readonly string[];
  readonly votes: Iterable<HeardVote>;
  readonly voteLifetime: Millis;
  readonly now: Millis;
}

/**
 * Regions that observers judge by what they see themselves: without a probe one is `up` unseen, and
 * what an application reports is heard by gossip.
 */
export function seenRegions<T extends { readonly probes: RegionProbes | undefined }>(
  regions: Iterable<T>,
): T[] {
  return [...regions].filter(
    ({ probes }) => probes?.list.every(({ kind }) => kind !== 'push') ?? false,
  );
}

/** With fewer regions to see, one that is really down would be as good as all. */
export const fewest = 2;

/**
 * An observer is isolated when it says `down` of every region but its own, two or more, while a
 * strict majority of those is `up` by a strict majority of the other observing regions that are
 * heard: likelier than that all are wrong at once is that one way out is broken, its own.
 *
 * Two faults at a time: where a region is really down besides, the others agree on that one and
 * still contradict the rest, so the observer is isolated, and they decide without it. Where they are
 * too few to contradict it, since one of two others is down itself, it counts like anybody, and
 * what it sees down helps to take that one out: so it is judged anew each time, and never isolated
 * for having been so. An isolated vote is left out of what is said and not out of what the majority
 * is taken of: a mistaken isolation can keep an old verdict, and hands nobody a majority that it had
 * not before.
 *
 * Gives ids of observers; pure.
 */
export function findIsolated(input: IsolationInput): ReadonlySet<string> {
  const fresh = [...input.votes].filter((heard) => isFresh(heard, input.voteLifetime, input.now));
  const isolated = new Set<string>();
  for (const { vote } of fresh) {
    const others = input.regions.filter((id) => id !== vote.region);
    const isBlind = others.every((id) => vote.opinions.get(id)?.verdict === 'down');
    if (others.length < fewest || !isBlind) continue;
    const judges = input.observers.filter((region) => region !== vote.region);
    const alive = others.filter((id) => isUpFor(judges, id, fresh));
    if (alive.length * 2 > others.length) isolated.add(vote.observer);
  }
  return isolated;
}

/** By the majority of those that have an opinion; each observing region has one, that of its directors. */
function isUpFor(judges: readonly string[], id: RegionId, fresh: readonly HeardVote[]): boolean {
  const leads = new Map(judges.map((region) => [region, 0]));
  for (const { vote } of fresh) {
    const lead = leads.get(vote.region);
    if (lead !== undefined) leads.set(vote.region, lead + signOf(vote.opinions.get(id)));
  }
  const words = [...leads.values()].filter((lead) => lead !== 0);
  return words.filter((lead) => lead > 0).length * 2 > words.length;
}

function signOf(opinion: Opinion | undefined): number {
  if (opinion === undefined || opinion.verdict === 'unknown') return 0;
  return opinion.verdict === 'up' ? 1 : -1;
}
