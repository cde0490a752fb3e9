// One thinning step by itself: the race it is given, what it leaves, and what it says.

import type { Departure, Tiers } from '../../src/model/decision.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import type { Override } from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { Moment, Race, ThinningStep } from '../../src/steering/step.ts';

interface MomentFacts {
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
  readonly loads?: Readonly<Record<string, RegionLoad>>;
  readonly networkHash?: number;
  readonly turn?: number;
}

export interface Ran {
  /** `ash > birch = cedar`, as `readTiers` reads it. */
  readonly tiers: string;
  readonly race: Race;
  readonly left: readonly Departure[];
  readonly summary: string;
  /** Whether what it leaves depends on the client's network. */
  readonly picks: boolean;
}

/** Runs a step over tiers such as `ash = birch > cedar`. */
export function runStep(step: ThinningStep, tiers: string, facts: MomentFacts = {}): Ran {
  return runOn(step, startRace(tiers), facts);
}

/** What steps are given first; the floor holds these regions in. */
export function startRace(tiers: string, floored: readonly string[] = []): Race {
  const start = readTiers(tiers);
  return {
    tiers: start,
    reserve: start,
    floored: new Set(floored as RegionId[]),
    isFailOpen: false,
  };
}

/** The same over a race that earlier steps have changed. */
export function runOn(step: ThinningStep, before: Race, facts: MomentFacts = {}): Ran {
  const moment: Moment = {
    health: new Map(Object.entries(facts.health ?? {}) as [RegionId, RegionHealth][]),
    overrides: new Map(facts.overrides?.map((override) => [override.region, override])),
    loads: new Map(Object.entries(facts.loads ?? {}) as [RegionId, RegionLoad][]),
    networkHash: facts.networkHash ?? 0,
    turn: facts.turn,
  };
  const left: Departure[] = [];
  const race = step.apply(before, moment, left);
  const summary = step.describe(before, race, moment);
  const picks = step.picksByNetwork(before, moment);
  return { tiers: tellTiers(race.tiers), race, left, summary, picks };
}

export function readTiers(text: string): RegionId[][] {
  if (text === '') return [];
  return text.split(' > ').map((tier) => tier.split(' = ') as RegionId[]);
}

export function tellTiers(tiers: Tiers): string {
  return tiers.map((tier) => tier.join(' = ')).join(' > ');
}
