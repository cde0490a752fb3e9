// The own vote: what this director says, each time under a number greater than all before it.

import type { Vote } from '../../model/health.ts';
import type { Log } from '../../ports.ts';
import { compareMarks, type Mark } from './ledger.ts';

export interface OwnVote {
  /** What it says from now on; undefined before its first word. */
  opinions: Vote['opinions'] | undefined;
  /** The next vote; undefined as long as there is nothing to say. `said` is said beside the opinions. */
  next(said: Pick<Vote, 'standing' | 'returns' | 'loads' | 'drill'>): Vote | undefined;
  /** Somebody holds this vote under the same name: a later incarnation gets the next one heard again. */
  outdo(vote: Vote): void;
}

export interface OwnVoteOptions {
  readonly observer: string;
  readonly region: string;
  readonly incarnation: number;
  readonly log: Log;
}

/** `last` is how far this observer had come before this start. */
export function createOwnVote(
  { observer, region, log, ...options }: OwnVoteOptions,
  last: Mark | undefined,
): OwnVote {
  // A clock that went back must not make this start look older than the one before it.
  let incarnation = Math.max(Math.floor(options.incarnation), (last?.incarnation ?? -1) + 1);
  let sequence = 0;
  let isOutdone = false;
  const own: OwnVote = {
    opinions: undefined,
    next: (said) => {
      const { opinions } = own;
      if (opinions === undefined) return undefined;
      return { observer, region, incarnation, sequence: ++sequence, opinions, ...said };
    },
    outdo: (vote) => {
      // It was started before with a clock ahead of today's, or two directors share an id.
      if (compareMarks(vote, { incarnation, sequence }) <= 0) return;
      if (!isOutdone) log.warn('gossip.same-id', { observer: vote.observer, region: vote.region });
      isOutdone = true;
      // Two that share an id outdo each other for ever: at the pace of posting, not of reading.
      incarnation = vote.incarnation + 1;
      sequence = 0;
    },
  };
  return own;
}
