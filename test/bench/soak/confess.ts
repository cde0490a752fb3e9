// Preloaded into a director: at SIGUSR2 it collects garbage and writes down what it holds and what went wrong.

import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Confession {
  readonly at: number;
  readonly rssBytes: number;
  /** Of JavaScript's heap and of buffers outside it, after garbage was collected. */
  readonly heapBytes: number;
  readonly bufferBytes: number;
  readonly warnings: readonly string[];
  readonly uncaught: readonly string[];
}

/** The variable with the path to write to. */
export const pathVariable = 'MERIDIAN_CONFESSION';

const path = process.env[pathVariable];
if (path !== undefined) listen(path);

function listen(file: string): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const warnings: string[] = [];
  const uncaught: string[] = [];
  const write = (): void => {
    collect();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const confession: Confession = {
      at: Date.now(),
      rssBytes: rss,
      heapBytes: heapUsed,
      bufferBytes: arrayBuffers,
      warnings,
      uncaught,
    };
    writeFileSync(file, JSON.stringify(confession));
  };
  process.on('warning', ({ name, message }) => void warnings.push(`${name}: ${message}`));
  // Also told of rejections that nobody handles, and changes nothing about what then happens.
  process.on('uncaughtExceptionMonitor', (error) => {
    uncaught.push(String(error));
    write();
  });
  process.on('SIGUSR2', write);
}
