// A drill followed to its end, through an outage of its director, and what its exit code is.

import { setTimeout as sleep } from 'node:timers/promises';
import { FaultError } from '../model/fault.ts';
import type { DrillReport } from '../model/drill.ts';
import { markdownOf } from '../page/drill/markdown.ts';
import { callDirector } from './client.ts';
import { exits, type Io, type Options } from './command.ts';
import { missesOf, progressOf } from './drill-progress.ts';

const lookEveryMs = 1000;

/** A director is back from a restart long before. */
const patienceMs = 60_000;

/** A line whenever there is news; exit code 0 only where every objective is met in the end. */
export async function followDrill(id: string, options: Options, io: Io): Promise<number> {
  let last = '';
  for (;;) {
    const now = await findPatiently(id, options, io);
    if (now === undefined) {
      const ways = `\`meridian drill watch ${id}\` follows it, \`meridian drill abort ${id}\` ends it`;
      io.err(`the drill was not waited for, and may go on: ${ways}`);
      return exits.no;
    }
    const line = progressOf(now);
    if (line !== last) io.out(line);
    last = line;
    if (now.isMet !== null) {
      for (const each of ['', ...markdownOf(now)]) io.out(each);
      for (const each of missesOf(now)) io.err(each);
      return now.isMet ? exits.fine : exits.no;
    }
    await sleep(lookEveryMs, undefined, { signal: io.signal }).catch(() => undefined);
  }
}

export function findDrill(id: string, options: Options, io: Io): Promise<DrillReport> {
  return callDirector<DrillReport>(pathOfDrill(id), options, io);
}

export function pathOfDrill(id: string): string {
  return `/v1/drills/${encodeURIComponent(id)}`;
}

/** Undefined once the command is to end. That its director cannot be reached is told once, and not the end. */
async function findPatiently(
  id: string,
  options: Options,
  io: Io,
): Promise<DrillReport | undefined> {
  const start = performance.now();
  for (let isTold = false; !io.signal.aborted; isTold = true) {
    try {
      return await findDrill(id, options, io);
    } catch (error) {
      if (io.signal.aborted) break;
      if (!isAway(error) || performance.now() - start > patienceMs) throw error;
      if (!isTold) {
        io.err(
          `${error.message}; it is asked again for a minute, and the drill goes on, or ends, by itself`,
        );
      }
      await sleep(lookEveryMs, undefined, { signal: io.signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** What a proxy before a director that restarts answers. */
const awayStatus: ReadonlySet<unknown> = new Set([502, 503, 504]);

function isAway(error: unknown): error is FaultError {
  if (!(error instanceof FaultError)) return false;
  const { cause } = error;
  const status = typeof cause === 'object' && cause !== null && 'status' in cause && cause.status;
  return error.fault.code === 'director.unreachable' || awayStatus.has(status);
}
