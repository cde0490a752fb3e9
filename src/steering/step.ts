// The two shapes of a steering step: ordering steps read geography, thinning steps read the moment.

import type { Departure, Tiers } from '../model/decision.ts';
import type { RegionHealth } from '../model/health.ts';
import type { Override } from '../model/override.ts';
import type { Place } from '../model/place.ts';
import type { RegionId } from '../model/region.ts';
import type { SteeringRule } from '../model/settings.ts';

/** All that geography knows of a client; equal areas are ordered equally. */
export interface Area {
  /** Undefined when GeoIP does not know. */
  readonly place: Pick<Place, 'country' | 'coordinates'> | undefined;
  /** The rule whose network holds the client (longest prefix first). */
  readonly networkRule: SteeringRule | undefined;
}

/**
 * Refines tiers for an area and never undoes what an earlier step settled: it may split a tier,
 * not join or reorder tiers. It runs when a snapshot is built, so health can never reorder geography.
 */
export interface OrderingStep {
  readonly name: string;
  apply(tiers: Tiers, area: Area): Tiers;
  /** What the step found for this area, as one sentence without its full stop. */
  describe(before: Tiers, after: Tiers, area: Area): string;
}

/** What thinning steps may know, besides the race itself. */
export interface Moment {
  readonly health: ReadonlyMap<RegionId, RegionHealth>;
  readonly overrides: ReadonlyMap<RegionId, Override>;
  /** Hash of the client's network, for steps that pick by it. */
  readonly networkHash: number;
}

/** The regions still in the race. */
export interface Race {
  readonly tiers: Tiers;
  /** Regions to fall back on when none is alive: the operator's word kept, verdicts ignored. */
  readonly reserve: Tiers;
  readonly isFailOpen: boolean;
}

/** Skips regions or picks within a tier, by the state of the moment. */
export interface ThinningStep {
  readonly name: string;
  /** True when what the step leaves of this race depends on the client's network. */
  picksByNetwork(race: Race, moment: Moment): boolean;
  /** `left` collects departures when somebody asks why; on the query path it is undefined. */
  apply(race: Race, moment: Moment, left?: Departure[]): Race;
  describe(before: Race, after: Race, moment: Moment): string;
}

/** Keeps the regions that pass, in their order; empty tiers disappear. Each is asked about once. */
export function filterTiers(tiers: Tiers, isKept: (region: RegionId) => boolean): Tiers {
  return tiers.map((tier) => tier.filter(isKept)).filter((tier) => tier.length > 0);
}

/** All regions of all tiers in order; `flat()` does the same in several times the time. */
export function flattenTiers(tiers: Tiers): RegionId[] {
  const regions: RegionId[] = [];
  for (const tier of tiers) for (const region of tier) regions.push(region);
  return regions;
}
