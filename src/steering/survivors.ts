// Survivors: who is left for every client alike, whatever the order, worked out once for a plan.

import { nobody } from './floor.ts';
import type { Plan, Survivors } from './snapshot.ts';
import type { Moment, Race } from './step.ts';

/**
 * Undefined where the order, or the client, sways who is left, and where more is done with an order
 * than to take its best. Everywhere else a class of clients needs but the first survivors of its own
 * order, and no order of all regions, which may be a thousand.
 */
export function survivorsOf(plan: Plan, moment: Moment): Survivors | undefined {
  const { findings } = plan;
  findings.survivors ??= find(plan, moment) ?? 'none';
  return findings.survivors === 'none' ? undefined : findings.survivors;
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
