// Step `ip-hash`: within each tier the client's network alone decides, by a plain remainder.

import { block } from '../../shape.ts';
import { rotate, stepKind, type ThinningStep } from '../step.ts';

export const ipHashStep = stepKind({
  kind: 'ip-hash',
  shape: block({}),
  isDraw: true,
  prepare: prepareIpHash,
});

/**
 * Every region gets the same share of networks. One that leaves or returns moves most of them: where that
 * matters, `consistent-hash` moves as few as can be.
 */
export function prepareIpHash(): ThinningStep {
  return {
    name: 'ip-hash',
    drawn: 'the hash is',
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply: (race, { networkHash }) => ({
      ...race,
      tiers: race.tiers.map((tier) => rotate(tier, networkHash)),
    }),
    describe(before, after) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      return at < 0
        ? 'no two regions are equally good'
        : `the hash of the client's network falls to ${after.tiers[at]?.[0]}`;
    },
  };
}
