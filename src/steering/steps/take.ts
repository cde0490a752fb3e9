// Step `take`: answer with the best N regions.

import type { StepSettings } from '../../model/settings.ts';
import { whole } from '../../shape.ts';
import { flattenTiers, stepKind, type ThinningStep } from '../step.ts';

export const takeStep = stepKind({
  kind: 'take',
  shape: whole(1, 16),
  read: (count) => ({ count }),
  prepare: ({ count }) => prepareTake(count),
});

/** How many regions a chain leaves; Infinity where nothing is taken. */
export function reachOfTake(steps: readonly StepSettings[]): number {
  const step = steps.find(({ kind }) => kind === takeStep.kind);
  return (step?.['count'] as number | undefined) ?? Number.POSITIVE_INFINITY;
}

export function prepareTake(count: number): ThinningStep {
  return {
    name: 'take',
    picksByNetwork: () => false,
    apply(race, _moment, left) {
      const all = flattenTiers(race.tiers);
      for (const region of left === undefined ? [] : all.slice(count)) {
        left?.push({ region, code: 'not-needed', detail: 'others are better' });
      }
      return { ...race, tiers: all.slice(0, count).map((region) => [region]) };
    },
    describe(_before, after) {
      const taken = after.tiers.flat();
      if (taken.length === 0) return 'nothing is left to take';
      const what =
        taken.length < count ? 'all that is left' : `the best ${count === 1 ? 'one' : count}`;
      return `${what}: ${taken.join(', ')}`;
    },
  };
}
