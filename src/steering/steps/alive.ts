// Step `alive`: regions whose verdict is `down` are skipped; unknown is not down.

import { filterTiers, type ThinningStep } from '../step.ts';

export function prepareAlive(): ThinningStep {
  return {
    name: 'alive',
    picksByNetwork: false,
    apply(race, { health, overrides }, left) {
      const tiers = filterTiers(race.tiers, (region) => {
        const state = health.get(region);
        if (state?.verdict !== 'down' || overrides.get(region)?.kind === 'up') return true;
        const against = state.votes.find((vote) => vote.verdict === 'down');
        const words = against?.reason ? ` (${against.observer}: ${against.reason})` : '';
        left?.push({ region, code: 'verdict-down', detail: `down by the fleet's votes${words}` });
        return false;
      });
      return { ...race, tiers };
    },
    describe(before, after, { health }) {
      const regions = before.tiers.flat();
      const kept = regions.filter((region) => health.get(region)?.isKept ?? true);
      const note =
        kept.length === 0 ? '' : `; too few fresh votes on ${kept.join(', ')}: verdict kept`;
      const count = after.tiers.flat().length;
      return `${count} of ${regions.length} may serve${note}`;
    },
  };
}
