// A thread that rehearses some slices of a population: says how far it is, and at last what came of it.

import { parentPort, workerData } from 'node:worker_threads';
import { FaultError } from '../model/fault.ts';
import type { Slice } from '../simulation/population.ts';
import { rehearse } from './part.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { ThreadWord } from './rehearse.ts';

const { rehearsal, slices } = workerData as {
  readonly rehearsal: Rehearsal;
  readonly slices: readonly Slice[];
};

const say = (said: ThreadWord): void => parentPort?.postMessage(said, []);

try {
  const onRows = (done: number, all: number): void => say({ kind: 'rows', done, all });
  say({ kind: 'part', part: await rehearse(rehearsal, slices, onRows) });
} catch (error) {
  if (!(error instanceof FaultError)) throw error;
  say({ kind: 'fault', fault: error.fault });
}
