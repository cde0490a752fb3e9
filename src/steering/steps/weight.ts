// Step `weight`: within each tier, every client network gets its own order, by weight.

import type { Region, RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { hashText, mixHash } from '../hash.ts';
import { stepKind, type ThinningStep } from '../step.ts';

export const weightStep = stepKind({
  kind: 'weight',
  shape: block({}),
  isDraw: true,
  prepare: (_settings, { regions }) => prepareWeight(regions),
});

/** What a region brings to the draw. */
interface Ticket {
  readonly weight: number;
  readonly hash: number;
}

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar, 1998): a region's share of networks follows
 * its weight, and a region that leaves moves only its own clients. Weight 0 is kept for a tier in
 * which no other region is left.
 */
export function prepareWeight(regions: ReadonlyMap<RegionId, Region>): ThinningStep {
  const tickets = new Map<RegionId, Ticket>();
  for (const { id, weight } of regions.values()) tickets.set(id, { weight, hash: hashText(id) });
  const weightOf = (id: RegionId): number => tickets.get(id)?.weight ?? 0;
  return {
    name: 'weight',
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply(race, { networkHash }, left) {
      const tiers = race.tiers.map((tier) => {
        const drawn = tier.length < 2 ? [] : draw(tier, tickets, networkHash);
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
    describe(before, after) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      const shared = before.tiers[at];
      if (shared === undefined) return 'no two regions are equally good';
      const weights = shared.map((id) => `${id} ${weightOf(id)}`).join(', ');
      return `by weight (${weights}) the client's network falls to ${after.tiers[at]?.[0]}`;
    },
  };
}

/** The regions that have weight, in the order that the network draws. */
function draw(
  tier: readonly RegionId[],
  tickets: ReadonlyMap<RegionId, Ticket>,
  networkHash: number,
): RegionId[] {
  const scored: { readonly id: RegionId; readonly score: number }[] = [];
  for (const id of tier) {
    const ticket = tickets.get(id);
    if (ticket === undefined || ticket.weight === 0) continue;
    const luck = (mixHash(networkHash, ticket.hash) + 0.5) / 0x1_0000_0000;
    scored.push({ id, score: -ticket.weight / Math.log(luck) });
  }
  return scored.sort((x, y) => y.score - x.score).map(({ id }) => id);
}
