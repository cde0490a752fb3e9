// Virtual time in which one thing happens after another, on machines whose clocks differ, drift and are set.

import { type Millis, millis } from '../../src/model/time.ts';
import type { Clock } from '../../src/ports.ts';

export interface Timeline {
  /** The true time, from 0, in ms. */
  readonly now: () => number;
  /** Of what stands between machines: it is always right. */
  readonly clock: Clock;
  startMachine(facts: MachineFacts): Machine;
  /** Lets the next thing happen that is due by then; false, and the time has come, when there is none. */
  step(until: number): Promise<boolean>;
}

interface MachineFacts {
  /** What its clock reads now, in Unix ms. */
  readonly wall: number;
  /** How fast that clock goes: 1 is right. */
  readonly rate: number;
}

/** One life of a process and the machine that it runs on. */
export interface Machine {
  readonly clock: Clock;
  readonly isPaused: boolean;
  /** As by SIGSTOP: its clock goes on, and nothing happens in it. */
  pause(): void;
  /** What fell due meanwhile happens now. */
  resume(): void;
  /** As by SIGKILL: nothing ever happens in it again. */
  kill(): void;
  /** Resolves at once, or when it is resumed, or never once it was killed: for answers from outside. */
  awake(): Promise<void>;
}

interface Sleeper {
  due: number;
  order: number;
  readonly wake: () => void;
  readonly machine: Life | undefined;
  isGone: boolean;
}

interface Life {
  state: 'running' | 'paused' | 'killed';
  readonly held: Sleeper[];
}

export function createTimeline(): Timeline {
  const queue = new Queue();
  let now = 0;
  let order = 0;
  const lie = (due: number, wake: () => void, machine: Life | undefined): Sleeper => {
    const sleeper: Sleeper = { due, order: order++, wake, machine, isGone: false };
    queue.push(sleeper);
    return sleeper;
  };
  const sleepUntil = (due: number, signal: AbortSignal, machine?: Life): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = (): void => {
        sleeper.isGone = true;
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = lie(due, wake, machine);
      signal.addEventListener('abort', wake);
    });
  return {
    now: () => now,
    clock: {
      now: () => millis(now),
      sleep: (span, signal) => sleepUntil(now + Math.max(0, span), signal),
    },
    startMachine({ wall, rate }) {
      const life: Life = { state: 'running', held: [] };
      const born = now;
      return {
        clock: {
          now: () => millis(Math.floor(wall + (now - born) * rate)),
          sleep: (span: Millis, signal) => sleepUntil(now + Math.max(0, span) / rate, signal, life),
        },
        get isPaused() {
          return life.state === 'paused';
        },
        pause() {
          life.state = 'paused';
        },
        resume() {
          life.state = 'running';
          for (const sleeper of life.held.splice(0)) {
            sleeper.due = now;
            sleeper.order = order++;
            queue.push(sleeper);
          }
        },
        kill() {
          life.state = 'killed';
          life.held.length = 0;
        },
        awake() {
          if (life.state === 'running') return Promise.resolve();
          return new Promise((resolve) => void lie(now, resolve, life));
        },
      };
    },
    async step(until) {
      for (let next = queue.pop(until); next !== undefined; next = queue.pop(until)) {
        const { machine } = next;
        if (next.isGone || machine?.state === 'killed') continue;
        if (machine?.state === 'paused') {
          machine.held.push(next);
          continue;
        }
        now = Math.max(now, next.due);
        next.wake();
        await settle();
        return true;
      }
      now = until;
      return false;
    },
  };
}

/** Resolves after every promise and callback that is ready has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A heap: the earliest first, and of those due together the one that lay down first. */
class Queue {
  readonly #heap: Sleeper[] = [];

  push(sleeper: Sleeper): void {
    const heap = this.#heap;
    let at = heap.push(sleeper) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isEarlier(sleeper, heap[above] as Sleeper)) break;
      heap[at] = heap[above] as Sleeper;
      at = above;
    }
    heap[at] = sleeper;
  }

  pop(until: number): Sleeper | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.due > until) return undefined;
    const last = heap.pop() as Sleeper;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(sleeper: Sleeper): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const other = heap[below + 1];
      if (other !== undefined && isEarlier(other, heap[below] as Sleeper)) below++;
      if (!isEarlier(heap[below] as Sleeper, sleeper)) break;
      heap[at] = heap[below] as Sleeper;
      at = below;
    }
    heap[at] = sleeper;
  }
}

function isEarlier(one: Sleeper, other: Sleeper): boolean {
  return one.due === other.due ? one.order < other.order : one.due < other.due;
}
