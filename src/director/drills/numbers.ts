// Numbers that may end a drill: asks for each as often as the plan says, while the drill goes on.

import { noteReading, type NumberState, type Reading, startNumber } from '../../drill/number.ts';
import type { NumberLimit } from '../../drill/number-limit.ts';
import { type FigureBook, startFigures, takeFigures, toldAt } from '../../health/figures.ts';
import type { HttpProbe } from '../../model/region.ts';
import type { Clock, Probe, Random } from '../../ports.ts';
import { jitter } from '../gossip/pace.ts';

export interface NumberParts {
  /** Reaches what probes may reach, and follows no redirect. */
  readonly probe: Probe<HttpProbe>;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Numbers {
  /** In the order of the plan. */
  states(): readonly NumberState[];
  /** Asks for each once. */
  read(signal: AbortSignal): Promise<void>;
  /** Asks again and again until the signal aborts; never rejects. */
  follow(signal: AbortSignal): Promise<void>;
}

export function createNumbers(limits: readonly NumberLimit[], parts: NumberParts): Numbers {
  const all = limits.map((limit) => createNumber(limit, parts));
  return {
    states: () => all.map(({ state }) => state()),
    read: async (signal) => void (await Promise.all(all.map(({ read }) => read(signal)))),
    follow: async (signal) => void (await Promise.all(all.map(({ follow }) => follow(signal)))),
  };
}

function createNumber(limit: NumberLimit, { probe, clock, random }: NumberParts) {
  let state = startNumber(limit, clock.now());
  let book = startFigures([limit.page]);
  const read = async (signal: AbortSignal): Promise<void> => {
    const { told = [], reason } = await probe(limit.page, signal);
    // What was cut off by the end of the drill says nothing of whom it asked.
    if (signal.aborted) return;
    const now = clock.now();
    book = takeFigures(book, ['gauge', 0], told, now);
    const isTold = told[0] !== undefined;
    state = noteReading(state, isTold ? readingOf(book) : unread(reason), now);
  };
  return {
    state: (): NumberState => state,
    read,
    async follow(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await clock.sleep(jitter(limit.every, random), signal);
        if (!signal.aborted) await read(signal);
      }
    },
  };
}

function readingOf(book: FigureBook): Reading {
  return { value: toldAt(book, 0, 0), reason: '' };
}

function unread(reason: string): Reading {
  return { value: undefined, reason: reason || 'the answer does not tell it' };
}
