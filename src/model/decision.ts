// A decision: the regions chosen for one question, and why.

import type { Ip, Prefix } from './ip.ts';
import type { RecordType } from './message.ts';
import type { DomainName } from './name.ts';
import type { RegionId } from './region.ts';
import type { Seconds } from './time.ts';

/** Regions in groups: every member of one group is as good as the others, earlier groups are better. */
export type Tiers = readonly (readonly RegionId[])[];

/** Who is asking, and by which address the client is located. */
export interface Client {
  /** The address that steering uses: from ECS, from the resolver, or from the HTTP peer. */
  readonly address: Ip;
  readonly source: 'subnet' | 'resolver' | 'peer' | 'given';
  /** The client-subnet option as it came, also when it could not be used for locating. */
  readonly subnet: Prefix | undefined;
}

export interface Question {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly client: Client;
}

/** How a decision ended. */
export type DecisionState =
  /** Regions that are believed to be alive. */
  | 'healthy'
  /** Nothing is believed to be alive: the regions geography gives, come what may. */
  | 'fail-open'
  /** An operator's overrides leave no region. */
  | 'withheld';

export interface Decision {
  readonly service: DomainName;
  /** Chosen regions, best first. */
  readonly regions: readonly RegionId[];
  readonly state: DecisionState;
  /** True when a verdict that mattered is an old one, kept for want of fresh votes. */
  readonly isKept: boolean;
  readonly ttl: Seconds;
  readonly ttlReason: TtlReason;
  /** RFC 7871 scope prefix length: how widely around the client this decision is true. */
  readonly scope: number;
  readonly epoch: number;
  /** Short, stable word for this decision: the same through every door. */
  readonly id: string;
}

export type TtlReason =
  | 'stable'
  | 'recently-changed'
  | 'suspect'
  | 'verdict-kept'
  | 'override-active'
  | 'override-ends'
  | 'fail-open';

/** Why a region left the race. */
export type ReasonCode =
  | 'drained'
  | 'overridden-down'
  | 'verdict-down'
  | 'weight-zero'
  | 'not-needed';

export interface Departure {
  readonly region: RegionId;
  readonly code: ReasonCode;
  /** Words for the operator, such as `by alice until 14:00: disk swap`. */
  readonly detail: string;
}

/** A figure that a step used for one region. */
export interface Finding {
  readonly region: RegionId;
  readonly text: string;
}

/** One step of a decision: who stayed in which order, who left and why. */
export interface TrailEntry {
  readonly step: string;
  /** What the step did, as one clause. */
  readonly summary: string;
  readonly tiers: Tiers;
  readonly left: readonly Departure[];
  readonly findings: readonly Finding[];
}

export interface Trail {
  readonly located: string;
  readonly steps: readonly TrailEntry[];
  readonly scopeReason: string;
  readonly ttlReason: string;
}
