// What directors hold over time: asked for again and again, and how much it grows.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetRegion } from '../../support/fleet-process.ts';
import { median } from '../table.ts';
import { type Confession, pathVariable } from './confess.ts';

export class Memory {
  readonly #folder: string;
  readonly #samples = new Map<FleetRegion, Confession[]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The environment in which a director can be asked. */
  env(region: FleetRegion): Readonly<Record<string, string>> {
    const preload = `--import=${join(import.meta.dirname, 'confess.ts')}`;
    return { [pathVariable]: this.#pathOf(region), NODE_OPTIONS: preload };
  }

  /** Asks; a director that stands still says nothing this time. */
  async ask(region: FleetRegion, signal: (name: NodeJS.Signals) => void): Promise<void> {
    signal('SIGUSR2');
    await sleep(3000);
    const path = this.#pathOf(region);
    if (!existsSync(path)) return;
    const confession = JSON.parse(readFileSync(path, 'utf8')) as Confession;
    const samples = this.#samples.get(region) ?? [];
    this.#samples.set(region, samples);
    if (samples.at(-1)?.at !== confession.at) samples.push(confession);
  }

  /** Everything that a director said of itself; what it said at last counts for words. */
  of(region: FleetRegion): readonly Confession[] {
    return this.#samples.get(region) ?? [];
  }

  #pathOf(region: FleetRegion): string {
    return join(this.#folder, `${region}.json`);
  }
}

export interface Growth {
  readonly first: number;
  readonly last: number;
  /** Of the line through all samples, by the hour. */
  readonly perHour: number;
}

/** In MB; `first` and `last` are medians of the first and the last quarter. */
export function growthOf(
  samples: readonly Confession[],
  read: (one: Confession) => number,
): Growth {
  const points = samples.map((one) => [one.at / 3_600_000, read(one) / 1_048_576] as const);
  const quarter = Math.max(1, Math.floor(points.length / 4));
  const values = points.map(([, y]) => y);
  return {
    first: median(values.slice(0, quarter)),
    last: median(values.slice(-quarter)),
    perHour: slopeOf(points),
  };
}

/** By least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (index: 0 | 1): number =>
    points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const up = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const down = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return up / down;
}
