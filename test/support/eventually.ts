// Waiting for what a real fleet will do, without deciding anything by how long it takes.

import { setTimeout as sleep } from 'node:timers/promises';

/** No fleet of a test needs as long; what has not happened by then will not happen. */
const patienceMs = 60_000;

/** Asks again and again until the answer holds; resolves with the milliseconds it took. */
export async function eventually(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
): Promise<number> {
  const start = performance.now();
  while (performance.now() - start < patienceMs) {
    if (await isTrue()) return performance.now() - start;
    await sleep(20);
  }
  throw new Error(`it never came true that ${what}`);
}
