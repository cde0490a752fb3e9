// A decision: the regions chosen for one question, and why.

import type { Ip, Prefix } from './ip.ts';
import type { RecordType } from './message.ts';
import type { DomainName } from './name.ts';
import type { RegionId } from './region.ts';
import type { Seconds } from './time.ts';

/** Regions in groups: every member of one group is as good as the others, earlier groups are better. */
export type Tiers = readonly (readonly RegionId[])[];

/** Who is asking: what steering may locate the client by. */
export interface Client {
  /** The resolver that asked by DNS, the peer that asked by HTTP, or the address a person named. */
  readonly address: Ip;
  readonly origin: 'resolver' | 'peer' | 'given';
  /** The client-subnet option (RFC 7871) that came along. */
  readonly subnet: Prefix | undefined;
}

export interface Question {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly client: Client;
  /** The asker set DO (RFC 3225). */
  readonly wantsDnssec?: boolean;
}

/** How a decision ended. */
export type DecisionState =
  /** Regions that are believed to be alive. */
  | 'healthy'
  /** Nothing is believed to be alive: the regions geography gives, come what may. */
  | 'fail-open'
  /** Less than the service's floor is: a region that is down is named all the same. */
  | 'below-floor'
  /** An operator's overrides leave no region. */
  | 'withheld'
  /** Nothing is alive, and the operator wants no answer then. */
  | 'fail-closed'
  /** No region is left, and the operator has named addresses to answer with then. */
  | 'stand-in';

export interface Decision {
  readonly service: DomainName;
  /** Chosen regions, best first. Decisions of one snapshot that choose alike share one array. */
  readonly regions: readonly RegionId[];
  readonly state: DecisionState;
  /** True when a fence keeps this client's answers to some of the service's regions. */
  readonly isFenced: boolean;
  /** The operator's own, where the state is `stand-in`; empty otherwise. */
  readonly addresses: readonly Ip[];
  /** True when a verdict that mattered is an old one, kept for want of fresh votes. */
  readonly isKept: boolean;
  readonly ttl: Seconds;
  readonly ttlReason: TtlReason;
  /** RFC 7871 scope prefix length: how widely around the client this decision is true. */
  readonly scope: number;
  readonly epoch: number;
}

export type TtlReason =
  | 'stable'
  | 'recently-changed'
  | 'suspect'
  | 'recovering'
  | 'shedding'
  | 'verdict-kept'
  | 'override-active'
  | 'override-ends'
  | 'fail-open'
  | 'below-floor'
  | 'last-resort';

/** Why a region left the race. */
export type ReasonCode =
  | 'fenced'
  | 'not-mapped'
  | 'drained'
  | 'overridden-down'
  | 'verdict-down'
  | 'recovering'
  | 'shed'
  | 'weight-zero'
  | 'not-needed';

export interface Departure {
  readonly region: RegionId;
  readonly code: ReasonCode;
  /** Words for the operator, such as `drained by alice until 14:00 UTC: disk swap`. */
  readonly detail: string;
}

/** Why a scope is as wide as it is. */
export type ScopeReason =
  | 'no-subnet'
  | 'anonymous'
  | 'not-used'
  | 'not-public'
  | 'drawn'
  | 'finest'
  | 'alike';

/**
 * What a step compared regions by: the distance as biases bend it, milliseconds, weights, the share of
 * capacity or the connections in use, or the share of client networks that is passed on.
 */
export interface Figures {
  readonly unit: 'km' | 'ms' | 'weight' | 'load' | 'connections' | 'shed';
  /** By region; one of which there is no figure is left out. */
  readonly of: Readonly<Record<string, number>>;
}

/** One step of a decision: who stayed in which order, who left and why. */
export interface TrailEntry {
  readonly step: string;
  /** What the step found, as one sentence without its full stop. */
  readonly summary: string;
  readonly tiers: Tiers;
  readonly left: readonly Departure[];
  /** Left out where the step compares nothing. */
  readonly figures?: Figures;
}

/** What a client was located by. */
export interface TrailInput {
  readonly by: 'subnet' | Client['origin'];
  readonly address: string;
  /** The row of the GeoIP data that holds the address; left out where there is none. */
  readonly place?: TrailPlace;
}

export interface TrailPlace {
  readonly source: string;
  /** The widest network around the address that the data has at this one place. */
  readonly network: string;
  readonly country: string;
  readonly subdivision: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusKm: number;
}

export interface Trail {
  /** How the client was located, as one sentence. */
  readonly located: string;
  readonly input: TrailInput;
  readonly steps: readonly TrailEntry[];
  readonly state: DecisionState;
  /** Why the answer is as widely true, and lives as long, as it says. */
  readonly scope: string;
  readonly scopeReason: ScopeReason;
  readonly ttl: string;
  readonly ttlReason: TtlReason;
}
