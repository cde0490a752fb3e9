// Step `consistent-hash`: within each tier a client's network keeps its region while that can serve.

import type { Region, RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { drawByNetwork, ticketsOf } from '../rendezvous.ts';
import { stepKind, type ThinningStep } from '../step.ts';

export const consistentHashStep = stepKind({
  kind: 'consistent-hash',
  shape: block({}),
  isDraw: true,
  prepare: (_settings, { regions }) => prepareConsistentHash(regions),
});

/**
 * As `weight` for a known network, and for resolvers too: a region that leaves moves only its own
 * networks, and they return with it. Where no region has weight, the order stays as it is.
 */
export function prepareConsistentHash(regions: ReadonlyMap<RegionId, Region>): ThinningStep {
  const tickets = ticketsOf(regions);
  return {
    name: 'consistent-hash',
    drawn: 'the hash is',
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply(race, { networkHash }) {
      const tiers = race.tiers.map((tier) => {
        if (tier.length < 2) return tier;
        const drawn = drawByNetwork(tier, tickets, networkHash);
        // Those without weight stand behind, so that nobody is left without an answer.
        return [...drawn, ...tier.filter((id) => !drawn.includes(id))];
      });
      return { ...race, tiers };
    },
    describe(before, after) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      return at < 0
        ? 'no two regions are equally good'
        : `the client's network belongs to ${after.tiers[at]?.join(', then ')}`;
    },
  };
}
