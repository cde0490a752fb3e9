// A plan for three regions, and what is seen while nothing happens.

import type { Plan } from '../../src/drill/plan.ts';
import type { Baseline, RegionSight, Seen } from '../../src/drill/stops.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';

const id = (text: string): RegionId => text as RegionId;

export function aPlan(change: Partial<Plan> = {}): Plan {
  const hold = millis(30_000);
  return {
    region: id('eu'),
    service: undefined,
    steps: [
      { share: 0.25, hold },
      { share: 0.5, hold },
      { share: 1, hold },
    ],
    notice: millis(60_000),
    mostLoad: undefined,
    numbers: [],
    objectives: { firstMoved: undefined, drained: undefined, noAbort: false },
    others: [id('us'), id('ap')],
    actor: 'alice',
    reason: 'rehearsal',
    ...change,
  };
}

const well: RegionSight = { verdict: 'up', isKept: false, isProbed: true, load: undefined };

export function sightOf(changes: Readonly<Record<string, Partial<RegionSight>>> = {}) {
  return new Map(
    ['eu', 'us', 'ap'].map((region) => [id(region), { ...well, ...changes[region] }] as const),
  );
}

export function baselineOf(words: readonly string[] = []): Baseline {
  return { sight: sightOf(), words: new Set(words) };
}

export const calm: Seen = {
  sight: sightOf(),
  words: new Map(),
  isHeard: true,
  number: undefined,
  earlier: undefined,
};
