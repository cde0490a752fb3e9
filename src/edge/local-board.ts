// The in-process board: the default where no Redis is configured.

import { FaultError } from '../model/fault.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Board, Clock, Posted } from '../ports.ts';

/** Peers post here too, so it is bounded: slots, octets in one, characters in all. */
const maxSlots = 4096;
/** More than any reader takes, who counts what is oversized, and no more than a quarter of the board. */
const maxValue = 1024 * 1024;
const maxTotal = 4 * 1024 * 1024;

/**
 * Slots expire by the clock. Several directors in one process may share one board. A post that finds
 * no room rejects: what is on the board is alive, and which of it matters only its readers know.
 */
export function createLocalBoard(clock: Clock): Board {
  const slots: Slots = new Map();
  const listeners = new Set<(slot: string) => void>();
  let isClosed = false;

  const assertOpen = (): void => {
    if (isClosed) throw new Error('local: the board is closed');
  };

  return {
    name: 'local',
    kind: 'own',
    async post(slot, value, lifetime, isQuiet = false) {
      assertOpen();
      dropEnded(slots, clock.now());
      assertRoom(slots, slot, value);
      slots.set(slot, { value, end: clock.now() + lifetime });
      if (isQuiet) return;
      // A hint never comes before the poster has its answer, as on a board across a network.
      queueMicrotask(() => {
        for (const listener of listeners) listener(slot);
      });
    },
    async read(only) {
      assertOpen();
      const now = clock.now();
      dropEnded(slots, now);
      const found = new Map<string, Posted>();
      for (const slot of only ?? slots.keys()) {
        const held = slots.get(slot);
        if (held === undefined) continue;
        found.set(slot, { value: held.value, remaining: millis(Math.floor(held.end - now)) });
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

type Slots = Map<string, { readonly value: string; readonly end: number }>;

function dropEnded(slots: Slots, now: Millis): void {
  for (const [slot, { end }] of slots) if (end <= now) slots.delete(slot);
}

function assertRoom(slots: Slots, slot: string, value: string): void {
  const size = Buffer.byteLength(value);
  if (size > maxValue) {
    throw new RangeError(`local: ${slot} has ${size} octets, a slot holds ${maxValue}`);
  }
  let total = value.length;
  for (const [other, held] of slots) if (other !== slot) total += held.value.length;
  if (total <= maxTotal && (slots.size < maxSlots || slots.has(slot))) return;
  throw new FaultError({ code: 'board.unreachable', message: 'local: the board is full' });
}
