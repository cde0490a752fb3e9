// How each service is answered at the moment, whoever asks: by its healthy regions, or in which other way.

import type { DecisionState } from '../model/decision.ts';
import { formatName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import { stateOf } from './decide.ts';
import { nobody } from './floor.ts';
import type { Plan, Snapshot } from './snapshot.ts';
import { flattenTiers, type Moment, type Race } from './step.ts';
import { fencesIn } from './steps/fence.ts';

/** Worst last. */
const severity: readonly DecisionState[] = [
  'healthy',
  'below-floor',
  'fail-open',
  'stand-in',
  'fail-closed',
  'withheld',
];

/**
 * By the service's name, the worst that clients of any territory get: of all regions together, and of
 * those inside each fence. Steps that only choose among regions that may serve are left out, and a
 * region that is drained for some clients is out for the worst off.
 */
export function serviceStates(
  snapshot: Pick<Snapshot, 'plans' | 'health' | 'loads'>,
): ReadonlyMap<string, DecisionState> {
  const { plans, health, loads } = snapshot;
  const rows = Array.from(plans.values(), (plan) => {
    const row = known.get(plan) ?? rowOf(plan, { health, loads });
    known.set(plan, row);
    return row;
  });
  return new Map(rows);
}

type Row = readonly [name: string, state: DecisionState];

/** A plan stays as long as nothing of its service moves, and so does its state. */
const known = new WeakMap<Plan, Row>();

function rowOf(plan: Plan, { health, loads }: Pick<Moment, 'health' | 'loads'>): Row {
  const { service } = plan;
  const overrides = new Map(
    Array.from(plan.overrides, ([region, { share: _all, ...word }]) => [region, word] as const),
  );
  const moment: Moment = { health, overrides, loads, networkHash: 0, turn: undefined };
  const territories = [service, ...fencesIn(service.steps)];
  const states = territories.map(({ regions }) => stateIn(plan, regions, moment));
  const worst = states.toSorted((x, y) => severity.indexOf(y) - severity.indexOf(x))[0];
  return [formatName(service.name), worst ?? 'healthy'];
}

function stateIn({ steps }: Plan, regions: readonly RegionId[], moment: Moment): DecisionState {
  const tiers = [regions];
  let race: Race = { tiers, reserve: tiers, floored: nobody, isFailOpen: false };
  for (const step of steps) {
    if (step.isExclusion === true || step.name === 'last-resort') race = step.apply(race, moment);
  }
  return stateOf(flattenTiers(race.tiers), race, moment);
}
