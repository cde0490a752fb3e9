// Requests and reports: what the control side is asked and answers, as plain data ready for JSON.

import type { Trail } from './decision.ts';
import type { Ip } from './ip.ts';
import type { LoadFacts } from './load-report.ts';
import type { BreakGlass, Refusal } from './safety.ts';

export interface ResolveRequest {
  readonly name: string;
  readonly type: string;
  /** An address or a prefix to answer for, as if it had come as a client subnet. */
  readonly client: string | undefined;
  /** The address of a resolver that asks; without one it is the peer who asks, for itself. */
  readonly resolver: string | undefined;
  readonly explain: boolean;
  readonly peer: Ip;
}

export interface RedirectRequest {
  readonly name: string;
  readonly peer: Ip;
  /** The affinity cookie's value, whoever wrote it. */
  readonly affinity: string | undefined;
}

export interface Redirect {
  readonly region: string;
  readonly url: URL;
  /** A cookie that holds the client at this region for so many seconds; none where it has one. */
  readonly affinity?: { readonly value: string; readonly seconds: number };
}

export interface ResolveReport {
  readonly name: string;
  readonly type: string;
  readonly client: string;
  /** The response code's name. */
  readonly status: string;
  readonly answers: readonly {
    readonly type: string;
    readonly data: string;
    readonly ttl: number;
  }[];
  readonly ttl: number;
  readonly regions: readonly string[];
  readonly scope: number;
  readonly epoch: number;
  readonly decisionId: string;
  readonly note?: string;
  readonly trail?: Trail & { readonly text: string };
}

export interface VoteReport {
  readonly region: string;
  readonly observer: string;
  readonly verdict: string;
  readonly ageSeconds: number;
  readonly latencyMs: number | null;
  readonly reason: string;
}

export interface RegionReport {
  readonly region: string;
  readonly title: string;
  readonly verdict: string;
  /** True when too few fresh votes exist and an old verdict is kept. */
  readonly isKept: boolean;
  readonly isSuspect: boolean;
  readonly since: string;
  readonly votes: readonly VoteReport[];
  /** The word in force on all of it. */
  readonly override: OverrideReport | null;
  /** Every word in force on it, also those within one service and on one address. */
  readonly overrides: readonly OverrideReport[];
  /** As a share of capacity; 1 is full. Null when nobody says. */
  readonly load: number | null;
  readonly connections: number | null;
  /** Whose word that is, and how old; null without one. */
  readonly loadFrom: {
    readonly source: NonNullable<LoadFacts['source']>;
    readonly ageSeconds: number;
  } | null;
  /** Share of client networks, 0 to 1, that it passes on because it is too busy. */
  readonly shed: number;
  readonly recovery: RecoveryReport;
  /** What may change of itself, never before `at`; null when nothing can. */
  readonly next: NextReport | null;
}

/** One region alone, with the number of the snapshot in which it is so. */
export interface RegionHealthReport extends RegionReport {
  readonly epoch: number;
}

export interface NextReport {
  /** `unknown`: too few fresh votes, so the verdict would be kept. */
  readonly change: 'up' | 'down' | 'unknown' | 'half-open' | 'open' | 'override-ends';
  readonly at: string;
}

/** How far a region is on its way back from `down`; an override comes before it. */
export interface RecoveryReport {
  readonly stage: 'out' | 'holding' | 'half-open' | 'open';
  /** Share of client networks, 0 to 1, that may be sent there. */
  readonly share: number;
  /** When the next stage begins, if the region stays up. */
  readonly nextAt: string | null;
  /** How often it went down again before it had been open for long. */
  readonly trips: number;
}

export interface HealthReport {
  readonly director: string;
  readonly region: string;
  readonly epoch: number;
  readonly configuration: string;
  /**
   * `fresh`: every observer heard lately; `partial`: some missing; `peers`: some or all heard, but
   * from peers alone, as every Redis is lost; `isolated`: none but ourselves.
   */
  readonly gossip: 'alone' | 'fresh' | 'partial' | 'peers' | 'isolated';
  readonly missingObservers: readonly string[];
  /**
   * What becomes of this director's own votes: `isolated` are left out by all, because it alone sees
   * every other region down; `uncounted` come from a region that is no observing one.
   */
  readonly observer: 'counted' | 'isolated' | 'uncounted';
  /** What this director's own files say. */
  readonly files: FilesReport;
  /** True when directors that are heard run different configurations. */
  readonly isMixed: boolean;
  /** Who runs what, most common first. */
  readonly configurations: readonly ConfigurationReport[];
  /** Every director heard within a day, by id. */
  readonly observers: readonly ObserverReport[];
  readonly boards: readonly { readonly board: string; readonly isUp: boolean }[];
  readonly regions: readonly RegionReport[];
  /** Safety rules on who serves that do not hold now; left out where all do. */
  readonly broken?: readonly Refusal[];
  /** Regions that have not been drilled for too long; left out where there are none. */
  readonly undrilled?: readonly string[];
}

/** The files of the configuration as they were last read. */
export interface FilesReport {
  /** False when they have faults: then the last good configuration is in force. */
  readonly areGood: boolean;
  /** When they were last read without a fault. */
  readonly goodAt: string;
  readonly faultCount: number;
  /** The first hundred, as a line each with file, line and column. */
  readonly faults: readonly string[];
}

export interface ConfigurationReport {
  readonly configuration: string;
  readonly directors: readonly string[];
}

/** What one director said last; null where its release does not say it. */
export interface ObserverReport {
  readonly observer: string;
  readonly region: string;
  readonly ageSeconds: number;
  /** False once that is too old to count. */
  readonly isHeard: boolean;
  readonly isIsolated: boolean;
  readonly configuration: string | null;
  readonly epoch: number | null;
  readonly release: string | null;
  /** Observing regions that it does not hear itself. */
  readonly missing: readonly string[] | null;
  /** How many of its boards it cannot reach. */
  readonly lostBoards: number | null;
  /** What it says of each region, by id. */
  readonly sees: Readonly<Record<string, string>>;
}

export interface RegionFacts {
  readonly region: string;
  readonly title: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly weight: number;
  readonly bias: number;
  readonly nameserver: readonly string[];
}

export interface ServiceFacts {
  readonly name: string;
  readonly zone: string;
  readonly regions: readonly string[];
  readonly steps: readonly string[];
  readonly ttl: { readonly stable: number; readonly short: number };
  /** Null without one. */
  readonly floor: FloorReport | null;
}

/** A service's floor, and who serves now for its sake alone. */
export interface FloorReport {
  readonly least: number;
  /** `percent` is of the weight of all that the service lists. */
  readonly unit: 'regions' | 'percent';
  readonly below: 'keep' | 'fail-open';
  /** Regions that are down. */
  readonly down: readonly string[];
  /** Regions on their way back, which get all of their clients at once. */
  readonly early: readonly string[];
}

export interface OverrideReport {
  readonly id: string;
  readonly region: string;
  readonly kind: 'drain' | 'down' | 'up';
  readonly actor: string;
  readonly reason: string;
  readonly start: string;
  readonly end: string;
  readonly isActive: boolean;
  /** What it is on besides the region, where it is not on all of it. */
  readonly service?: string;
  readonly endpoint?: string;
  readonly share?: number;
  /** Only of a word that lasts until somebody ends it. */
  readonly isPermanent?: true;
  /** Safety rules that it was given in spite of, and why. */
  readonly breakGlass?: BreakGlass;
  /** On how many boards the word stands; only in the answer to a change. */
  readonly posted?: number;
  /** Of how many. */
  readonly boards?: number;
  /** Services that this leaves without any region; only in the answer to a change. */
  readonly withheld?: readonly string[];
  /** The word as it stands on boards, to be carried to other directors; only in the answer to a change. */
  readonly signed?: string;
}

export interface AboutReport {
  readonly version: string;
  readonly director: string;
  readonly geo: {
    readonly source: string;
    readonly dataDate: string | null;
    readonly attribution: string;
  };
}
