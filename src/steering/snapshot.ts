// Everything a decision depends on, immutable, with an epoch that grows at each change.

import type { Atlas } from '../model/atlas.ts';
import type { DecisionState, Tiers, TtlReason } from '../model/decision.ts';
import type { HealthView } from '../model/health.ts';
import type { Ip } from '../model/ip.ts';
import type { LoadView } from '../model/load.ts';
import type { DomainName } from '../model/name.ts';
import type { OverrideView } from '../model/override.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Effect } from './effect.ts';
import type { Race, ThinningStep } from './step.ts';

export interface Snapshot {
  readonly epoch: number;
  readonly builtAt: Millis;
  readonly settings: Settings;
  /** Undefined when no GeoIP data could be loaded: every client gets the default order. */
  readonly atlas: Atlas | undefined;
  readonly health: HealthView;
  /** Every word that is in force, by `overrideKey`. */
  readonly overrides: OverrideView;
  /** The regions with the addresses that answers may name: without those that operators took out. */
  readonly named: ReadonlyMap<RegionId, Region>;
  readonly loads: LoadView;
  /** By the service's name. */
  readonly plans: ReadonlyMap<DomainName, Plan>;
}

/** Geography compiled for one set of candidates: address range → class → where that is, which orders the regions. */
export interface AreaMap {
  /** A range's number is the position of its class. */
  readonly ranges: RangeTable;
  /** Class by class a point of the world that is in it; in memory that threads share. */
  readonly seeds: Uint32Array;
  /** Whose places the seeds name. */
  readonly atlas: Atlas | undefined;
}

/** The classes of a map, by their numbers. */
export interface AreaClasses {
  at(index: number): AreaClass;
  isSpecial(index: number): boolean;
  /** True where regions do not sway each other's places, so that an order of some is that of all without the others. */
  readonly canCut: boolean;
  /** These regions in the order of the class, cut after the tier with which there are so many; where `canCut`. */
  cut(index: number, among: readonly RegionId[], count: number): Tiers;
}

export interface AreaClass {
  /** What every client in the class is offered, best first. */
  readonly tiers: Tiers;
  /** True for addresses that no public client has: such a client is located another way. */
  readonly isSpecial: boolean;
  /** True where a fence keeps regions out for good. */
  readonly isFenced: boolean;
}

/** A service made ready for one snapshot. */
export interface Plan {
  readonly service: Service;
  readonly areas: AreaMap;
  readonly classes: AreaClasses;
  /** The thinning steps, in the order in which they run. */
  readonly steps: readonly ThinningStep[];
  /** What operators' words come to in this service. */
  readonly overrides: Effect;
  readonly horizon: Horizon;
  /** Plans of one map, with the same steps and the same words on all of a region, have it in common. */
  readonly findings: Findings;
}

/** What has been found out for clients of a plan, or of several that decide alike. */
export interface Findings {
  /** How far each class is decided for all its clients at once, when it has been asked for. */
  readonly starts: Map<number, Start>;
  /** So many classes are kept there at most, fewer where each needs a race. */
  mostStarts: number;
  /** Who is left for all clients alike, when that has been asked for. */
  survivors: Survivors | 'none' | undefined;
  /** Outcomes found so far, by what they say, so that equal ones are one; grows to a fixed bound. */
  readonly memo: Map<string, Outcome>;
}

/** What is the same for all clients of a class. */
export type Start = {
  /** The position of the first step that picks by network; as many as there are steps when none does. */
  readonly from: number;
  /** True where a fence keeps regions out for good. */
  readonly isFenced: boolean;
} & (
  | {
      /** What the steps leave before the one that picks. */
      readonly race: Race;
      readonly outcome: undefined;
    }
  | { readonly race: undefined; readonly outcome: Outcome }
);

/** Who is left whatever the order. */
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

/** What the thinning steps make of one class of clients. */
export interface Outcome {
  readonly regions: readonly RegionId[];
  readonly state: DecisionState;
  /** The operator's own, where the state is `stand-in`; empty otherwise. */
  readonly addresses: readonly Ip[];
}

/** How soon an answer of a service could change. */
export interface Horizon {
  /** Why the short TTL holds; undefined when nothing is expected to change. */
  readonly unrest: TtlReason | undefined;
  /** Until this moment a recent change keeps the short TTL. */
  readonly settledAt: Millis;
  /** When the first active override on a candidate ends; Infinity without one. */
  readonly overrideEnd: number;
  /** True when a candidate's verdict is an old one, kept for want of fresh votes. */
  readonly isKept: boolean;
}
