// Survivors: who is left for every client alike, whatever the order, worked out once for a plan.

import type { RegionId } from '../model/region.ts';
import { nobody } from './floor.ts';
import type { Plan } from './snapshot.ts';
import type { Moment, Race } from './step.ts';

export interface Survivors {
  /** What the steps leave of all regions in one tier. */
  readonly race: Race;
  /** These; the same list each time. */
  readonly regions: readonly RegionId[];
  /** The position of the step that takes the best of them, which is the last. */
  readonly from: number;
  /** How many that takes at most. */
  readonly count: number;
}

const known = new WeakMap<Plan, Survivors | 'none'>();

/**
 * Undefined where the order, or the client, sways who is left, and where more is done with an order
 * than to take its best. Everywhere else a class of clients needs but the first survivors of its own
 * order, and no order of all regions, which may be a thousand.
 */
export function survivorsOf(plan: Plan, moment: Moment): Survivors | undefined {
  const found = known.get(plan) ?? find(plan, moment) ?? 'none';
  known.set(plan, found);
  return found === 'none' ? undefined : found;
}

function find({ service, classes, steps }: Plan, moment: Moment): Survivors | undefined {
  const from = steps.length - 1;
  const count = steps[from]?.takes;
  if (!classes.canCut || count === undefined) return undefined;
  const tiers = [service.regions];
  let race: Race = { tiers, reserve: tiers, floored: nobody, isFailOpen: false };
  for (const step of steps.slice(0, from)) {
    if (step.isAlike?.(race, moment) !== true) return undefined;
    race = step.apply(race, moment);
  }
  // One tier becomes one or none.
  return { race, regions: race.tiers[0] ?? [], from, count };
}
