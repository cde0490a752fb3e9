// Verdicts as text, so that a director that starts with every board down answers as before.

import { openRecovery } from '../health/recover.ts';
import type { HealthView, RegionHealth, Sighting, Verdict } from '../model/health.ts';
import type { RegionId } from '../model/region.ts';
import { type Millis, millis, shiftSince } from '../model/time.ts';
import type { Store } from '../ports.ts';

/** What is kept on disk between two lives of a director. */
export interface KeptVerdicts {
  readonly epoch: number;
  readonly health: HealthView;
}

const verdicts: readonly Verdict[] = ['up', 'down', 'unknown'];

export function encodeVerdicts({ epoch, health }: KeptVerdicts, now: Millis): string {
  const regions = Array.from(health, ([id, { verdict, since, recovery }]) => [
    id,
    verdict,
    since,
    ...sightingWords(recovery.seen),
  ]);
  return JSON.stringify({ epoch, savedAt: now, regions });
}

/** What the last life left; nothing where there is no disk, or nothing on it that can be read. */
export async function loadVerdicts(store: Store | undefined, now: Millis): Promise<KeptVerdicts> {
  const text = await store?.load('verdicts');
  const kept = text === undefined ? undefined : decodeVerdicts(text, now);
  return kept ?? { epoch: 0, health: new Map() };
}

/** Reads what `encodeVerdicts` wrote; every verdict counts as kept. Undefined for anything else. */
export function decodeVerdicts(text: string, now: Millis): KeptVerdicts | undefined {
  try {
    const { epoch, savedAt, regions } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isEpoch = Number.isSafeInteger(epoch) && (epoch as number) >= 0;
    if (!isEpoch || !Array.isArray(regions)) return undefined;
    const shift = shiftSince(Number.isFinite(savedAt) ? millis(savedAt as number) : undefined, now);
    const health = new Map(regions.flatMap((entry) => readRegion(entry, shift)));
    return { epoch: epoch as number, health };
  } catch {
    return undefined;
  }
}

function readRegion(entry: unknown, shift: number): [RegionId, RegionHealth][] {
  if (!Array.isArray(entry)) return [];
  const [id, word, since, upAt, trips] = entry as readonly unknown[];
  const verdict = verdicts.find((known) => known === word);
  if (typeof id !== 'string' || verdict === undefined || !Number.isFinite(since)) return [];
  const moment = Number.isFinite(upAt) ? (upAt as number) + shift : undefined;
  const health = {
    verdict,
    since: millis((since as number) + shift),
    isKept: true,
    isUnproven: true,
    isSuspect: false,
    votes: [],
    recovery: { ...openRecovery, seen: readSighting(verdict, moment, trips) },
  };
  return [[id as RegionId, health]];
}

/** When a region on its way back came up, and its trips; of one that is down, its trips. */
function sightingWords(seen: Sighting | undefined): unknown[] {
  if (seen === undefined || seen.upAt === Number.NEGATIVE_INFINITY) return [];
  return [seen.upAt === Number.POSITIVE_INFINITY ? null : seen.upAt, seen.trips];
}

function readSighting(
  verdict: Verdict,
  upAt: number | undefined,
  trips: unknown,
): Sighting | undefined {
  if (verdict === 'unknown') return undefined;
  const count = Number.isSafeInteger(trips) && (trips as number) >= 0 ? (trips as number) : 0;
  if (verdict === 'down') return { upAt: Number.POSITIVE_INFINITY, trips: count };
  return upAt === undefined ? { upAt: Number.NEGATIVE_INFINITY, trips: 0 } : { upAt, trips: count };
}
