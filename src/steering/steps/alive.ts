// Step `alive`: regions whose verdict is `down` are skipped, as far as a floor allows; unknown is not down.

import type { Static } from 'typebox';
import type { CountedVote } from '../../model/health.ts';
import { Type } from '../../schema.ts';
import { block, oneOf, sharePattern } from '../../shape.ts';
import { type Floor, type FloorRule, isDown, nobody, prepareFloor } from '../floor.ts';
import {
  filterTiers,
  flattenTiers,
  type Moment,
  type Race,
  type StepReader,
  stepKind,
  type ThinningStep,
} from '../step.ts';
import { wayBack } from './half-open.ts';

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
  isAlways: () => true,
  read(written, reader): { readonly floor?: Floor } {
    const floor = readFloor(written, reader);
    return floor === undefined ? {} : { floor };
  },
  prepare: ({ floor }, { service, regions }) =>
    prepareAlive(floor && prepareFloor(floor, service, regions)),
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

/** Without a floor every region that is down is skipped. */
export function prepareAlive(floor: FloorRule | undefined): ThinningStep {
  return {
    name: 'alive',
    isExclusion: true,
    picksByNetwork: () => false,
    isAlike: () => true,
    apply(race, moment, left) {
      const floored = floor?.fill(flattenTiers(race.tiers), moment) ?? nobody;
      const tiers = filterTiers(race.tiers, (region) => {
        if (!isDown(region, moment) || floored.has(region)) return true;
        const votes = moment.health.get(region)?.votes ?? [];
        left?.push({ region, code: 'verdict-down', detail: describeVotes(votes) });
        return false;
      });
      return { ...race, tiers, floored };
    },
    describe(before, after, moment) {
      const { health, overrides } = moment;
      const regions = before.tiers.flat();
      if (regions.length === 0) return 'no region is left to judge';
      const alive = after.tiers.flat().filter((region) => !isDown(region, moment));
      const found = [`${alive.length} of ${regions.length} may serve`];
      const held = alive.filter((region) => {
        return health.get(region)?.verdict === 'down' && overrides.has(region);
      });
      if (held.length > 0) found.push(`${held.join(', ')} voted down, but held up`);
      if (floor !== undefined) found.push(describeFloor(floor, after, moment));
      const kept = regions.filter((region) => health.get(region)?.isKept ?? true);
      if (kept.length > 0) {
        const whom = kept.length > 1 && kept.length === regions.length ? 'any' : kept.join(', ');
        found.push(`too few fresh votes on ${whom}, so the last verdict stands`);
      }
      return found.join('; ');
    },
  };
}

/** `the floor is 3 regions, so birch stays though it is down and cedar though it is coming back`. */
function describeFloor({ words }: FloorRule, { floored, tiers }: Race, moment: Moment): string {
  const down = [...floored].filter((region) => isDown(region, moment));
  const back = [...floored].filter((region) => wayBack(region, moment) !== undefined);
  const gets = [
    ...(down.length > 0 ? [`clients are sent to ${down.join(', ')} all the same`] : []),
    ...(back.length > 0 ? [`${back.join(', ')} gets all of its clients at once`] : []),
  ];
  if (gets.length > 0) return `${words}, so ${gets.join(' and ')}`;
  return tiers.length > 0 ? words : `${words}, but nothing is alive`;
}

/** `voted down by 2 of 3 observing regions (ap-1: timed out after 2s)`. */
function describeVotes(votes: readonly CountedVote[]): string {
  const against = votes.filter((vote) => vote.verdict === 'down');
  if (against.length === 0) return 'down when it could last be judged';
  const heard = against.find((vote) => vote.reason !== '');
  const why = heard === undefined ? '' : ` (${heard.observer}: ${heard.reason})`;
  return `voted down by ${against.length} of ${votes.length} observing regions${why}`;
}
