// The in-process board: the default where no Redis is configured.

import { FaultError } from '../model/fault.ts';
import { millis } from '../model/time.ts';
import type { Board, Clock, Posted } from '../ports.ts';

/** Peers post here too, so it is bounded: slots, octets in one, characters in all. */
const maxSlots = 2048;
const maxValue = 262_144;
const maxTotal = 4 * 1024 * 1024;

/**
 * Slots expire by the clock. Several directors in one process may share one board. A post that finds
 * no room rejects: what is on the board is alive, and which of it matters only its readers know.
 */
export function createLocalBoard(clock: Clock): Board {
  const slots = new Map<string, { readonly value: string; readonly end: number }>();
  const listeners = new Set<() => void>();
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new Error('local: the board is closed');
  };

  const dropEnded = (): void => {
    const now = clock.now();
    for (const [slot, { end }] of slots) if (end <= now) slots.delete(slot);
  };

  const hasRoom = (slot: string, value: string): boolean => {
    let total = value.length;
    for (const [other, held] of slots) if (other !== slot) total += held.value.length;
    return total <= maxTotal && (slots.size < maxSlots || slots.has(slot));
  };

  return {
    name: 'local',
    kind: 'own',
    async post(slot, value, lifetime) {
      assertOpen();
      const size = Buffer.byteLength(value);
      if (size > maxValue) {
        throw new RangeError(`local: ${slot} has ${size} octets, a slot holds ${maxValue}`);
      }
      dropEnded();
      if (!hasRoom(slot, value)) {
        throw new FaultError({ code: 'board.unreachable', message: 'local: the board is full' });
      }
      slots.set(slot, { value, end: clock.now() + lifetime });
      // A hint never comes before the poster has its answer, as on a board across a network.
      queueMicrotask(() => {
        for (const listener of listeners) listener();
      });
    },
    async read() {
      assertOpen();
      dropEnded();
      const now = clock.now();
      const found = new Map<string, Posted>();
      for (const [slot, { value, end }] of slots) {
        found.set(slot, { value, remaining: millis(Math.floor(end - now)) });
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
