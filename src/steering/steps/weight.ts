// Step `weight`: within each tier clients are shared among regions by weight.

import type { Region, RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { drawByNetwork, ticketsOf } from '../rendezvous.ts';
import { stepKind, type ThinningStep } from '../step.ts';
import { Turns } from '../turns.ts';

export const weightStep = stepKind({
  kind: 'weight',
  shape: block({}),
  isDraw: true,
  prepare: (_settings, { regions }) => prepareWeight(regions),
});

/**
 * A client whose network is known draws by it and keeps its region; a resolver that tells nothing
 * of its clients is given one region after the other. Weight 0 is kept for a tier in which no
 * other region is left.
 */
export function prepareWeight(regions: ReadonlyMap<RegionId, Region>): ThinningStep {
  const tickets = ticketsOf(regions);
  const weightOf = (id: RegionId): number => tickets.get(id)?.weight ?? 0;
  const turns = new Turns(weightOf);
  return {
    name: 'weight',
    drawn: 'weights are',
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply(race, { networkHash, turn }, left) {
      const tiers = race.tiers.map((tier) => {
        if (tier.length < 2) return tier;
        const drawn =
          turn === undefined
            ? drawByNetwork(tier, tickets, networkHash)
            : turns.orderAt(tier, turn);
        if (drawn.length === 0) return tier;
        for (const region of left === undefined ? [] : tier) {
          if (weightOf(region) > 0) continue;
          left?.push({
            region,
            code: 'weight-zero',
            detail: 'its weight is 0 and others can serve',
          });
        }
        return drawn;
      });
      return { ...race, tiers };
    },
    describe(before, after, { turn }) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      const shared = before.tiers[at];
      if (shared === undefined) return 'no two regions are equally good';
      const weights = shared.map((id) => `${id} ${weightOf(id)}`).join(', ');
      const first = after.tiers[at]?.[0];
      return turn === undefined
        ? `by weight (${weights}) the client's network falls to ${first}`
        : `by weight (${weights}) it is ${first}'s turn for this resolver`;
    },
    measure: (ids) => ({
      unit: 'weight',
      of: Object.fromEntries(ids.map((id) => [id, weightOf(id)])),
    }),
  };
}
