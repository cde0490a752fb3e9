// Step `nearest`: order by great-circle distance, stretched or shrunk by each region's bias.

import type { Tiers } from '../../model/decision.ts';
import { type Coordinates, distanceKm } from '../../model/place.ts';
import type { Region, RegionId } from '../../model/region.ts';
import type { OrderingStep } from '../step.ts';

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
    describe(tiers, area): string {
      const place = area.place;
      if (place === undefined) return 'the place is not known, so the configured order decides';
      const figures = tiers.flat().map((id) => {
        const region = regions.get(id);
        if (region === undefined) return id;
        const km = Math.round(distanceKm(place.coordinates, region.coordinates));
        const bias = region.bias === 0 ? '' : ` (bias ${region.bias > 0 ? '+' : ''}${region.bias})`;
        return `${id} ${km} km${bias}`;
      });
      return `by distance: ${figures.join(', ')}`;
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

function splitByDistance(
  tier: readonly RegionId[],
  from: Coordinates,
  withinKm: number,
  regions: ReadonlyMap<RegionId, Region>,
): RegionId[][] {
  const measured: { id: RegionId; km: number }[] = [];
  for (const id of tier) {
    const region = regions.get(id);
    if (region !== undefined) measured.push({ id, km: biasedKm(from, region) });
  }
  measured.sort((x, y) => x.km - y.km);
  const split: RegionId[][] = [];
  let limit = -1;
  for (const { id, km } of measured) {
    if (km > limit) {
      split.push([]);
      limit = km + withinKm;
    }
    split.at(-1)?.push(id);
  }
  return split;
}
