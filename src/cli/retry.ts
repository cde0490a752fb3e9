// A request sent again where nobody heard what came of it: a dropped connection, or a director that cannot just now.

import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../model/fault.ts';
import type { Io } from './command.ts';

/** Between one try and the next, up to half as long again, so that many who were cut off do not come back together. */
const waitsMs = [250, 500, 1000, 2000];

/**
 * `send` must do nothing twice: a read, or a write with the same idempotency key each time. Says on standard error
 * why and when it tries again, at most four times; throws what the last try threw.
 */
export async function tryAgain<T>(
  send: () => Promise<T>,
  { err, signal }: Pick<Io, 'err' | 'signal'>,
): Promise<T> {
  for (const least of waitsMs) {
    try {
      return await send();
    } catch (error) {
      const why = signal.aborted ? undefined : passing(error);
      if (why === undefined) throw error;
      const wait = least * (1 + Math.random() / 2);
      err(`${why}; the same request again in ${(wait / 1000).toFixed(1)} s`);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  return send();
}

const dropped: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Why that may not last; undefined for what will be so the next time. */
function passing(error: unknown): string | undefined {
  const cause = error instanceof FaultError ? error.cause : error;
  if (typeof cause !== 'object' || cause === null) return undefined;
  const { code, status } = cause as { readonly code?: unknown; readonly status?: unknown };
  if (dropped.has(code)) return 'the connection was dropped before the answer';
  if (status === 503) return 'the director answered 503';
  const isBusy = error instanceof FaultError && error.fault.code === 'request.key-busy';
  return isBusy ? 'the director is still at the first try' : undefined;
}
