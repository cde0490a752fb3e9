// THE decision: which regions answer one client of one service. Every door calls this function.

import type { Client, Decision, DecisionState, Departure, TrailEntry } from '../model/decision.ts';
import type { Ip } from '../model/ip.ts';
import type { RegionId } from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import { isDown, nobody } from './floor.ts';
import { hashNetwork, hashText, mixHash } from './hash.ts';
import { type Located, locate, pickScope } from './locate.ts';
import type { Outcome, Plan, Snapshot, Start } from './snapshot.ts';
import { flattenTiers, type Moment, type Race, type ThinningStep } from './step.ts';
import { survivorsOf } from './survivors.ts';
import { ttlOf } from './ttl.ts';

/** Outcomes kept for each set of findings: more distinct ones than this are worked out again each time. */
const memoBound = 65_536;

/**
 * Decides for one client at one moment: pure, total, and the same for equal arguments, so that DNS,
 * HTTP, command line and simulation can only agree. `plan` is one of the snapshot's plans.
 */
export function decide(plan: Plan, client: Client, snapshot: Snapshot, now: Millis): Decision {
  const located = locate(client, plan);
  const start = startOf(plan, located, snapshot, now);
  const outcome = start.outcome ?? pickOutcome(plan, start, momentOf(plan, located, snapshot, now));
  const { ttl, reason } = ttlOf(plan.service, plan.horizon, outcome.state, now);
  return {
    service: plan.service.name,
    regions: outcome.regions,
    state: outcome.state,
    isFenced: start.isFenced,
    addresses: outcome.addresses,
    isKept: plan.horizon.isKept,
    ttl,
    ttlReason: reason,
    scope: start.outcome === undefined ? pickScope(client, located) : located.scope,
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
export function traceSteps(
  plan: Plan,
  located: Located,
  snapshot: Snapshot,
  now: Millis,
): TrailEntry[] {
  const entries: TrailEntry[] = [];
  const moment = momentOf(plan, located, snapshot, now);
  let race = startRace(plan, located);
  for (const step of plan.steps) {
    const left: Departure[] = [];
    const after = step.apply(race, moment, left);
    const summary = step.describe(race, after, moment);
    const figures = step.measure?.(flattenTiers(race.tiers), moment);
    const told = { step: step.name, summary, tiers: after.tiers, left };
    entries.push(figures === undefined ? told : { ...told, figures });
    race = after;
  }
  return entries;
}

/**
 * True when operators, health and geography let a region serve a client, though it may not be the one
 * that is chosen: what holds a session asks this.
 */
export function isAllowed(
  plan: Plan,
  client: Client,
  snapshot: Snapshot,
  now: Millis,
  region: RegionId,
): boolean {
  const located = locate(client, plan);
  const moment = momentOf(plan, located, snapshot, now);
  let race = startRace(plan, located);
  for (const step of plan.steps) if (step.isExclusion === true) race = step.apply(race, moment);
  return race.tiers.some((tier) => tier.includes(region));
}

/** The step that chooses by the client's network within the client's class; undefined when none does. */
export function pickingStep(
  plan: Plan,
  located: Located,
  snapshot: Snapshot,
  now: Millis,
): ThinningStep | undefined {
  return plan.steps[startOf(plan, located, snapshot, now).from];
}

/** Decides for a class once, as far as that is the same for all of its clients. */
function startOf(plan: Plan, located: Located, snapshot: Snapshot, now: Millis): Start {
  const { starts, mostStarts } = plan.findings;
  const known = starts.get(located.classIndex);
  if (known !== undefined) return known;
  const moment = momentOf(plan, located, snapshot, now);
  const start = takeSurvivors(plan, located, moment) ?? runSteps(plan, located, moment);
  // What keeps a race keeps a list of regions.
  const room = start.race === undefined ? 1 : 1 + (plan.service.regions.length >>> 4);
  if (starts.size < mostStarts / room) starts.set(located.classIndex, start);
  return start;
}

function takeSurvivors(plan: Plan, located: Located, moment: Moment): Start | undefined {
  const left = survivorsOf(plan, moment);
  if (left === undefined) return undefined;
  const { steps, classes } = plan;
  const tiers = classes.cut(located.classIndex, left.regions, left.count);
  const race = (steps[left.from] as ThinningStep).apply({ ...left.race, tiers }, moment);
  // A fence sways who is left, so there is none.
  const isFenced = false;
  const outcome = intern(plan, isFenced, race, moment);
  return { race: undefined, from: steps.length, outcome, isFenced };
}

function runSteps(plan: Plan, located: Located, moment: Moment): Start {
  const { steps } = plan;
  const { isFenced } = plan.classes.at(located.classIndex);
  let race = startRace(plan, located);
  let from = 0;
  for (let step = steps[0]; step !== undefined; step = steps[++from]) {
    if (step.picksByNetwork(race, moment)) break;
    race = step.apply(race, moment);
  }
  return from === steps.length
    ? { race: undefined, from, outcome: intern(plan, isFenced, race, moment), isFenced }
    : { race, from, outcome: undefined, isFenced };
}

function pickOutcome(
  plan: Plan,
  { race: start, from, isFenced }: Extract<Start, { outcome: undefined }>,
  moment: Moment,
): Outcome {
  let race = start;
  for (let i = from; i < plan.steps.length; i++) {
    race = (plan.steps[i] as ThinningStep).apply(race, moment);
  }
  return intern(plan, isFenced, race, moment);
}

/** Equal results share one object, so that whoever compiles answers can key on its identity. */
function intern(plan: Plan, isFenced: boolean, race: Race, moment: Moment): Outcome {
  const regions = flattenTiers(race.tiers);
  const fence = isFenced ? 'fenced ' : '';
  const names = regions.join(',');
  const state = stateOf(regions, race, moment);
  // No region's id has a question mark in it. What is said beside the answer may name the fence.
  const key = state === 'healthy' ? names : `${fence}${state}?${names}`;
  const { memo } = plan.findings;
  const known = memo.get(key);
  if (known !== undefined) return known;
  const addresses = typeof race.lastWord === 'object' ? race.lastWord : nowhere;
  const outcome: Outcome = { regions, state, addresses };
  if (memo.size < memoBound) memo.set(key, outcome);
  return outcome;
}

/** What an answer with these regions is, after every step. */
export function stateOf(regions: readonly RegionId[], race: Race, moment: Moment): DecisionState {
  if (race.lastWord !== undefined) return race.lastWord === 'nodata' ? 'fail-closed' : 'stand-in';
  if (regions.length === 0) return 'withheld';
  if (race.isFailOpen) return 'fail-open';
  const { floored } = race;
  const isAnyDown = floored.size > 0 && regions.some((id) => floored.has(id) && isDown(id, moment));
  return isAnyDown ? 'below-floor' : 'healthy';
}

const nowhere: readonly Ip[] = [];

function startRace(plan: Plan, located: Located): Race {
  const { tiers } = plan.classes.at(located.classIndex);
  return { tiers, reserve: tiers, floored: nobody, isFailOpen: false };
}

/** A resolver's turns begin at its own place of the round, so that not all are sent to one region at once. */
function momentOf(
  { overrides }: Plan,
  located: Located,
  { health, loads }: Snapshot,
  now: Millis,
): Moment {
  const networkHash = hashNetwork(located.address);
  const isNetworkKnown = located.by === 'subnet' || located.by === 'peer';
  const turn = isNetworkKnown ? undefined : networkHash + turnAt(now);
  return { health, overrides, loads, networkHash, turn };
}

function turnAt(now: Millis): number {
  return Number.isFinite(now) && now > 0 ? Math.floor(now / 1000) : 0;
}
