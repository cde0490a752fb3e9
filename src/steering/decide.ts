// THE decision: which regions answer one client of one service. Every door calls this function.

import type { Client, Decision, Departure, TrailEntry } from '../model/decision.ts';
import type { RegionId } from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import { hashNetwork, hashText, mixHash } from './hash.ts';
import { type Located, locate, pickScope } from './locate.ts';
import type { AreaClass, Outcome, Plan, Snapshot } from './snapshot.ts';
import type { Moment, Race } from './step.ts';
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
  runSteps(plan, located, snapshot, entries);
  return entries;
}

/** True when a step chooses by the client's network within the client's class. */
export function picks(plan: Plan, located: Located): boolean {
  return plan.picksByNetwork && (plan.areas.classes[located.classIndex] as AreaClass).hasTies;
}

function outcomeOf(plan: Plan, located: Located, snapshot: Snapshot): Outcome {
  const isShared = !picks(plan, located);
  const known = isShared ? plan.memo.get(located.classIndex) : undefined;
  if (known !== undefined) return known;
  const race = runSteps(plan, located, snapshot, undefined);
  const outcome = intern(plan, race);
  if (isShared && plan.memo.size < memoBound) plan.memo.set(located.classIndex, outcome);
  return outcome;
}

/** Equal results share one object, so that whoever compiles answers can key on its identity. */
function intern(plan: Plan, race: Race): Outcome {
  const regions: readonly RegionId[] = race.tiers.flat();
  const state = regions.length === 0 ? 'withheld' : race.isFailOpen ? 'fail-open' : 'healthy';
  const key = `${state}:${regions.join(',')}`;
  const known = plan.memo.get(key);
  if (known !== undefined) return known;
  const outcome: Outcome = { regions, state };
  if (plan.memo.size < memoBound) plan.memo.set(key, outcome);
  return outcome;
}

function runSteps(
  plan: Plan,
  located: Located,
  snapshot: Snapshot,
  entries: TrailEntry[] | undefined,
): Race {
  const { tiers } = plan.areas.classes[located.classIndex] as AreaClass;
  const moment: Moment = {
    regions: snapshot.settings.regions,
    health: snapshot.health,
    overrides: snapshot.overrides,
    networkHash: hashNetwork(located.address),
  };
  let race: Race = { tiers, reserve: tiers, isFailOpen: false };
  for (const step of plan.thinning) {
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
