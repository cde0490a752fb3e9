// The boards that a director gossips over, as they are configured.

import type { Settings } from '../model/settings.ts';
import type { Board, Clock, Log, Seal } from '../ports.ts';
import type { Kept } from './identity.ts';
import { createLocalBoard } from './local-board.ts';
import { createPeerBoard } from './peer-board.ts';
import type { Pem } from './pem.ts';

export interface OpenBoards {
  readonly boards: readonly Board[];
  /** The one among them that peers read and post to; undefined where there are none. */
  readonly served: Board | undefined;
}

interface BoardParts {
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  /** What HTTPS peers are asked with; left out, as the system does it. */
  readonly trust?: Kept<Pem> | undefined;
}

/**
 * One board for each Redis and each peer. Peers are not kept for the day on which every Redis is
 * lost: a way that is used all the time is known to work, and is no slower than the change to it.
 */
export async function openBoards(
  gossip: Settings['gossip'],
  parts: BoardParts,
): Promise<OpenBoards> {
  const stores = await openStores(gossip.boards, parts);
  const pem = (): Pem | undefined => parts.trust?.current();
  const peers = gossip.peers.map((url) => createPeerBoard({ ...parts, url, pem }));
  const served = peers.length === 0 ? undefined : createLocalBoard(parts.clock);
  const boards = [...stores, ...peers, ...(served === undefined ? [] : [served])];
  return { boards: boards.length === 0 ? [createLocalBoard(parts.clock)] : boards, served };
}

/** Whoever has no Redis does not load its client. */
async function openStores(
  wanted: Settings['gossip']['boards'],
  parts: BoardParts,
): Promise<readonly Board[]> {
  if (wanted.length === 0) return [];
  const { createRedisBoard } = await import('./redis-board.ts');
  return wanted.map((settings) => createRedisBoard({ ...parts, settings }));
}
