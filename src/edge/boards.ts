// The boards that a director gossips over, as they are configured.

import type { Settings } from '../model/settings.ts';
import type { Board, Clock, Log, Seal } from '../ports.ts';
import { createLocalBoard } from './local-board.ts';
import { createPeerBoard } from './peer-board.ts';
import { createRedisBoard } from './redis-board.ts';

export interface OpenBoards {
  readonly boards: readonly Board[];
  /** The one among them that peers read and post to; undefined where there are none. */
  readonly served: Board | undefined;
}

/**
 * One board for each Redis and each peer. Peers are not kept for the day on which every Redis is
 * lost: a way that is used all the time is known to work, and is no slower than the change to it.
 */
export function openBoards(
  gossip: Settings['gossip'],
  parts: { readonly seal: Seal; readonly clock: Clock; readonly log: Log },
): OpenBoards {
  const stores = gossip.boards.map((settings) => createRedisBoard({ ...parts, settings }));
  const peers = gossip.peers.map((url) => createPeerBoard({ ...parts, url }));
  const served = peers.length === 0 ? undefined : createLocalBoard(parts.clock);
  const boards = [...stores, ...peers, ...(served === undefined ? [] : [served])];
  return { boards: boards.length === 0 ? [createLocalBoard(parts.clock)] : boards, served };
}
