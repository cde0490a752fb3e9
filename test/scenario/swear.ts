// A director that says of returns what it was told to, signed as it should be.

import { decodeBallot, encodeBallot } from '../../src/director/gossip/ballot.ts';
import type { Board, Seal } from '../../src/ports.ts';
import type { Seat } from './stage.ts';

/** The board as this director reaches it: on the way there, its own vote is changed. */
export function swearing(board: Board, seat: Seat, seal: Seal): Board {
  const swear = (text: string): string => {
    const ballot = decodeBallot(text, seal);
    if (typeof ballot === 'string' || ballot.kind !== 'vote') return text;
    const returns = new Map([...(ballot.vote.returns ?? []), ...seat.claims]);
    return encodeBallot({ ...ballot, vote: { ...ballot.vote, returns } }, seal);
  };
  return {
    ...board,
    post: (slot, value, lifetime) => {
      const isTrue = seat.claims.size === 0 || slot !== `vote.${seat.id}`;
      return board.post(slot, isTrue ? value : swear(value), lifetime);
    },
  };
}
