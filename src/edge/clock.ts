// The real clock and its timers.

import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';

/** The longest a timer of Node's can be set for; a longer one would fire at once. */
const longestTimer = 0x7fffffff;

export function createClock(): Clock {
  return {
    now: () => millis(Date.now()),
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
