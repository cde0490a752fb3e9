// The real clock, which no setting of the system's clock moves, and its timers.

import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';

/** The longest a timer of Node's can be set for; a longer one would fire at once. */
const longestTimer = 0x7fffffff;

/** Milliseconds of the system's steady clock, the same in every thread. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/**
 * Unix milliseconds by the system's clock as it stood now, going on steadily from here: spans count in
 * health and gossip, and an hour that was set is none that has passed.
 */
export function createClock(
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
): Clock {
  const start = wall() - steady();
  return {
    now: () => millis(Math.floor(start + steady())),
    sleep: (span, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(span, longestTimer));
        signal.addEventListener('abort', wake);
      }),
  };
}
