// Threads that load their code while the rest of a director is built, so that it need not wait for them.

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
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

/**
 * Replies go into libuv's queue, which hands up to twenty to the kernel with one call (sendmmsg); else
 * Node first tries each by itself. It has the option for its own tests, so another Node may not have it.
 */
export const batchedSending = '--test-udp-no-try-send';

/** Those that nobody took end with the stack that builds. Options that Node does not know are left out. */
export function recruit(size: number, options: readonly string[] = [batchedSending]): Recruits {
  const waiting = Array.from({ length: size }, () => newRecruit(options));
  return {
    take: () => waiting.pop() ?? newRecruit(options),
    async [Symbol.asyncDispose]() {
      await Promise.all(waiting.map(({ worker }) => worker.terminate()));
    },
  };
}

/** What it starts with comes by a way of its own: what is said to it afterwards waits until it listens. */
function newRecruit(options: readonly string[]): Recruit {
  const { port1, port2 } = new MessageChannel();
  const worker = startThread(port2, options);
  return {
    worker,
    begin(start) {
      port1.postMessage(start);
      port1.close();
    },
  };
}

function startThread(port: MessagePort, options: readonly string[]): Worker {
  const execArgv = [...process.execArgv, ...options];
  const own = { workerData: port, transferList: [port] };
  const thread = new URL('thread.ts', import.meta.url);
  try {
    return new Worker(thread, { ...own, execArgv });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INVALID_EXEC_ARGV') throw error;
    return new Worker(thread, own);
  }
}
