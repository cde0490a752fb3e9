// Step `round-robin`: within each tier every region comes first in turn.

import { block } from '../../shape.ts';
import { rotate, stepKind, type ThinningStep } from '../step.ts';

export const roundRobinStep = stepKind({
  kind: 'round-robin',
  shape: block({}),
  isDraw: true,
  prepare: prepareRoundRobin,
});

/**
 * A resolver that tells nothing of its clients is given the next region each second. What it is told for a
 * client's network it keeps for that network, so there the turn is the network's own and stays.
 */
export function prepareRoundRobin(): ThinningStep {
  return {
    name: 'round-robin',
    drawn: 'turns are',
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply(race, { networkHash, turn = networkHash }) {
      return { ...race, tiers: race.tiers.map((tier) => rotate(tier, turn)) };
    },
    describe(before, after, { turn }) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      if (at < 0) return 'no two regions are equally good';
      const whom = turn === undefined ? "the client's network" : 'this resolver';
      return `it is ${after.tiers[at]?.[0]}'s turn for ${whom}`;
    },
  };
}
