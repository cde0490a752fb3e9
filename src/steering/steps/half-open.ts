// Step `half-open`: a region that comes back from `down` gets a growing share of client networks.

import type { Recovery } from '../../model/health.ts';
import type { RegionId } from '../../model/region.ts';
import { formatMoment } from '../../model/time.ts';
import { isPicked } from '../hash.ts';
import { block } from '../../shape.ts';
import { filterTiers, type Moment, type Race, stepKind, type ThinningStep } from '../step.ts';

export const halfOpenStep = stepKind({
  kind: 'half-open',
  shape: block({}),
  isAlways: () => true,
  prepare: (_settings, { reach }) => prepareHalfOpen(reach),
});

/**
 * Spares a region that has just come up, as long as another can serve its clients: where every
 * region in the race is on its way back, sparing one would only load the others, and all stay. Who
 * serves for the floor's sake alone is neither spared nor one for whom another can be: what is down
 * relieves nobody. `reach` is how many regions an answer names; where the order is drawn later, there is none.
 */
export function prepareHalfOpen(reach: number): ThinningStep {
  return {
    name: 'half-open',
    drawn: 'who goes back is',
    picksByNetwork: (race, moment) => hasPick(race, moment, reach),
    isAlike: (race, moment) => !hasPick(race, moment, Number.POSITIVE_INFINITY),
    apply(race, moment, left) {
      if (!isNeeded(race, moment)) return race;
      const tiers = filterTiers(race.tiers, (region) => {
        const way = spareable(region, race, moment);
        if (way === undefined || isIn(region, way.share, moment.networkHash)) return true;
        const detail =
          way.share === 0 ? 'up again, but held back' : 'up again, but not yet for this network';
        left?.push({ region, code: 'recovering', detail });
        return false;
      });
      return { ...race, tiers };
    },
    describe(before, _after, moment) {
      const regions = before.tiers.flat();
      const spoken = regions.flatMap((region) => {
        const way = wayBack(region, moment);
        if (way === undefined) return [];
        if (before.floored.has(region)) {
          return [
            `${region} is coming back, and gets all of its clients for the sake of the floor`,
          ];
        }
        const isAmong = isIn(region, way.share, moment.networkHash);
        return [`${region} is coming back: ${describeWay(way, isAmong)}`];
      });
      if (spoken.length === 0) return 'no region is on its way back';
      const isAnySpareable = regions.some((region) => spareable(region, before, moment));
      if (isNeeded(before, moment) || !isAnySpareable) return spoken.join('; ');
      return `every region that is left is on its way back, so none is spared: ${spoken.join('; ')}`;
    },
  };
}

/** Undefined for a region that is not on its way back, or that an operator holds up. */
export function wayBack(
  region: RegionId,
  { health, overrides }: Pick<Moment, 'health' | 'overrides'>,
): Recovery | undefined {
  const recovery = health.get(region)?.recovery;
  if (recovery?.nextAt === undefined || overrides.get(region)?.kind === 'up') return undefined;
  return recovery;
}

/** The way back of a region that the floor does not need. */
function spareable(region: RegionId, { floored }: Race, moment: Moment): Recovery | undefined {
  return floored.has(region) ? undefined : wayBack(region, moment);
}

/** True when a region is on its way back and another, which is not, can stand in for it. */
function isNeeded({ tiers, floored }: Race, moment: Moment): boolean {
  let isAnyBack = false;
  let isAnyOpen = false;
  for (const tier of tiers) {
    for (const region of tier) {
      if (floored.has(region)) continue;
      if (wayBack(region, moment) === undefined) isAnyOpen = true;
      else isAnyBack = true;
    }
  }
  return isAnyBack && isAnyOpen;
}

function isAnyShedding({ tiers }: Race, { loads }: Moment): boolean {
  if (loads.size === 0) return false;
  return tiers.some((tier) => tier.some((region) => (loads.get(region)?.shed ?? 0) > 0));
}

/** True when some clients of this race may be answered with a region that others may not. */
function hasPick(race: Race, moment: Moment, reach: number): boolean {
  if (!isNeeded(race, moment)) return false;
  // Whom a busy region passes on is answered with regions beyond those that others are.
  const bound = isAnyShedding(race, moment) ? Number.POSITIVE_INFINITY : reach;
  let open = 0;
  for (const tier of race.tiers) {
    for (const region of tier) {
      const way = spareable(region, race, moment);
      if (open < bound && way !== undefined && way.share > 0) return true;
      if (way === undefined) open++;
    }
  }
  return false;
}

/**
 * Each region has a draw of its own, and not the one of the step `weight`, so that those who are in
 * early are as likely as all others to draw the region there. Who is in stays in as the share grows.
 */
function isIn(region: RegionId, share: number, networkHash: number): boolean {
  return isPicked(`${region} returns`, share, networkHash);
}

/** `25 % of client networks until 2026-05-01 14:03:10 UTC; this one is not among them`. */
function describeWay({ share, nextAt }: Recovery, isAmong: boolean): string {
  const until = nextAt === undefined ? '' : ` until ${formatMoment(nextAt)}`;
  if (share === 0) return `no client network${until}`;
  return `${share * 100} % of client networks${until}; this one is ${isAmong ? '' : 'not '}among them`;
}
