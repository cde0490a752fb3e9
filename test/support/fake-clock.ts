// A clock for tests: time passes only when a test says so.

import { type Millis, millis } from '../../src/model/time.ts';
import type { Clock } from '../../src/ports.ts';

export interface FakeClock extends Clock {
  /**
   * Lets `span` ms pass: wakes every sleeper that falls due, in order of time, and after each lets
   * all code run that does not wait for real I/O. A sleeper made meanwhile wakes too if it falls due.
   */
  advance(span: number): Promise<void>;
  /** Sets the wall clock forward or back without letting time pass: nobody wakes earlier or later. */
  set(by: number): void;
  /** How many are asleep. */
  readonly sleepers: number;
}

interface Sleeper {
  /** In ms of passed time, which setting the wall clock does not change. */
  readonly due: number;
  readonly wake: () => void;
}

/** More wakings than this in one `advance` mean a loop that lets no time pass. */
const wakeLimit = 100_000;

export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let passed = 0;
  let offset = start;
  let isAdvancing = false;
  const asleep = new Set<Sleeper>();

  // Sets iterate in order of insertion, so of sleepers due together the first to lie down wakes first.
  const nextDue = (until: number): Sleeper | undefined => {
    let next: Sleeper | undefined;
    for (const sleeper of asleep) {
      if (sleeper.due <= until && (next === undefined || sleeper.due < next.due)) next = sleeper;
    }
    return next;
  };

  const passUntil = async (until: number): Promise<void> => {
    await settle();
    for (let wakes = 0; ; wakes++) {
      const sleeper = nextDue(until);
      if (sleeper === undefined) break;
      if (wakes === wakeLimit) throw new Error('a loop sleeps without letting time pass');
      passed = sleeper.due;
      sleeper.wake();
      await settle();
    }
    passed = until;
  };

  return {
    now: () => millis(offset + passed),
    sleep: (span: Millis, signal: AbortSignal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          asleep.delete(sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { due: passed + Math.max(0, span), wake };
        asleep.add(sleeper);
        signal.addEventListener('abort', wake);
      }),
    advance: async (span) => {
      if (isAdvancing) throw new Error('advance() was called again before it had finished');
      isAdvancing = true;
      try {
        await passUntil(passed + span);
      } finally {
        isAdvancing = false;
      }
    },
    set: (by) => {
      offset += by;
    },
    get sleepers() {
      return asleep.size;
    },
  };
}

/** Resolves after every promise and callback that is ready has run. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
