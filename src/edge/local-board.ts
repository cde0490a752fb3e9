// The in-process board: the default where no Redis is configured.

import { millis } from '../model/time.ts';
import type { Board, Clock, Posted } from '../ports.ts';

/** Slots expire by the clock. Several directors in one process may share one board. */
export function createLocalBoard(clock: Clock): Board {
  const slots = new Map<string, { readonly value: string; readonly end: number }>();
  const listeners = new Set<() => void>();
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new Error('local: the board is closed');
  };

  return {
    name: 'local',
    async post(slot, value, lifetime) {
      assertOpen();
      slots.set(slot, { value, end: clock.now() + lifetime });
      // A hint never comes before the poster has its answer, as on a board across a network.
      queueMicrotask(() => {
        for (const listener of listeners) listener();
      });
    },
    async read() {
      assertOpen();
      const now = clock.now();
      const found = new Map<string, Posted>();
      for (const [slot, { value, end }] of slots) {
        if (end > now) found.set(slot, { value, remaining: millis(Math.floor(end - now)) });
        else slots.delete(slot);
      }
      return found;
    },
    onHint(listener) {
      listeners.add(listener);
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      slots.clear();
      listeners.clear();
    },
  };
}
