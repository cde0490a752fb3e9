// The real clock, for tests of what waits for sockets and processes.

import { setTimeout } from 'node:timers/promises';
import { millis } from '../../src/model/time.ts';
import type { Clock } from '../../src/ports.ts';

export const realClock: Clock = {
  now: () => millis(Date.now()),
  sleep: (span, signal) => setTimeout(span, undefined, { signal }).catch(() => undefined),
};

/** Resolves once the condition holds; rejects when it has not for ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`never came true: ${condition.toString()}`);
    await setTimeout(20);
  }
}
