// Step `nearest`: order by great-circle distance, stretched or shrunk by each region's bias.

import type { Static } from 'typebox';
import type { Tiers } from '../../model/decision.ts';
import { type Coordinates, distanceKm, type Place } from '../../model/place.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { Type } from '../../schema.ts';
import { block, oneOf, whole } from '../../shape.ts';
import { type OrderingStep, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';
import { Globe } from '../globe.ts';

const shape = block({
  withinKm: Type.Optional(whole(0, 20_000, 'km')),
  whenVague: Type.Optional(oneOf(['distance', 'country', 'equal'])),
});

export const nearestStep = stepKind({
  kind: 'nearest',
  shape,
  read: readNearest,
  prepare: (settings, { regions }) => prepareNearest(settings, regions),
});

function readNearest({ withinKm = 0, whenVague }: Static<typeof shape>): NearestSettings {
  const isPlain = whenVague === undefined || whenVague === 'distance';
  return isPlain ? { withinKm } : { withinKm, whenVague };
}

export interface NearestSettings {
  /** Regions whose biased distance exceeds the tier's nearest by at most this share a tier. */
  readonly withinKm: number;
  /**
   * Where GeoIP may err by so much that another region could be the nearest: `distance` believes it
   * all the same, `country` puts those in the client's own country first, `equal` makes one tier of
   * all that could be the nearest.
   */
  readonly whenVague?: 'distance' | 'country' | 'equal';
}

export function prepareNearest(
  { withinKm, whenVague = 'distance' }: NearestSettings,
  regions: ReadonlyMap<RegionId, Region>,
): OrderingStep {
  const split = (tier: readonly RegionId[], place: Place): RegionId[][] => {
    if (whenVague === 'distance')
      return splitByDistance(tier, place.coordinates, withinKm, regions);
    return splitWhenVague(tier, place, { withinKm, whenVague }, regions);
  };
  const isIndependent = whenVague === 'distance' && withinKm === 0;
  return {
    name: 'nearest',
    isIndependent,
    ...(isIndependent && { first: prepareFirst(regions) }),
    ...(whenVague === 'distance' ? {} : { detail: { isRadius: true } }),
    apply(tiers, area): Tiers {
      const place = area.place;
      // Where the client is unknown, the configured order decides.
      if (place === undefined) return tiers.flatMap((tier) => tier.map((region) => [region]));
      return tiers.flatMap((tier) => split(tier, place));
    },
    describe(before, after, area): string {
      const place = area.place;
      if (place === undefined) {
        return `the place is not known, so the configured order decides: ${describeOrder(after)}`;
      }
      const isDoubted =
        whenVague !== 'distance' &&
        before.some((tier) => mayBeNearest(tier, place, regions).size > 1);
      const isShared = withinKm > 0 && after.some((tier) => tier.length > 1);
      const shared = isShared ? `up to ${withinKm} km farther is as good: ` : '';
      const because = isDoubted ? `${doubts[whenVague]}: ` : shared;
      const figure = (id: RegionId): string => describeDistance(id, place.coordinates, regions);
      const figures = after.map((tier) => tier.map(figure));
      // What an earlier step put first was not up to distance.
      let settled = 0;
      while (before.length > 1 && before[settled]?.length === 1) settled++;
      if (settled === 0) return `${because}${describeOrder(figures)}`;
      const [firm, free] = [figures.slice(0, settled), figures.slice(settled)];
      if (free.length === 0) return `nothing is left to distance: ${describeOrder(firm)}`;
      return `after ${firm.flat().join(', ')}: ${because}${describeOrder(free)}`;
    },
    measure(ids, { place }) {
      if (place === undefined) return undefined;
      const known = ids.flatMap((id) => regions.get(id) ?? []);
      const rows = known.map((region) => [region.id, biasedKm(place.coordinates, region)] as const);
      return { unit: 'km', of: Object.fromEntries(rows.map(([id, km]) => [id, Math.round(km)])) };
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

const doubts = {
  country:
    'the place is vague, so of the regions that may be the nearest those in its country come first',
  equal: 'the place is vague, so all that may be the nearest are equally good',
} as const;

/**
 * Regions of a tier that may be the nearest one, if the client is as far from where GeoIP believes as
 * the radius says; more than one where it is vague. An error of so many km brings one nearer by at most that and takes another as far away.
 */
export function mayBeNearest(
  tier: readonly RegionId[],
  { coordinates, radiusKm }: Place,
  regions: ReadonlyMap<RegionId, Region>,
): ReadonlySet<RegionId> {
  const rows = tier.flatMap((id) => {
    const region = regions.get(id);
    return region === undefined ? [] : [{ id, km: biasedKm(coordinates, region) }];
  });
  const least = Math.min(...rows.map(({ km }) => km));
  return new Set(rows.filter(({ km }) => km - least < 2 * radiusKm).map(({ id }) => id));
}

function splitWhenVague(
  tier: readonly RegionId[],
  place: Place,
  { withinKm, whenVague }: NearestSettings,
  regions: ReadonlyMap<RegionId, Region>,
): RegionId[][] {
  const split = (ids: readonly RegionId[], within: number): RegionId[][] =>
    splitByDistance(ids, place.coordinates, within, regions);
  const near = mayBeNearest(tier, place, regions);
  if (near.size < 2) return split(tier, withinKm);
  if (whenVague === 'equal') {
    const rest = tier.filter((id) => !near.has(id));
    return [...split([...near], Number.POSITIVE_INFINITY), ...split(rest, withinKm)];
  }
  const isFirst = (id: RegionId): boolean =>
    near.has(id) && place.country !== '' && regions.get(id)?.country === place.country;
  const rest = tier.filter((id) => !isFirst(id));
  return [...split(tier.filter(isFirst), withinKm), ...split(rest, withinKm)];
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

/** Measures the distance to a few of many regions, where nothing but that orders them. */
function prepareFirst(regions: ReadonlyMap<RegionId, Region>): NonNullable<OrderingStep['first']> {
  const globe = new Globe(regions);
  return (tiers, { place }, count) => {
    if (place === undefined) return firstOf(tiers, count, (tier) => tier.map((id) => [id]));
    const { coordinates } = place;
    return firstOf(tiers, count, (tier, lacking) =>
      splitByDistance(globe.nearest(tier, coordinates, lacking), coordinates, 0, regions),
    );
  };
}

/** Splits tier by tier until there are so many regions; `split` is told how many are lacking. */
function firstOf(
  tiers: Tiers,
  count: number,
  split: (tier: readonly RegionId[], lacking: number) => RegionId[][],
): RegionId[][] {
  const first: RegionId[][] = [];
  let held = 0;
  for (const tier of tiers) {
    if (held >= count) break;
    const parts = split(tier, count - held);
    for (const part of parts) held += part.length;
    first.push(...parts);
  }
  return first;
}

function splitByDistance(
  tier: readonly RegionId[],
  from: Coordinates,
  withinKm: number,
  regions: ReadonlyMap<RegionId, Region>,
): RegionId[][] {
  const { ids, distances } = sortByDistance(tier, from, regions);
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

/** More than so many take less time to sort in any other way than by insertion. */
const fewToInsert = 32;

function sortByDistance(
  tier: readonly RegionId[],
  from: Coordinates,
  regions: ReadonlyMap<RegionId, Region>,
): { readonly ids: readonly RegionId[]; readonly distances: readonly number[] } {
  const ids: RegionId[] = [];
  const distances: number[] = [];
  const isShort = tier.length <= fewToInsert;
  for (const id of tier) {
    const region = regions.get(id);
    if (region === undefined) continue;
    const km = biasedKm(from, region);
    // This runs for every position on the globe, and most tiers are short.
    let at = ids.length;
    for (; isShort && at > 0 && (distances[at - 1] as number) > km; at--) {
      ids[at] = ids[at - 1] as RegionId;
      distances[at] = distances[at - 1] as number;
    }
    ids[at] = id;
    distances[at] = km;
  }
  if (isShort) return { ids, distances };
  const order = Uint32Array.from(distances.keys());
  order.sort(
    (one, other) => (distances[one] as number) - (distances[other] as number) || one - other,
  );
  return {
    ids: Array.from(order, (at) => ids[at] as RegionId),
    distances: Array.from(order, (at) => distances[at] as number),
  };
}
