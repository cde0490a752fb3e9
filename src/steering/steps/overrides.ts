// Step `overrides`: regions that an operator has drained or declared down leave the race.

import type { Override } from '../../model/override.ts';
import type { RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { isPicked } from '../hash.ts';
import { filterTiers, type Moment, type Race, stepKind, type ThinningStep } from '../step.ts';
import { describeOverride } from '../words.ts';

export const overridesStep = stepKind({
  kind: 'overrides',
  shape: block({}),
  isAlways: () => true,
  prepare: prepareOverrides,
});

export const nobodySpoke = 'no operator has spoken';

/** The operator's word is kept whatever it leaves: of the last region too, for those it is about. */
export function prepareOverrides(): ThinningStep {
  return {
    name: 'overrides',
    isExclusion: true,
    drawn: 'who is drained is',
    picksByNetwork: hasShare,
    isAlike: (race, moment) => !hasShare(race, moment),
    apply(race, moment, left) {
      const tiers = filterTiers(race.tiers, (region) => {
        const override = moment.overrides.get(region);
        if (override === undefined || !isOut(region, override, moment)) return true;
        left?.push({
          region,
          code: override.kind === 'drain' ? 'drained' : 'overridden-down',
          detail: describeDeparture(override),
        });
        return false;
      });
      return { ...race, tiers, reserve: tiers };
    },
    describe(before, after, moment) {
      const all = before.tiers.flat();
      const out = all.length - after.tiers.flat().length;
      const spoken = out === 0 ? [] : [`${out} of ${all.length} taken out by hand`];
      for (const region of all) {
        const override = moment.overrides.get(region);
        if (override === undefined || isOut(region, override, moment)) continue;
        const among = override.share === undefined ? '' : '; this network is not among them';
        spoken.push(`${region} is ${describeOverride(override)}${among}`);
      }
      return spoken.join('; ') || nobodySpoke;
    },
  };
}

function hasShare({ tiers }: Race, { overrides }: Moment): boolean {
  if (overrides.size === 0) return false;
  return tiers.some((tier) => tier.some((region) => overrides.get(region)?.share !== undefined));
}

/**
 * A share is drawn for each region on its own, and not as other steps draw, so that those who leave
 * one region are spread as all others are. Who is out stays out as the share grows.
 */
function isOut(
  region: RegionId,
  { kind, share }: Override,
  { networkHash }: Pick<Moment, 'networkHash'>,
): boolean {
  if (kind === 'up') return false;
  return share === undefined || isDrained(region, share, networkHash);
}

/** True where a drain of that share of a region's client networks takes this one. */
export function isDrained(region: RegionId, share: number, networkHash: number): boolean {
  return isPicked(`${region} drains`, share, networkHash);
}

function describeDeparture(override: Override): string {
  const words = describeOverride(override);
  if (override.endpoint !== undefined) return `no address is left: ${words}`;
  return override.share === undefined ? words : `${words}; this network is among them`;
}
