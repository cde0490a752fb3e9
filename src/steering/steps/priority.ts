// Step `priority`: groups of regions in the operator's order; a later one serves when all before are out.

import type { Tiers } from '../../model/decision.ts';
import type { RegionId } from '../../model/region.ts';
import { Type } from '../../schema.ts';
import { block, list, regionId } from '../../shape.ts';
import { type OrderingStep, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';

const group = list(regionId, 'a list of at least one region', 1);

export const priorityStep = stepKind({
  kind: 'priority',
  shape: block({ groups: Type.Optional(list(group, 'a list of groups of regions', 1)) }),
  read({ groups }, reader): { readonly groups?: readonly (readonly RegionId[])[] } {
    if (groups === undefined) return {};
    const seen = new Set<string>();
    const read = groups.map((regions, i) => {
      for (const [k, region] of regions.entries()) {
        if (seen.has(region)) reader.refuse(['groups', i, k], `names ${region} a second time`);
      }
      for (const region of regions) seen.add(region);
      return reader.regionsIn(regions, ['groups', i]);
    });
    return { groups: read };
  },
  prepare: ({ groups }, { service }) =>
    preparePriority(groups ?? service.regions.map((id) => [id])),
});

/** Regions of no group come last, as equals. */
export function preparePriority(groups: readonly (readonly RegionId[])[]): OrderingStep {
  const rankOf = new Map<RegionId, number>();
  for (const [rank, regions] of groups.entries()) for (const id of regions) rankOf.set(id, rank);
  return {
    name: 'priority',
    isIndependent: true,
    apply: (tiers): Tiers =>
      tiers.flatMap((tier) => {
        const byRank: RegionId[][] = [];
        for (const id of tier) (byRank[rankOf.get(id) ?? groups.length] ??= []).push(id);
        return byRank.filter((regions) => regions !== undefined);
      }),
    describe: (_before, after) => `in the operator's order: ${describeOrder(after)}`,
  };
}
