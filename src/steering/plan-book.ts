// The book of plans: what one snapshot has worked out for services of which nothing has moved by the next.

import type { HealthView, RegionHealth } from '../model/health.ts';
import type { LoadView } from '../model/load.ts';
import type { DomainName } from '../model/name.ts';
import type { OverrideView } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import type { Effect } from './effect.ts';
import type { AreaClasses, AreaMap, Findings, Plan } from './snapshot.ts';
import type { ThinningStep } from './step.ts';

/** What moves while settings and maps stay. */
export interface Motion {
  readonly health: HealthView;
  readonly overrides: OverrideView;
  readonly loads: LoadView;
}

/** Of one groundwork, for all of its snapshots, which are numbered as they are made. */
export interface PlanBook {
  number: number;
  motion: Motion | undefined;
  /** The number of the snapshot in which a region last was other than in the one before. */
  readonly moved: Map<RegionId, number>;
  /** What was prepared for services with one map: its classes, and a kin for each policy. */
  readonly chains: Map<AreaMap, { readonly classes: AreaClasses; readonly kins: Map<string, Kin> }>;
  /** The newest plan of each service that was asked for, and the last snapshot that was found to have it. */
  readonly plans: Map<DomainName, PlanEntry>;
}

interface PlanEntry {
  readonly plan: Plan;
  readonly kin: Kin;
  readonly number: number;
}

/** Services with one map and the same steps. */
export interface Kin {
  readonly areas: AreaMap;
  readonly classes: AreaClasses;
  readonly steps: readonly ThinningStep[];
  common: Common | undefined;
}

/** What was found for those that the same words are on, and the last snapshot that was found to have it. */
interface Common {
  readonly findings: Findings;
  readonly effect: Effect;
  readonly number: number;
}

export function openPlanBook(): PlanBook {
  const [moved, chains, plans] = [new Map(), new Map(), new Map()];
  return { number: 0, motion: undefined, moved, chains, plans };
}

/** Takes what moves in a new snapshot, and gives that its number. */
export function turnPage(book: PlanBook, motion: Motion): number {
  const { motion: last, moved } = book;
  const number = ++book.number;
  book.motion = motion;
  if (last === undefined) return number;
  const { health, overrides, loads } = motion;
  for (const id of keysOf(last.health, health)) {
    if (!isSameState(last.health.get(id), health.get(id))) moved.set(id, number);
  }
  for (const id of keysOf(last.loads, loads)) {
    if (last.loads.get(id) !== loads.get(id)) moved.set(id, number);
  }
  // A word within a service or on an address counts as one on its region: there are few.
  for (const key of keysOf(last.overrides, overrides)) {
    const [was, is] = [last.overrides.get(key), overrides.get(key)];
    if (was === is) continue;
    for (const word of [was, is]) if (word !== undefined) moved.set(word.region, number);
  }
  return number;
}

/** A plan that holds in the snapshot of this number as it did where it was found; of all that is there the newest. */
export function findPlan(
  { moved, plans }: PlanBook,
  { name, regions }: Service,
  number: number,
): (PlanEntry & { readonly isCurrent: boolean }) | undefined {
  const found = plans.get(name);
  return found && { ...found, isCurrent: isCurrent(moved, regions, found.number, number) };
}

/** An older snapshot leaves the plan of a newer one where it is. */
export function enterPlan({ plans }: PlanBook, entry: PlanEntry): void {
  const { name } = entry.plan.service;
  if ((plans.get(name)?.number ?? 0) <= entry.number) plans.set(name, entry);
}

/**
 * What a service has in common with others of its kin: all that was found, where the same words are on
 * them, and nothing yet where there are none. A word on a service alone sets it apart.
 */
export function commonFindings(
  { moved }: PlanBook,
  kin: Kin,
  { regions }: Service,
  effect: Effect,
  number: number,
): Findings {
  const { common } = kin;
  if (effect.values().some(({ service }) => service !== undefined)) return newFindings();
  const isKnown = common !== undefined && isCurrent(moved, regions, common.number, number);
  const isOurs = isKnown && isSameEffect(common.effect, effect);
  const findings = isOurs ? common.findings : newFindings();
  const isNewer = (common?.number ?? 0) <= number;
  if (isNewer && (isOurs || !isKnown)) kin.common = { findings, effect, number };
  return findings;
}

function newFindings(): Findings {
  return { survivors: undefined, starts: new Map(), mostStarts: 0, memo: new Map() };
}

/** What was found in one snapshot holds in another where none of its regions has moved. */
function isCurrent(
  moved: PlanBook['moved'],
  regions: Service['regions'],
  found: number,
  number: number,
): boolean {
  // What moved after this snapshot counts as well, so that an older one asks in vain at worst.
  return found <= number && regions.every((id) => (moved.get(id) ?? 0) <= found);
}

function isSameEffect(one: Effect, other: Effect): boolean {
  return one.size === other.size && one.entries().every(([id, word]) => other.get(id) === word);
}

function keysOf<K>(one: ReadonlyMap<K, unknown>, other: ReadonlyMap<K, unknown>): Iterable<K> {
  return one === other ? [] : new Set([...one.keys(), ...other.keys()]);
}

/** In everything that a step or a TTL looks at; who voted is only told. */
function isSameState(one: RegionHealth | undefined, other: RegionHealth | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  const [was, is] = [one.recovery, other.recovery];
  return (
    one.verdict === other.verdict &&
    one.isKept === other.isKept &&
    one.isUnproven === other.isUnproven &&
    one.since === other.since &&
    one.isSuspect === other.isSuspect &&
    was.stage === is.stage &&
    was.share === is.share &&
    was.since === is.since &&
    was.nextAt === is.nextAt &&
    was.nextShare === is.nextShare &&
    was.trips === is.trips
  );
}
