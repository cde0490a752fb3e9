// Step `take`: answer with the best N regions, or with all that are equally good as the best.

import type { StepSettings } from '../../model/settings.ts';
import { Type } from '../../schema.ts';
import { flattenTiers, stepKind, type ThinningStep } from '../step.ts';

/** Regions that one answer names at most. */
const most = 16;

export const takeStep = stepKind({
  kind: 'take',
  shape: Type.Union([Type.Integer({ minimum: 1, maximum: most }), Type.Literal('best')], {
    description: `a number from 1 to ${most}, or best`,
  }),
  read: (written): { readonly count?: number } => (written === 'best' ? {} : { count: written }),
  prepare: ({ count }) => (count === undefined ? prepareTakeBest() : prepareTake(count)),
});

/** How many regions a chain leaves; Infinity where nothing is taken. */
export function reachOfTake(steps: readonly StepSettings[]): number {
  const step = steps.find(({ kind }) => kind === takeStep.kind);
  return (step?.['count'] as number | undefined) ?? Number.POSITIVE_INFINITY;
}

export function prepareTake(count: number): ThinningStep {
  return {
    name: 'take',
    takes: count,
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

/** All of the first group: one region for most clients, several where an earlier step could not tell. */
export function prepareTakeBest(): ThinningStep {
  return {
    name: 'take',
    picksByNetwork: () => false,
    apply(race, _moment, left) {
      const [first = [], ...others] = race.tiers;
      const taken = first.slice(0, most);
      for (const region of left === undefined ? [] : [first.slice(most), ...others].flat()) {
        left?.push({ region, code: 'not-needed', detail: 'others are better' });
      }
      return { ...race, tiers: taken.map((region) => [region]) };
    },
    describe(_before, after) {
      const taken = after.tiers.flat();
      if (taken.length === 0) return 'nothing is left to take';
      return taken.length === 1
        ? `the best one: ${taken[0]}`
        : `the best, which are equally good: ${taken.join(', ')}`;
    },
  };
}
