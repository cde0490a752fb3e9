// Every door of the program on one page: what the flows ask of the world, as types.

import type { Atlas } from './model/atlas.ts';
import type { Trail } from './model/decision.ts';
import type { Events } from './model/event.ts';
import type { Fault } from './model/fault.ts';
import type { Sample } from './model/health.ts';
import type { Ip } from './model/ip.ts';
import type { Peer } from './model/message.ts';
import type { ProbeSpec } from './model/region.ts';
import type { Millis } from './model/time.ts';

/** Time and timers. Every flow gets time from here, so tests can let it pass at will. */
export interface Clock {
  /**
   * Since the Unix epoch, by the system's clock when this director started, and never set since: it may
   * be hours off, but what passes between two readings has passed.
   */
  now(): Millis;
  /** Resolves after `span`, or as soon as the signal aborts; never rejects. */
  sleep(span: Millis, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1), for jitter only: no answer depends on it. */
export type Random = () => number;

/** Structured log; the event is a stable word, fields are flat. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes one probe; never rejects, a failure is a sample with its reason. */
export type Probe<Spec = ProbeSpec> = (spec: Spec, signal: AbortSignal) => Promise<Sample>;

/**
 * A board: named slots of text that directors write and all read. Values are whatever an enemy may
 * have written; the reader checks signatures. Every call settles within the board's own time limits.
 */
export interface Board extends AsyncDisposable {
  /** For logs and metrics: host and port, never a password. */
  readonly name: string;
  /** `store`: a server of its own; `peer`: what another director keeps; `own`: inside this process. */
  readonly kind: 'store' | 'peer' | 'own';
  /** Writes one slot, which disappears by itself after `lifetime`; rejects when it cannot be reached. */
  post(slot: string, value: string, lifetime: Millis): Promise<void>;
  /** Every slot that has not disappeared; rejects when the board cannot be reached. */
  read(): Promise<ReadonlyMap<string, Posted>>;
  /** Calls back when somebody posted. A hint only: it may be late, doubled or missing. */
  onHint(listener: () => void): void;
  /** What went over the network so far; left out by a board that uses none. */
  readonly traffic?: () => Traffic;
}

/** Octets of requests and answers, without what TCP and TLS add. */
export interface Traffic {
  readonly read: number;
  readonly written: number;
}

export interface Posted {
  readonly value: string;
  /** How long until the slot disappears: with the lifetime it was given, this tells its age. */
  readonly remaining: Millis;
}

/** Signs what goes on boards, and tells what a holder of the fleet's secret has signed. */
export interface Seal {
  sign(payload: string): string;
  verify(payload: string, mac: string): boolean;
}

/** Small named texts kept on local disk, written atomically. */
export interface Store {
  load(name: string): Promise<string | undefined>;
  save(name: string, text: string): Promise<Fault | undefined>;
}

/** Where GeoIP data comes from; a fault when it cannot be used. */
export type LoadAtlas = (mmdb: string | undefined) => Promise<Atlas | Fault>;

/** One DNS message in, at most one out; never throws. Undefined means silence. */
export type Respond = (bytes: Uint8Array, peer: Peer) => Uint8Array | undefined;

/**
 * What the control side can be asked. Answers are plain data, ready for JSON; times are ISO 8601 in
 * UTC, spans are seconds. A fault is a value, and its code decides the HTTP status.
 */
export interface Api {
  resolve(request: ResolveRequest): ResolveReport | Fault;
  /** Where to send a client that only speaks HTTP: the base URL of the best region that has one. */
  redirect(name: string, peer: Ip): { readonly region: string; readonly url: URL } | Fault;
  health(): HealthReport;
  regionHealth(region: string): RegionReport | Fault;
  regions(): readonly RegionFacts[];
  services(): readonly ServiceFacts[];
  readonly events: Events;
  overrides(): readonly OverrideReport[];
  addOverride(request: OverrideRequest): Promise<OverrideReport | Fault>;
  /** Ends an override by its id. */
  endOverride(id: string, actor: string): Promise<OverrideReport | Fault>;
  about(): AboutReport;
  /** Why this director should not be sent queries yet; empty when it should. */
  unready(): readonly string[];
}

export interface ResolveRequest {
  readonly name: string;
  readonly type: string;
  /** An address or a prefix to answer for, as if it had come as a client subnet. */
  readonly client: string | undefined;
  readonly explain: boolean;
  readonly peer: Ip;
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
  readonly override: OverrideReport | null;
  readonly recovery: RecoveryReport;
  /** What may change of itself, never before `at`; null when nothing can. */
  readonly next: NextReport | null;
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
  readonly boards: readonly { readonly board: string; readonly isUp: boolean }[];
  readonly regions: readonly RegionReport[];
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
}

export interface OverrideRequest {
  readonly region: string;
  readonly kind: 'drain' | 'down' | 'up';
  readonly actor: string;
  readonly reason: string;
  /** A span with its unit, such as `10m`. */
  readonly for: string;
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
  /** On how many boards the word stands; only in the answer to a change. */
  readonly posted?: number;
  /** Services that this leaves without any region; only in the answer to a change. */
  readonly withheld?: readonly string[];
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
