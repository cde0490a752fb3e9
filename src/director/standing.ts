// Standing: what a director says of itself beside its vote.

import { isFresh } from '../health/tally.ts';
import type { HeardVote, Standing } from '../model/health.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import type { Gossip } from './gossip/gossip.ts';

export function standingOf(
  { settings, epoch }: Snapshot,
  gossip: Pick<Gossip, 'votes' | 'boards'>,
  release: string,
  now: Millis,
): Standing {
  return {
    configuration: settings.configuration,
    epoch,
    release,
    missing: missingObservers(settings, gossip.votes(), now),
    lostBoards: gossip.boards().filter(({ isUp }) => !isUp).length,
  };
}

/** Observing regions of which no vote is fresh, in the configured order. */
export function missingObservers(
  { health }: Settings,
  votes: readonly HeardVote[],
  now: Millis,
): string[] {
  const fresh = votes.filter((heard) => isFresh(heard, health.voteLifetime, now));
  const heard = new Set(fresh.map(({ vote }) => vote.region));
  return health.observers.filter((region) => !heard.has(region));
}
