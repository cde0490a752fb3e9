// Every door of the program on one page: what the flows ask of the world, as types.

import type { Atlas } from './model/atlas.ts';
import type { Caller } from './model/caller.ts';
import type { ClientsReport } from './model/clients-report.ts';
import type { TimelinePage, TimelineRequest } from './model/audit.ts';
import type { DrillReport, DrillRequest } from './model/drill.ts';
import type { DrillAge } from './model/drill-schedule.ts';
import type { Events } from './model/event.ts';
import type { Fault } from './model/fault.ts';
import type { Sample } from './model/health.ts';
import type { LoadFacts, LoadReceipt, LoadRequest } from './model/load-report.ts';
import type { Peer } from './model/message.ts';
import type { RangeTable } from './model/ranges.ts';
import type { ProbeSpec } from './model/region.ts';
import type { OverrideRequest } from './model/override-request.ts';
import type {
  AboutReport,
  HealthReport,
  OverrideReport,
  Redirect,
  RedirectRequest,
  RegionFacts,
  RegionHealthReport,
  ResolveReport,
  ResolveRequest,
  ServiceFacts,
} from './model/report.ts';
import type { BreakGlass, SafetyReport } from './model/safety.ts';
import type { ReportFacts, ReportRequest } from './model/self-report.ts';
import type { Endpoint, Settings } from './model/settings.ts';
import type { Millis } from './model/time.ts';
import type { HookAnswer, WebhookSettings } from './model/webhook.ts';

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
  /**
   * Writes one slot, which disappears by itself after `lifetime`; rejects when it cannot be reached.
   * What `isQuiet` is found by readers at their next read, and hinted at nobody.
   */
  post(slot: string, value: string, lifetime: Millis, isQuiet?: boolean): Promise<void>;
  /** Every slot that has not disappeared, of these alone where they are given; rejects as `post` does. */
  read(only?: ReadonlySet<string>): Promise<ReadonlyMap<string, Posted>>;
  /** Calls back when somebody posted, with the slot if known. A hint: it may be late, doubled, missing or made up. */
  onHint(listener: (slot?: string) => void): void;
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

/** HMAC-SHA256 for TSIG (RFC 8945), and the time that two machines compare by it. */
export interface Hmac {
  sign(secret: Uint8Array, parts: readonly Uint8Array[]): Uint8Array;
  /** In constant time; of a MAC that was cut short, as far as it goes. */
  verify(secret: Uint8Array, parts: readonly Uint8Array[], claimed: Uint8Array): boolean;
  /** By the system's clock as it is set now. */
  unixSeconds(): number;
}

/**
 * Sends a datagram and gives the first answer from there that is one; undefined when none comes in
 * time, and words for what the network says. Never rejects.
 */
export type SendNotice = (
  to: Endpoint,
  message: Uint8Array,
  isAnswer: (bytes: Uint8Array) => boolean,
  signal: AbortSignal,
) => Promise<Uint8Array | string | undefined>;

/** Posts one message, signed, to where the hook says; never rejects. */
export type PostHook = (
  hook: WebhookSettings,
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
) => Promise<HookAnswer>;

/** Small named texts kept on local disk, written atomically. */
export interface Store {
  load(name: string): Promise<string | undefined>;
  save(name: string, text: string): Promise<Fault | undefined>;
}

/**
 * Lines in files that only grow. What was appended is on disk when that settles, whole or not at all
 * as far as the disk allows.
 */
export interface Journal {
  /** Finds the file that grows, and reads the newest lines in their order; also again, after `moved`. */
  open(onLine: (line: string) => void): Promise<JournalTail | Fault>;
  /** What is appended from now on goes into a new file of this name, or into the empty one that was found. */
  begin(name: string): void;
  /** `moved`: the file is not as it was left here, so nothing was written; open anew. */
  append(lines: readonly string[]): Promise<Fault | 'moved' | { readonly octets: number }>;
  /** The oldest files without which the rest has at most so many octets, and the first line of that rest. */
  surplus(
    most: number,
  ): Promise<{ readonly names: readonly string[]; readonly firstLeft: string } | undefined>;
  remove(names: readonly string[]): Promise<Fault | undefined>;
}

export interface JournalTail {
  /** The newest file in which anything stands; undefined where there is none yet. */
  readonly name: string | undefined;
  readonly octets: number;
  /** The end of the file, where it has no line feed; the next append gives it one. */
  readonly torn: { readonly octets: number; readonly sha256: string } | undefined;
  /** A newer one in which nothing stands, as a full disk or a crash leaves it: the log goes on there. */
  readonly empty: string | undefined;
}

/** Where GeoIP data comes from; a fault when it cannot be used. */
export type LoadAtlas = (mmdb: string | undefined) => Promise<Atlas | Fault>;

/** Which networks belong to the wanted autonomous systems; a fault when the database cannot be used. */
export type LoadAsns = (path: string, wanted: ReadonlySet<number>) => Promise<RangeTable | Fault>;

/** Tables that were compiled before, by keys that say what they were compiled from. */
export interface TableCache {
  /** Another text whenever the files of geography, or this program, may be others; undefined where they cannot be told. */
  stamp(geo: Settings['geo']): Promise<string | undefined>;
  /** What is kept under these keys, as whoever wrote it left it: an enemy may have. Never rejects. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Keeps these in place of all others, after a while: data of which nothing changes, asked for when it is written. */
  save(tables: ReadonlyMap<string, () => object>): void;
}

/**
 * One DNS message in, at most one out; never throws. Undefined means silence, or that `begin` was
 * called with an answer of several messages: a door that cannot send such a one passes none.
 */
export type Respond = (bytes: Uint8Array, peer: Peer, begin?: Begin) => Uint8Array | undefined;

/**
 * Takes messages one by one, as fast as the other side does, beginning at once; `return` is called
 * when no more can be sent.
 */
export type Begin = (messages: Generator<Uint8Array, void, void>) => void;

/**
 * What the control side can be asked. Answers are plain data, ready for JSON; times are ISO 8601 in
 * UTC, spans are seconds. A fault is a value, and its code decides the HTTP status.
 */
export interface Api {
  resolve(request: ResolveRequest): ResolveReport | Fault;
  /** Where to send a client that only speaks HTTP: the base URL of the best region that has one. */
  redirect(request: RedirectRequest): Redirect | Fault;
  health(): HealthReport;
  regionHealth(region: string): RegionHealthReport | Fault;
  /** The number of the snapshot that is in force. */
  epoch(): number;
  regions(): readonly RegionFacts[];
  services(): readonly ServiceFacts[];
  readonly events: Events;
  overrides(): readonly OverrideReport[];
  addOverride(request: OverrideRequest, caller?: Caller): Promise<OverrideReport | Fault>;
  /** Takes an override as another director signed it: where no board is alive, operators carry it. */
  takeOverride(id: string, signed: string, caller?: Caller): Promise<OverrideReport | Fault>;
  /** Ends an override by its id. */
  endOverride(
    id: string,
    actor: string,
    caller?: Caller,
    glass?: BreakGlass,
  ): Promise<OverrideReport | Fault>;
  /** What the safety rules would say of an override. */
  tryOverride(request: OverrideRequest): SafetyReport | Fault;
  /** Begins a drill at this director, which alone runs it. */
  startDrill(request: DrillRequest, caller?: Caller): Promise<DrillReport | Fault>;
  /** Takes its word back, and gives no more; one that is over stays as it is. */
  abortDrill(id: string, actor: string, caller?: Caller): Promise<DrillReport | Fault>;
  /** Those of this director, the newest first. */
  drills(): readonly DrillReport[];
  drill(id: string): DrillReport | Fault;
  /** When each region was drilled, as far as this director knows. */
  drillAges(): readonly DrillAge[];
  /** What was recorded here of late. */
  timeline(request: TimelineRequest): TimelinePage | Fault;
  /** What every application that has a push probe last said of itself. */
  reports(): readonly ReportFacts[];
  addReport(region: string, name: string, request: ReportRequest): Promise<ReportFacts | Fault>;
  /** The busiest clients, as many as are asked for, and how much lies outside all that are kept. */
  clients(most: number): ClientsReport;
  /** All of them that are kept, as CSV in pieces. */
  clientLines(): Iterable<string>;
  /** How busy each region is, as far as that is known. */
  loads(): readonly LoadFacts[];
  addLoad(region: string, request: LoadRequest): Promise<LoadReceipt | Fault>;
  about(): AboutReport;
  /** Why this director should not be sent queries yet; empty when it should. */
  unready(): readonly string[];
}
