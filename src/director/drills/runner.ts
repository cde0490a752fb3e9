// Which director begins scheduled drills, and what keeps every director from it.

import { isFresh } from '../../health/tally.ts';
import type { HeardVote } from '../../model/health.ts';
import type { Settings } from '../../model/settings.ts';
import type { Millis } from '../../model/time.ts';
import type { BoardState } from '../gossip/lane.ts';
import { reportConfigurations } from '../observers.ts';
import { reportGossip } from '../report.ts';

export interface FleetSight {
  readonly settings: Settings;
  readonly votes: readonly HeardVote[];
  readonly isolated: ReadonlySet<string>;
  readonly boards: readonly BoardState[];
}

/**
 * True at the director whose id comes first among those that are heard, are not isolated and run the same
 * configuration: one and the same at all who hear each other.
 */
export function isRunner({ settings, votes, isolated }: FleetSight, now: Millis): boolean {
  const { director, health, configuration } = settings;
  return votes.every((heard) => {
    const { observer, standing } = heard.vote;
    const isLive = isFresh(heard, health.voteLifetime, now) && !isolated.has(observer);
    if (!isLive || observer === director.id) return true;
    return standing?.configuration !== configuration || director.id < observer;
  });
}

/** Why no drill is begun without anybody's hand; undefined where one may be. */
export function whyUnwell(sight: FleetSight, now: Millis): string | undefined {
  const { settings, votes, boards, isolated } = sight;
  if (isolated.has(settings.director.id)) return 'this director alone sees the others down';
  if (reportConfigurations(votes, settings, now).length > 1) {
    return 'directors run different configurations';
  }
  const facts = { snapshot: { settings, epoch: 0, overrides: new Map() }, votes, boards };
  const { gossip, missingObservers } = reportGossip(facts, now);
  if (gossip === 'fresh' || gossip === 'alone') return undefined;
  const who =
    missingObservers.length === 0 ? '' : `: nothing is heard from ${missingObservers.join(', ')}`;
  return `gossip is ${gossip}${who}`;
}
