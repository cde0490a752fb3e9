// Every door of the program on one page: what the flows ask of the world, as types.

import type { Atlas } from './model/atlas.ts';
import type { Fault } from './model/fault.ts';
import type { Sample } from './model/health.ts';
import type { Peer } from './model/message.ts';
import type { ProbeSpec } from './model/region.ts';
import type { Millis } from './model/time.ts';

/** Wall-clock and timers. Every flow gets time from here, so tests can let it pass at will. */
export interface Clock {
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
export type Probe = (spec: ProbeSpec, signal: AbortSignal) => Promise<Sample>;

/**
 * A board: named slots of text that directors write and all read. Values are whatever an enemy may
 * have written; the reader checks signatures. Every call settles within the board's own time limits.
 */
export interface Board extends AsyncDisposable {
  /** For logs and metrics: host and port, never a password. */
  readonly name: string;
  /** Writes one slot, which disappears by itself after `lifetime`; rejects when it cannot be reached. */
  post(slot: string, value: string, lifetime: Millis): Promise<void>;
  /** Every slot that has not disappeared; rejects when the board cannot be reached. */
  read(): Promise<ReadonlyMap<string, Posted>>;
  /** Calls back when somebody posted. A hint only: it may be late, doubled or missing. */
  onHint(listener: () => void): void;
}

export interface Posted {
  readonly value: string;
  /** How long until the slot disappears: with the lifetime it was given, this tells its age. */
  readonly remaining: Millis;
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
