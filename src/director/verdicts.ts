// Verdicts as text, so that a director that starts with every board down answers as before.

import type { HealthView, RegionHealth, Verdict } from '../model/health.ts';
import type { RegionId } from '../model/region.ts';
import { millis } from '../model/time.ts';

/** What is kept on disk between two lives of a director. */
export interface KeptVerdicts {
  readonly epoch: number;
  readonly health: HealthView;
}

const verdicts: readonly Verdict[] = ['up', 'down', 'unknown'];

export function encodeVerdicts({ epoch, health }: KeptVerdicts): string {
  const regions = Array.from(health, ([id, { verdict, since }]) => [id, verdict, since]);
  return JSON.stringify({ epoch, regions });
}

/** Reads what `encodeVerdicts` wrote; every verdict counts as kept. Undefined for anything else. */
export function decodeVerdicts(text: string): KeptVerdicts | undefined {
  try {
    const { epoch, regions } = JSON.parse(text) as { epoch: unknown; regions: unknown };
    const isEpoch = Number.isSafeInteger(epoch) && (epoch as number) >= 0;
    if (!isEpoch || !Array.isArray(regions)) return undefined;
    return { epoch: epoch as number, health: new Map(regions.flatMap(readRegion)) };
  } catch {
    return undefined;
  }
}

function readRegion(entry: unknown): [RegionId, RegionHealth][] {
  if (!Array.isArray(entry)) return [];
  const [id, word, since] = entry as readonly unknown[];
  const verdict = verdicts.find((known) => known === word);
  if (typeof id !== 'string' || verdict === undefined || !Number.isFinite(since)) return [];
  const health = {
    verdict,
    since: millis(since as number),
    isKept: true,
    isSuspect: false,
    votes: [],
  };
  return [[id as RegionId, health]];
}
