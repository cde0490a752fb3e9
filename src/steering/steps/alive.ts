// Step `alive`: regions whose verdict is `down` are skipped; unknown is not down.

import { type Static, Type } from 'typebox';
import type { CountedVote } from '../../model/health.ts';
import { block, oneOf, sharePattern } from '../../shape.ts';
import type { Floor } from '../floor.ts';
import { filterTiers, type StepReader, stepKind, type ThinningStep } from '../step.ts';

const shape = block({
  floor: Type.Optional(
    Type.Union(
      [Type.Integer({ minimum: 1, maximum: 100_000 }), Type.String({ pattern: sharePattern })],
      { description: 'a number of regions, or a share from "1%" to "100%"' },
    ),
  ),
  below: Type.Optional(oneOf(['keep', 'fail-open'])),
});

export const aliveStep = stepKind({
  kind: 'alive',
  shape,
  isAlways: true,
  read(written, reader): { readonly floor?: Floor } {
    const floor = readFloor(written, reader);
    return floor === undefined ? {} : { floor };
  },
  prepare: prepareAlive,
});

function readFloor({ floor, below }: Static<typeof shape>, reader: StepReader): Floor | undefined {
  if (floor === undefined) {
    if (below !== undefined) reader.refuse(['below'], 'means nothing without a floor');
    return undefined;
  }
  const count = reader.regions.length;
  if (typeof floor === 'number' && floor > count) {
    reader.refuse(['floor'], `wants ${floor} regions, but the service has ${count}`);
  }
  const unit = typeof floor === 'number' ? 'regions' : 'percent';
  return { least: Number.parseInt(String(floor), 10), unit, below: below ?? 'keep' };
}

export function prepareAlive(): ThinningStep {
  return {
    name: 'alive',
    isExclusion: true,
    picksByNetwork: () => false,
    apply(race, { health, overrides }, left) {
      const tiers = filterTiers(race.tiers, (region) => {
        const state = health.get(region);
        if (state?.verdict !== 'down' || overrides.get(region)?.kind === 'up') return true;
        left?.push({ region, code: 'verdict-down', detail: describeVotes(state.votes) });
        return false;
      });
      return { ...race, tiers };
    },
    describe(before, after, { health }) {
      const regions = before.tiers.flat();
      if (regions.length === 0) return 'no region is left to judge';
      const alive = after.tiers.flat();
      const found = [`${alive.length} of ${regions.length} may serve`];
      const held = alive.filter((region) => health.get(region)?.verdict === 'down');
      if (held.length > 0) found.push(`${held.join(', ')} voted down, but held up`);
      const kept = regions.filter((region) => health.get(region)?.isKept ?? true);
      if (kept.length > 0) {
        found.push(`too few fresh votes on ${kept.join(', ')}, so the last verdict stands`);
      }
      return found.join('; ');
    },
  };
}

/** `voted down by 2 of 3 observing regions (ap-1: timed out after 2s)`. */
function describeVotes(votes: readonly CountedVote[]): string {
  const against = votes.filter((vote) => vote.verdict === 'down');
  if (against.length === 0) return 'down when it could last be judged';
  const heard = against.find((vote) => vote.reason !== '');
  const why = heard === undefined ? '' : ` (${heard.observer}: ${heard.reason})`;
  return `voted down by ${against.length} of ${votes.length} observing regions${why}`;
}
