// A thread that sends back what comes over UDP, all of it at once, and stops as soon as it has answered the last.

import { parentPort, workerData } from 'node:worker_threads';
import { startUdp } from '../../src/edge/udp.ts';

/** It answers once `gate[0]` is not 0, which blocks it: meanwhile the kernel gathers what comes. */
export interface BatchingData {
  readonly gate: Int32Array;
  readonly count: number;
}

const { gate, count } = workerData as BatchingData;
let seen = 0;
const udp = await startUdp({
  listen: { host: '127.0.0.1', port: 0 },
  respond: (bytes) => {
    Atomics.wait(gate, 0, 0);
    if (++seen === count) process.nextTick(() => void udp[Symbol.asyncDispose]());
    return bytes;
  },
  onSendError: (replies) => {
    throw new Error(`${replies} replies were not sent`);
  },
});
parentPort?.postMessage(udp.address.port, []);
