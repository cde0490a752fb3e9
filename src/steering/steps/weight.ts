// Step `weight`: within each tier, every client network gets its own order, by weight.

import type { Departure } from '../../model/decision.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { hashText, mixHash } from '../hash.ts';
import type { ThinningStep } from '../step.ts';

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar, 1998): a region's share of networks follows
 * its weight, and a region that leaves moves only its own clients. Weight 0 is kept for a tier in
 * which no other region is left.
 */
export function prepareWeight(): ThinningStep {
  return {
    name: 'weight',
    picksByNetwork: true,
    apply(race, { regions, networkHash }, left) {
      const tiers = race.tiers.map((tier) =>
        tier.length < 2 ? tier : orderByWeight(tier, regions, networkHash, left),
      );
      return { ...race, tiers };
    },
    describe(before, after, { regions }) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      const shared = before.tiers[at];
      if (shared === undefined) return 'no two regions are equally good';
      const weights = shared.map((id) => `${id} ${regions.get(id)?.weight ?? 0}`).join(', ');
      return `by weight (${weights}) the client's network falls to ${after.tiers[at]?.[0]}`;
    },
  };
}

function orderByWeight(
  tier: readonly RegionId[],
  regions: ReadonlyMap<RegionId, Region>,
  networkHash: number,
  left: Departure[] | undefined,
): readonly RegionId[] {
  const scored: { id: RegionId; score: number }[] = [];
  for (const id of tier) {
    const weight = regions.get(id)?.weight ?? 0;
    if (weight === 0) continue;
    const draw = (mixHash(networkHash, hashText(id)) + 0.5) / 0x1_0000_0000;
    scored.push({ id, score: -weight / Math.log(draw) });
  }
  if (scored.length === 0) return tier;
  if (left !== undefined) {
    for (const region of tier) {
      if ((regions.get(region)?.weight ?? 0) > 0) continue;
      left.push({ region, code: 'weight-zero', detail: 'its weight is 0 and others can serve' });
    }
  }
  scored.sort((x, y) => y.score - x.score);
  return scored.map(({ id }) => id);
}
