// How soon a director is ready, with nothing on its disk and once more, and how much memory it takes.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The shipped configuration: each time cold, with an empty folder for its state, and then warm. */
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
    rmSync(join(own, 'var'), { recursive: true, force: true });
    await using first = await startDirectorProcess(config);
    cold.push(first.readyMs);
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
