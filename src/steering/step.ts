// What a steering step is: its kind says how a policy writes it, and prepares one of two shapes.

import type { Static, TSchema } from 'typebox';
import type { Departure, Figures, Tiers } from '../model/decision.ts';
import type { RegionHealth } from '../model/health.ts';
import type { Ip, Prefix } from '../model/ip.ts';
import type { LatencyRow } from '../model/latency.ts';
import type { LoadView } from '../model/load.ts';
import type { Place } from '../model/place.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, SteeringRule, StepSettings } from '../model/settings.ts';
import type { Effect } from './effect.ts';

/** Everything there is to know of one kind of step; each stands in its own file of `steps/`. */
export interface StepKind {
  /** The word that a policy writes. */
  readonly kind: string;
  /** What stands behind the word; a step whose settings may all be left out needs the word alone. */
  readonly shape: TSchema;
  /** True where it is part of the chain whether the policy writes it or not. */
  readonly isAlways: (context: StepContext) => boolean;
  /** Puts regions into an order of its own for each client, so that any of them may come first. */
  readonly isDraw: boolean;
  read(written: unknown, reader: StepReader): StepSettings;
  prepare(settings: StepSettings, context: StepContext): OrderingStep | ThinningStep;
}

/** What each kind says of itself; `read` is left out where there is nothing to set. */
interface StepKindFacts<Shape extends TSchema, Settings extends object> {
  readonly kind: string;
  readonly shape: Shape;
  readonly isAlways?: (context: StepContext) => boolean;
  readonly isDraw?: true;
  readonly read?: (written: Static<Shape>, reader: StepReader) => Settings;
  readonly prepare: (settings: Settings, context: StepContext) => OrderingStep | ThinningStep;
}

/** `prepare` is given what `read` gave, under the same kind: the one place where that is taken for granted. */
export function stepKind<Shape extends TSchema, Settings extends object = object>(
  facts: StepKindFacts<Shape, Settings>,
): StepKind {
  const { kind, read, prepare } = facts;
  return {
    kind,
    shape: facts.shape,
    isAlways: facts.isAlways ?? (() => false),
    isDraw: facts.isDraw ?? false,
    read: (written, reader) => ({ ...read?.(written as Static<Shape>, reader), kind }),
    prepare: prepare as StepKind['prepare'],
  };
}

/** Reads what a step's shape leaves open; what is wrong becomes a fault. Paths begin at the step. */
export interface StepReader {
  /** The regions of the service. */
  readonly regions: readonly RegionId[];
  refuse(at: readonly (string | number)[], message: string): void;
  prefixes(texts: readonly string[] | undefined, at: readonly (string | number)[]): Prefix[];
  /** Refuses numbers of autonomous systems that are named twice, or without a database that knows their networks. */
  asns(numbers: readonly number[], at: readonly (string | number)[]): void;
  /** A region of the service. */
  region(text: string, at: readonly (string | number)[]): RegionId;
  /** Regions of the service, each named once. */
  regionsIn(texts: readonly string[], at: readonly (string | number)[]): RegionId[];
  /** The rows of a file of latencies; undefined where it is not sound. */
  latencies(file: string, at: readonly (string | number)[]): readonly LatencyRow[] | undefined;
}

/** What a step is prepared for. */
export interface StepContext {
  readonly service: Service;
  readonly regions: ReadonlyMap<RegionId, Region>;
  /** How many regions an answer names at most; Infinity where a draw may bring up any of them. */
  readonly reach: number;
}

/** All that geography knows of a client; equal areas are ordered equally. */
export interface Area {
  /** Undefined when GeoIP does not know. */
  readonly place: Place | undefined;
  /** The rule whose network holds the client (longest prefix first). */
  readonly networkRule: SteeringRule | undefined;
  /** Which of its networks that is; told where somebody asks why. */
  readonly ruleNetwork?: Prefix | undefined;
  /** The client's autonomous system, where a policy names it; 0 otherwise. */
  readonly asn: number;
  /** The number that the networks of a step give the client, such as a row of its table; 0 outside them. */
  readonly network: number;
}

/** What a step sees of a place besides its country and its coordinates. */
export interface Detail {
  /** Subdivision and city, in these countries. */
  readonly countries?: ReadonlySet<string>;
  /** The accuracy radius, everywhere. */
  readonly isRadius?: boolean;
}

/**
 * Refines tiers for an area and never undoes what an earlier step settled: it may split a tier or
 * take regions out for good, not join or reorder tiers. It runs when a snapshot is built, so health can never reorder geography.
 */
export interface OrderingStep {
  readonly name: string;
  /** What it leaves out it must not look at: places that differ in nothing else are ordered once. */
  readonly detail?: Detail;
  /** True where regions do not sway each other's places: whoever is left out before or after, the others stand as they did. */
  readonly isIndependent?: boolean;
  /** Networks that it treats each in its own way, by number; one step of a chain may have some. */
  readonly networks?: RangeTable;
  /** `left` collects whom it takes out, when somebody asks. */
  apply(tiers: Tiers, area: Area, left?: Departure[]): Tiers;
  /** At least those first tiers of `apply` that hold so many regions, where finding them takes less than ordering all. */
  first?(tiers: Tiers, area: Area, count: number): Tiers;
  /** What the step found for this area, as one sentence without its full stop. */
  describe(before: Tiers, after: Tiers, area: Area): string;
  /** What it compares these regions by; undefined where it knows nothing to compare. */
  measure?(regions: readonly RegionId[], area: Area): Figures | undefined;
}

/** What thinning steps may know, besides the race itself. */
export interface Moment {
  readonly health: ReadonlyMap<RegionId, RegionHealth>;
  /** The word that counts on each region of the service. */
  readonly overrides: Effect;
  readonly loads: LoadView;
  /** Hash of the client's network, for steps that pick by it. */
  readonly networkHash: number;
  /**
   * Grows by one each second, for a resolver that tells nothing of its clients, from a start of its
   * own; undefined where the client's network is known, since a resolver keeps an answer for that.
   */
  readonly turn: number | undefined;
}

/** The regions still in the race. */
export interface Race {
  readonly tiers: Tiers;
  /** Regions to fall back on when none is alive: the operator's word kept, verdicts ignored. */
  readonly reserve: Tiers;
  /** Regions that serve all of their clients for the sake of the service's floor alone. */
  readonly floored: ReadonlySet<RegionId>;
  readonly isFailOpen: boolean;
  /** What the operator wants answered now that no region is left; undefined while one is. */
  readonly lastWord?: 'nodata' | readonly Ip[];
}

/** Skips regions or picks within a tier, by the state of the moment. */
export interface ThinningStep {
  readonly name: string;
  /** True when a region that it takes out must not serve anybody, whatever holds a client there. */
  readonly isExclusion?: true;
  /** How many regions it leaves, where all it does is to take the best. */
  readonly takes?: number;
  /** True when it leaves the same regions of this race to every client, in whatever order they stand. */
  isAlike?(race: Race, moment: Moment): boolean;
  /** What is drawn, for the sentence `… drawn once for the whole of 192.0.0.0/20`. */
  readonly drawn?: string;
  /** True when what the step leaves of this race depends on the client's network, or on whose turn it is. */
  picksByNetwork(race: Race, moment: Moment): boolean;
  /** `left` collects departures when somebody asks why; on the query path it is undefined. */
  apply(race: Race, moment: Moment, left?: Departure[]): Race;
  describe(before: Race, after: Race, moment: Moment): string;
  /** What it compares these regions by; undefined where it knows nothing to compare. */
  measure?(regions: readonly RegionId[], moment: Moment): Figures | undefined;
}

/** Keeps the regions that pass, in their order; empty tiers disappear. Each is asked about once. */
export function filterTiers(tiers: Tiers, isKept: (region: RegionId) => boolean): Tiers {
  return tiers.map((tier) => tier.filter(isKept)).filter((tier) => tier.length > 0);
}

/** The same regions, beginning at one further on; a turn past the last begins anew. */
export function rotate(tier: readonly RegionId[], turn: number): readonly RegionId[] {
  const at = tier.length < 2 ? 0 : turn % tier.length;
  return at === 0 ? tier : [...tier.slice(at), ...tier.slice(0, at)];
}

/** All regions of all tiers in order; `flat()` does the same in several times the time. */
export function flattenTiers(tiers: Tiers): RegionId[] {
  const regions: RegionId[] = [];
  for (const tier of tiers) for (const region of tier) regions.push(region);
  return regions;
}
