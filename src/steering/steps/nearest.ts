// Step `nearest`: order by great-circle distance, stretched or shrunk by each region's bias.

import { Type } from 'typebox';
import type { Tiers } from '../../model/decision.ts';
import { type Coordinates, distanceKm } from '../../model/place.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { block, whole } from '../../shape.ts';
import { type OrderingStep, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';

export const nearestStep = stepKind({
  kind: 'nearest',
  shape: block({ withinKm: Type.Optional(whole(0, 20_000, 'km')) }),
  read: ({ withinKm = 0 }) => ({ withinKm }),
  prepare: ({ withinKm }, { regions }) => prepareNearest(withinKm, regions),
});

/** Regions whose biased distance exceeds the tier's nearest by at most `withinKm` share a tier. */
export function prepareNearest(
  withinKm: number,
  regions: ReadonlyMap<RegionId, Region>,
): OrderingStep {
  return {
    name: 'nearest',
    apply(tiers, area): Tiers {
      const place = area.place;
      // Where the client is unknown, the configured order decides.
      if (place === undefined) return tiers.flatMap((tier) => tier.map((region) => [region]));
      return tiers.flatMap((tier) => splitByDistance(tier, place.coordinates, withinKm, regions));
    },
    describe(before, after, area): string {
      const place = area.place;
      if (place === undefined) {
        return `the place is not known, so the configured order decides: ${describeOrder(after)}`;
      }
      const figure = (id: RegionId): string => describeDistance(id, place.coordinates, regions);
      const figures = after.map((tier) => tier.map(figure));
      // What an earlier step put first was not up to distance.
      let settled = 0;
      while (before.length > 1 && before[settled]?.length === 1) settled++;
      if (settled === 0) return describeOrder(figures);
      const [firm, free] = [figures.slice(0, settled), figures.slice(settled)];
      if (free.length === 0) return `nothing is left to distance: ${describeOrder(firm)}`;
      return `after ${firm.flat().join(', ')}: ${describeOrder(free)}`;
    },
  };
}

/**
 * Positive bias shrinks the distance in proportion, negative bias stretches it: +50 halves it and
 * -50 doubles it, the same scale as geoproximity in Route 53.
 */
export function biasedKm(from: Coordinates, region: Region): number {
  const km = distanceKm(from, region.coordinates);
  return region.bias >= 0 ? km * (1 - region.bias / 100) : km / (1 + region.bias / 100);
}

/** `eu-west 439 km`, and what a bias makes of that. */
function describeDistance(
  id: RegionId,
  from: Coordinates,
  regions: ReadonlyMap<RegionId, Region>,
): string {
  const region = regions.get(id);
  if (region === undefined) return id;
  const km = Math.round(distanceKm(from, region.coordinates));
  if (region.bias === 0) return `${id} ${km} km`;
  const bias = `bias ${region.bias > 0 ? '+' : ''}${region.bias}`;
  return `${id} ${km} km (counts as ${Math.round(biasedKm(from, region))}, ${bias})`;
}

function splitByDistance(
  tier: readonly RegionId[],
  from: Coordinates,
  withinKm: number,
  regions: ReadonlyMap<RegionId, Region>,
): RegionId[][] {
  // Sorted by insertion: this runs for every position on the globe, and tiers are short.
  const ids: RegionId[] = [];
  const distances: number[] = [];
  for (const id of tier) {
    const region = regions.get(id);
    if (region === undefined) continue;
    const km = biasedKm(from, region);
    let at = ids.length;
    for (; at > 0 && (distances[at - 1] as number) > km; at--) {
      ids[at] = ids[at - 1] as RegionId;
      distances[at] = distances[at - 1] as number;
    }
    ids[at] = id;
    distances[at] = km;
  }
  const split: RegionId[][] = [];
  let limit = -1;
  for (const [i, id] of ids.entries()) {
    const km = distances[i] as number;
    if (km <= limit) {
      split.at(-1)?.push(id);
      continue;
    }
    split.push([id]);
    limit = km + withinKm;
  }
  return split;
}
