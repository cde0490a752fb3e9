// Step `last-resort`: when no region is alive, answer by geography all the same (fail open).

import { block } from '../../shape.ts';
import { stepKind, type ThinningStep } from '../step.ts';

export const lastResortStep = stepKind({
  kind: 'last-resort',
  shape: block({}),
  isAlways: true,
  prepare: prepareLastResort,
});

export function prepareLastResort(): ThinningStep {
  return {
    name: 'last-resort',
    picksByNetwork: () => false,
    apply(race) {
      return race.tiers.length > 0 ? race : { ...race, tiers: race.reserve, isFailOpen: true };
    },
    describe(before, after) {
      if (before.tiers.length > 0) return 'not needed';
      return after.tiers.length > 0
        ? 'nothing is alive, so geography alone decides'
        : 'operators have taken out every region';
    },
  };
}
