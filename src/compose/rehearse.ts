// A rehearsal in several threads at once: the same totals as in one.

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Fault, FaultError } from '../model/fault.ts';
import { compare } from '../simulation/compare.ts';
import type { Comparison } from '../simulation/comparison.ts';
import type { Slice } from '../simulation/population.ts';
import { addTotals } from '../simulation/totals.ts';
import type { Part } from './part.ts';
import type { Rehearsal } from './rehearsal.ts';

/** What a thread says. */
export type ThreadWord =
  | { readonly kind: 'rows'; readonly done: number; readonly all: number }
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'fault'; readonly fault: Fault };

export interface RehearseOptions {
  /** Requests a second of all services together. */
  readonly load: number | undefined;
  readonly signal: AbortSignal;
  /** A share, 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** As many as the machine has processors, up to four, when left out: each holds geography of its own. */
  readonly threads?: number;
}

/** Slices of each thread, taken from all over the address space, so that none has all of the work. */
const slicesEach = 4;

/** Rejects with a FaultError where it cannot be made, or is broken off. */
export async function rehearseInThreads(
  rehearsal: Rehearsal,
  { load, signal, onProgress, threads = Math.min(4, availableParallelism()) }: RehearseOptions,
): Promise<Comparison> {
  const of = threads * slicesEach;
  const shares = new Float64Array(threads);
  const runs = Array.from({ length: threads }, (_, thread) => {
    const slices = Array.from({ length: slicesEach }, (__, i) => ({
      index: i * threads + thread,
      of,
    }));
    return runThread({ rehearsal, slices }, signal, (share) => {
      shares[thread] = share;
      onProgress(shares.reduce((sum, each) => sum + each, 0) / threads);
    });
  });
  const [first, ...others] = await Promise.all(runs);
  if (first === undefined) throw brokenOff('there was no thread');
  for (const { services } of others) {
    for (const [i, { totals }] of services.entries()) {
      const whole = first.services[i]?.totals;
      if (whole !== undefined) addTotals(whole, totals);
    }
  }
  return compare(first.services, { ...first, load });
}

async function runThread(
  workerData: { readonly rehearsal: Rehearsal; readonly slices: readonly Slice[] },
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Part> {
  const thread = new Worker(new URL('rehearsal-thread.ts', import.meta.url), { workerData });
  let part: Part | undefined;
  let fault: FaultError | undefined;
  thread.on('message', (said: ThreadWord) => {
    if (said.kind === 'rows') onShare(said.all === 0 ? 1 : said.done / said.all);
    else if (said.kind === 'part') ({ part } = said);
    else fault = new FaultError(said.fault);
  });
  thread.on('error', (error) => {
    fault ??= brokenOff(error.message);
  });
  const stop = (): void => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  await new Promise((resolve) => thread.once('exit', resolve));
  signal.removeEventListener('abort', stop);
  if (part !== undefined) return part;
  throw fault ?? brokenOff('it was told to stop');
}

function brokenOff(why: string): FaultError {
  return new FaultError({
    code: 'director.internal',
    message: `the rehearsal was broken off: ${why}`,
  });
}
