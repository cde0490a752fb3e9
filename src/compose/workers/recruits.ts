// Threads that load their code while the rest of a director is built, so that it need not wait for them.

import { MessageChannel, Worker } from 'node:worker_threads';
import type { Start } from './words.ts';

export interface Recruit {
  readonly worker: Worker;
  /** To be called once. */
  readonly begin: (start: Start) => void;
}

export interface Recruits extends AsyncDisposable {
  /** One that has been loading since; a new one when there are no more. */
  take(): Recruit;
}

/** Those that nobody took end with the stack that builds. */
export function recruit(size: number): Recruits {
  const waiting = Array.from({ length: size }, newRecruit);
  return {
    take: () => waiting.pop() ?? newRecruit(),
    async [Symbol.asyncDispose]() {
      await Promise.all(waiting.map(({ worker }) => worker.terminate()));
    },
  };
}

/** What it starts with comes by a way of its own: what is said to it afterwards waits until it listens. */
function newRecruit(): Recruit {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: port2,
    transferList: [port2],
  });
  return {
    worker,
    begin(start) {
      port1.postMessage(start);
      port1.close();
    },
  };
}
