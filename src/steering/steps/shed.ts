// Step `shed`: a busy region passes a share of client networks on to the next of their own lists.

import type { RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { hashText, mixHash } from '../hash.ts';
import { filterTiers, type Moment, type Race, stepKind, type ThinningStep } from '../step.ts';

export const shedStep = stepKind({
  kind: 'shed',
  shape: block({}),
  isAlways: ({ service, regions }) =>
    service.regions.some((id) => regions.get(id)?.load !== undefined),
  prepare: (_settings, { reach }) => prepareShed(reach),
});

/**
 * Each region that is too busy loses its share of client networks, as long as another can take them:
 * a network that every region would pass on stays where geography puts it. Who serves for the floor's
 * sake alone neither passes on nor takes. `reach` is how many regions an answer names; where the order
 * is drawn later, there is none.
 */
export function prepareShed(reach: number): ThinningStep {
  return {
    name: 'shed',
    drawn: 'who is passed on is',
    picksByNetwork: (race, moment) => hasPick(race, moment, reach),
    isAlike: (race, moment) => !hasPick(race, moment, Number.POSITIVE_INFINITY),
    apply(race, moment, left) {
      if (!isNeeded(race, moment)) return race;
      const kept = keep(race, moment);
      if (kept === undefined) return race;
      const tiers = filterTiers(race.tiers, (region) => {
        if (race.floored.has(region) || kept.has(region)) return true;
        left?.push({ region, code: 'shed', detail: 'it passes this network on' });
        return false;
      });
      return { ...race, tiers };
    },
    describe(before, after, moment) {
      const busy = before.tiers.flat().filter((region) => shareOf(region, before, moment) > 0);
      if (busy.length === 0) return 'no region is too busy';
      const stays = new Set(after.tiers.flat());
      const spoken = busy.map((region) => {
        const share = shareOf(region, before, moment);
        const percent = Math.round(100 * share);
        const isAmong = isPassedOn(region, share, moment.networkHash);
        const kept = isAmong && stays.has(region) ? ', but nobody could take it' : '';
        const own = `this one is ${isAmong ? '' : 'not '}among them${kept}`;
        const passes = `passes on ${percent} % of client networks`;
        return moment.loads.get(region)?.share === undefined
          ? `${region} ${passes}, though nobody says any more how busy it is; ${own}`
          : `${region} is too busy and ${passes}; ${own}`;
      });
      return spoken.join('; ');
    },
    measure(ids, { loads }) {
      const busy = ids.map((id) => [id, loads.get(id)?.shed ?? 0] as const);
      const told = busy.filter(([, share]) => share > 0);
      return told.length === 0 ? undefined : { unit: 'shed', of: Object.fromEntries(told) };
    },
  };
}

/**
 * Each region has a draw of its own, which no other step shares, so that whom one passes on is as
 * likely as all others to stay at the next. As the share grows, those who have left stay away.
 */
export function isPassedOn(region: RegionId, share: number, networkHash: number): boolean {
  return mixHash(networkHash, hashText(`${region} sheds`)) / 0x1_0000_0000 < share;
}

/** 0 for a region that passes nobody on. */
function shareOf(region: RegionId, { floored }: Race, { loads }: Moment): number {
  return floored.has(region) ? 0 : (loads.get(region)?.shed ?? 0);
}

/** True when a region passes some on and another could take them. */
function isNeeded(race: Race, moment: Moment): boolean {
  if (moment.loads.size === 0) return false;
  let takers = 0;
  let isAny = false;
  for (const tier of race.tiers) {
    for (const region of tier) {
      if (race.floored.has(region)) continue;
      takers++;
      isAny ||= shareOf(region, race, moment) > 0;
    }
  }
  return isAny && takers > 1;
}

/** Who serves this network; undefined where nobody would, which leaves all as they are. */
function keep(race: Race, moment: Moment): ReadonlySet<RegionId> | undefined {
  const kept = new Set<RegionId>();
  const partly = new Set<RegionId>();
  for (const tier of race.tiers) {
    for (const region of tier) {
      if (race.floored.has(region)) continue;
      const share = shareOf(region, race, moment);
      if (share < 1) partly.add(region);
      if (!isPassedOn(region, share, moment.networkHash)) kept.add(region);
    }
  }
  if (kept.size > 0) return kept;
  return partly.size > 0 ? partly : undefined;
}

/** True when some clients of this race may be answered with a region that others may not. */
function hasPick(race: Race, moment: Moment, reach: number): boolean {
  if (!isNeeded(race, moment)) return false;
  let open = 0;
  for (const tier of race.tiers) {
    for (const region of tier) {
      if (race.floored.has(region)) continue;
      const share = shareOf(region, race, moment);
      if (open < reach && share > 0 && share < 1) return true;
      if (share === 0) open++;
    }
  }
  return false;
}
