// One thread that answers, as the main thread holds it: asks, waits for a while, and notices its end.

import { createDnsCounts, type DnsCounts } from '../../director/counters.ts';
import type { Batch } from '../../director/workers/heard.ts';
import { FaultError } from '../../model/fault.ts';
import type { Log } from '../../ports.ts';
import type { Doors } from '../dns.ts';
import type { Recruit } from './recruits.ts';
import type { FromWorker, Question, Start, ToWorker } from './words.ts';

export interface Hand {
  /** Settles when it listens; rejects with a FaultError when it cannot, with an Error when it ends first. */
  readonly listening: Promise<Doors>;
  /** Settles with the reason when it has ended. */
  readonly ended: Promise<string>;
  /** As it told last. */
  counts(): DnsCounts;
  /**
   * Settles when it is done, when it has ended, and after a quarter of a second at the latest; at once
   * while it does not listen yet, which it does after all that it was asked.
   */
  ask(question: Question): Promise<void>;
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

export interface HandOptions {
  readonly recruit: Recruit;
  readonly start: Start;
  readonly log: Log;
  readonly onHeard: (batch: Batch) => void;
}

const patienceMs = 250;

/** Whoever tells nothing for so long, once it listens, is taken to hang. */
const silenceMs = 10_000;

/** How long it may take until it listens, on the busiest machine. */
const startMs = 60_000;

/** How long answers on their way may take once it is told to stop. */
const stopMs = 5000;

export function startHand({ recruit: { worker, begin }, start, log, onHeard }: HandOptions): Hand {
  const ended = Promise.withResolvers<string>();
  const listening = Promise.withResolvers<Doors>();
  // Whoever waits hears of it; nobody has to.
  listening.promise.catch(() => undefined);
  let last = createDnsCounts();
  let hearBefore = performance.now() + startMs;
  let reason = 'it ended by itself';
  const say = (word: ToWorker): void => worker.postMessage(word, []);
  const desk = openDesk(say);
  const look = setInterval(() => {
    if (performance.now() < hearBefore) return;
    reason = 'it said nothing for too long';
    void worker.terminate();
  }, silenceMs / 10);
  worker.on('message', (word: FromWorker) => {
    hearBefore = performance.now() + silenceMs;
    if (word.kind === 'listening') {
      desk.open();
      listening.resolve(word.doors);
    } else if (word.kind === 'refused') listening.reject(new FaultError(word.fault));
    else if (word.kind === 'done') desk.settle(word.id);
    else if (word.kind === 'counts') last = word.counts;
    else if (word.kind === 'heard') {
      say({ kind: 'played' });
      onHeard(word.batch);
    } else log[word.level](word.event, word.fields);
  });
  begin(start);
  worker.on('error', (error) => void (reason = String(error)));
  worker.on('exit', () => {
    clearInterval(look);
    desk.close();
    listening.reject(new Error(reason));
    ended.resolve(reason);
  });
  return {
    listening: listening.promise,
    ended: ended.promise,
    counts: () => last,
    ask: desk.ask,
    async stop() {
      say({ kind: 'stop' });
      const timer = setTimeout(() => void worker.terminate(), stopMs);
      await ended.promise;
      clearTimeout(timer);
    },
    kill: () => void worker.terminate(),
  };
}

/** What was asked and is not done yet. */
function openDesk(say: (word: ToWorker) => void) {
  const waiting = new Map<number, () => void>();
  let asked = 0;
  let isOpen = false;
  return {
    open: (): void => void (isOpen = true),
    settle: (id: number): void => waiting.get(id)?.(),
    close(): void {
      for (const settle of waiting.values()) settle();
    },
    ask: (question: Question): Promise<void> =>
      new Promise((resolve) => {
        const id = asked++;
        say({ ...question, id });
        if (!isOpen) return resolve();
        const settle = (): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve();
        };
        const timer = setTimeout(settle, patienceMs);
        waiting.set(id, settle);
      }),
  };
}
