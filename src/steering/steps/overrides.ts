// Step `overrides`: regions that an operator has drained or declared down leave the race.

import { block } from '../../shape.ts';
import { filterTiers, stepKind, type ThinningStep } from '../step.ts';
import { describeOverride } from '../words.ts';

export const overridesStep = stepKind({
  kind: 'overrides',
  shape: block({}),
  isAlways: () => true,
  prepare: prepareOverrides,
});

export function prepareOverrides(): ThinningStep {
  return {
    name: 'overrides',
    isExclusion: true,
    picksByNetwork: () => false,
    apply(race, { overrides }, left) {
      const tiers = filterTiers(race.tiers, (region) => {
        const override = overrides.get(region);
        if (override === undefined || override.kind === 'up') return true;
        left?.push({
          region,
          code: override.kind === 'drain' ? 'drained' : 'overridden-down',
          detail: describeOverride(override),
        });
        return false;
      });
      return { ...race, tiers, reserve: tiers };
    },
    describe(before, after, { overrides }) {
      const all = before.tiers.flat();
      const out = all.length - after.tiers.flat().length;
      const spoken = out === 0 ? [] : [`${out} of ${all.length} taken out by hand`];
      for (const region of all) {
        const override = overrides.get(region);
        if (override?.kind === 'up') spoken.push(`${region} is ${describeOverride(override)}`);
      }
      return spoken.join('; ') || 'no operator has spoken';
    },
  };
}
