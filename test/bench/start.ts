// How soon a director is ready, at its first start and once more, and how much memory it takes.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDirectorProcess } from '../support/director-process.ts';
import { memoryOf } from './proc.ts';
import { root } from './servers/meridian.ts';
import { median } from './table.ts';

/** In ms and MB, medians. */
export interface StartCost {
  readonly workers: 1 | 2;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly resident: number;
  readonly proportional: number;
}

/** Until what a start leaves behind has been collected. */
const settleMs = 3000;

/** How long writing what is kept may take on the busiest machine. */
const mostMs = 60_000;

/**
 * The shipped configuration: each time cold, with nothing of what a start leaves for the next one,
 * neither tables nor compiled code, and then warm.
 */
export async function measureStart(
  workers: 1 | 2,
  folder: string,
  times: number,
): Promise<StartCost> {
  const own = join(folder, `start-${workers}`);
  mkdirSync(own);
  cpSync(join(root, 'regions'), join(own, 'regions'), { recursive: true });
  const config = join(own, 'meridian.yaml');
  const text = readFileSync(join(root, 'meridian.yaml'), 'utf8');
  writeFileSync(config, text.replace(/^dns:$/m, `dns:\n  workers: ${workers}`));
  const cold: number[] = [];
  const warm: number[] = [];
  const memories: { resident: number; proportional: number }[] = [];
  for (let time = 0; time < times; time++) {
    for (const left of [join(own, 'var'), join(root, 'node_modules/.cache/meridian')]) {
      rmSync(left, { recursive: true, force: true });
    }
    await using first = await startDirectorProcess(config);
    cold.push(first.readyMs);
    await untilKept(join(own, 'var/compiled.tables'));
    await first.stop();
    await using second = await startDirectorProcess(config);
    warm.push(second.readyMs);
    await sleep(settleMs);
    memories.push(memoryOf(second.pid));
    await second.stop();
  }
  return {
    workers,
    coldMs: median(cold),
    warmMs: median(warm),
    resident: median(memories.map(({ resident }) => resident)),
    proportional: median(memories.map(({ proportional }) => proportional)),
  };
}

/** Tables are written a second after the start, and never by one that was stopped before. */
async function untilKept(path: string): Promise<void> {
  const end = performance.now() + mostMs;
  while (!existsSync(path)) {
    if (performance.now() > end) throw new Error(`${path} was not written`);
    await sleep(50);
  }
}
