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
  /** Another process is to take this one's place: once it has spoken, the word is its own. */
  giveWay(): void;
  /** It came to nothing, and that process is no more: what it has said is outdone. */
  goOn(): void;
  /** True while the process that takes this one's place speaks: two would outdo each other. */
  isSilent(): boolean;
}

export interface OwnVoteOptions {
  readonly observer: string;
  readonly region: string;
  readonly incarnation: number;
  readonly log: Log;
}

/** The process that takes this one's place. */
interface Successor {
  /** Undefined until it is heard. */
  incarnation: number | undefined;
  /** True when it is no more; what it has said may be heard even so. */
  hasFailed: boolean;
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
  let successor: Successor | undefined;
  const goOnAfter = (other: number): void => {
    if (other < incarnation) return;
    incarnation = other + 1;
    sequence = 0;
  };
  const isSilent = (): boolean =>
    successor !== undefined && successor.incarnation !== undefined && !successor.hasFailed;
  const own: OwnVote = {
    opinions: undefined,
    next: (said) => {
      const { opinions } = own;
      if (opinions === undefined) return undefined;
      return { observer, region, incarnation, sequence: ++sequence, opinions, ...said };
    },
    outdo: (vote) => {
      if (compareMarks(vote, { incarnation, sequence }) <= 0) return;
      const isExpected = isOf(successor, vote);
      if (isExpected && isSilent()) return;
      const isAlarm = !isExpected && !isOutdone;
      // It was started before with a clock ahead of today's, or two directors share an id.
      if (isAlarm) log.warn('gossip.same-id', { observer: vote.observer, region: vote.region });
      isOutdone ||= isAlarm;
      // Two that share an id outdo each other for ever: at the pace of posting, not of reading.
      goOnAfter(vote.incarnation);
    },
    giveWay: () => void (successor = { incarnation: undefined, hasFailed: false }),
    goOn: () => {
      if (successor?.incarnation !== undefined) goOnAfter(successor.incarnation);
      if (successor !== undefined) successor.hasFailed = true;
    },
    isSilent,
  };
  return own;
}

/** The first that outdoes this one since it began to give way is the process it gives way to. */
function isOf(successor: Successor | undefined, { incarnation }: Vote): boolean {
  if (successor === undefined) return false;
  successor.incarnation ??= incarnation;
  return successor.incarnation === incarnation;
}
