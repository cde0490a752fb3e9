// The real clock, for tests of what waits for sockets and processes.

import { setTimeout } from 'node:timers/promises';
import { millis } from '../../src/model/time.ts';
import type { Clock } from '../../src/ports.ts';

export const realClock: Clock = {
  now: () => millis(Date.now()),
  sleep: (span, signal) => setTimeout(span, undefined, { signal }).catch(() => undefined),
};
