// A board's state: lost and found, told once each way.

import type { Log } from '../ports.ts';

/** What may be wrong with a board: several at a time, each with its reason. */
export type Trouble = 'connection' | 'post' | 'read';

/**
 * To be told of each trouble's reason, or undefined once it has gone. Logs once when the first
 * trouble comes and once when the last has gone, and calls `onState` then, and at the first word.
 */
export function keepBoardState(
  board: string,
  log: Log,
  onState: ((isUp: boolean) => void) | undefined,
): (kind: Trouble, reason: string | undefined) => void {
  const troubles = new Map<Trouble, string>();
  let wasUp: boolean | undefined;
  return (kind, reason) => {
    if (reason !== undefined) troubles.set(kind, reason);
    // A new connection starts with a clean slate.
    else if (kind === 'connection') troubles.clear();
    else troubles.delete(kind);
    const isUp = troubles.size === 0;
    if (isUp === wasUp) return;
    wasUp = isUp;
    if (isUp) log.info('board.found', { board });
    else log.warn('board.lost', { board, reason });
    onState?.(isUp);
  };
}

/** Why a link to a board fails, for the operator, by the system's code. */
export const linkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'no connection in time',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be resolved',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
};
