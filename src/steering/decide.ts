// THE decision: which regions answer one client of one service. Every door calls this function.

import type { Client, Decision, Departure, TrailEntry } from '../model/decision.ts';
import type { Millis } from '../model/time.ts';
import { hashNetwork, hashText, mixHash } from './hash.ts';
import { type Located, locate, pickScope } from './locate.ts';
import type { AreaClass, Outcome, Plan, Snapshot } from './snapshot.ts';
import { flattenTiers, type Moment, type Race, type ThinningStep } from './step.ts';
import { ttlOf } from './ttl.ts';

/** Outcomes kept per plan: more distinct ones than this are worked out again each time. */
const memoBound = 65_536;

/**
 * Decides for one client at one moment: pure, total, and the same for equal arguments, so that DNS,
 * HTTP, command line and simulation can only agree. `plan` is one of the snapshot's plans.
 */
export function decide(plan: Plan, client: Client, snapshot: Snapshot, now: Millis): Decision {
  const located = locate(client, plan);
  const outcome = outcomeOf(plan, located, snapshot);
  const isFailOpen = outcome.state === 'fail-open';
  const { ttl, reason } = ttlOf(plan.service, plan.horizon, isFailOpen, now);
  return {
    service: plan.service.name,
    regions: outcome.regions,
    state: outcome.state,
    isKept: plan.horizon.isKept,
    ttl,
    ttlReason: reason,
    scope: picks(plan, located) ? pickScope(client, located) : located.scope,
    epoch: snapshot.epoch,
  };
}

/** A short word that names a decision in logs and tickets; equal decisions have equal words. */
export function decisionId(decision: Decision): string {
  const facts = [
    decision.service,
    ...decision.regions,
    decision.state,
    decision.ttl,
    decision.scope,
  ];
  const hash = mixHash(hashText(facts.join('/')), decision.epoch);
  return `e${decision.epoch}-${hash.toString(36)}`;
}

/** Runs the thinning steps for a located client and tells what each did. */
export function traceSteps(plan: Plan, located: Located, snapshot: Snapshot): TrailEntry[] {
  const entries: TrailEntry[] = [];
  const steps = [...plan.common, ...plan.individual];
  runSteps(steps, startRace(plan, located), momentOf(located, snapshot), entries);
  return entries;
}

/** True when a step chooses by the client's network within the client's class. */
export function picks(plan: Plan, located: Located): boolean {
  return plan.individual.length > 0 && classOf(plan, located).hasTies;
}

function classOf(plan: Plan, { classIndex }: Located): AreaClass {
  return plan.areas.classes[classIndex] as AreaClass;
}

function outcomeOf(plan: Plan, located: Located, snapshot: Snapshot): Outcome {
  const isShared = !picks(plan, located);
  const known = isShared ? plan.memo.get(located.classIndex) : undefined;
  if (known !== undefined) return known;
  const moment = momentOf(located, snapshot);
  let common = plan.races.get(located.classIndex);
  if (common === undefined) {
    common = runSteps(plan.common, startRace(plan, located), moment, undefined);
    plan.races.set(located.classIndex, common);
  }
  const outcome = intern(plan, runSteps(plan.individual, common, moment, undefined));
  if (isShared && plan.memo.size < memoBound) plan.memo.set(located.classIndex, outcome);
  return outcome;
}

/** Equal results share one object, so that whoever compiles answers can key on its identity. */
function intern(plan: Plan, race: Race): Outcome {
  const regions = flattenTiers(race.tiers);
  const names = regions.join(',');
  // No region's id starts with a question mark.
  const key = race.isFailOpen ? `?${names}` : names;
  const known = plan.memo.get(key);
  if (known !== undefined) return known;
  const state = regions.length === 0 ? 'withheld' : race.isFailOpen ? 'fail-open' : 'healthy';
  const outcome: Outcome = { regions, state };
  if (plan.memo.size < memoBound) plan.memo.set(key, outcome);
  return outcome;
}

function startRace(plan: Plan, located: Located): Race {
  const { tiers } = classOf(plan, located);
  return { tiers, reserve: tiers, isFailOpen: false };
}

function momentOf(located: Located, { health, overrides }: Snapshot): Moment {
  return { health, overrides, networkHash: hashNetwork(located.address) };
}

function runSteps(
  steps: readonly ThinningStep[],
  start: Race,
  moment: Moment,
  entries: TrailEntry[] | undefined,
): Race {
  let race = start;
  for (const step of steps) {
    const left: Departure[] | undefined = entries === undefined ? undefined : [];
    const after = step.apply(race, moment, left);
    entries?.push({
      step: step.name,
      summary: step.describe(race, after, moment),
      tiers: after.tiers,
      left: left ?? [],
    });
    race = after;
  }
  return race;
}
