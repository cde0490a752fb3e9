// Step `overrides`: regions that an operator has drained or declared down leave the race.

import { filterTiers, type ThinningStep } from '../step.ts';
import { describeOverride } from '../words.ts';

export function prepareOverrides(): ThinningStep {
  return {
    name: 'overrides',
    picksByNetwork: false,
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
    describe(before, _after, { overrides }) {
      const kept = before.tiers.flat().filter((region) => overrides.get(region)?.kind === 'up');
      if (kept.length > 0) return `an operator holds ${kept.join(', ')} up`;
      return before.tiers.flat().some((region) => overrides.has(region))
        ? 'an operator has taken regions out'
        : 'no operator has spoken';
    },
  };
}
