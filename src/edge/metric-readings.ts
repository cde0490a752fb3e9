// Readings: what a scrape asks of the rest of the program.

import type { WebhookCounts } from '../model/webhook.ts';

/** What the rest of the program counts and knows, read when somebody asks. */
export interface MetricReadings {
  queries(): QueryReading;
  regions(): Iterable<RegionReading>;
  /** Of services that have a floor: whether less than that is alive, so that regions that are down are named. */
  floors(): Iterable<{ readonly service: string; readonly isBelow: boolean }>;
  /** What this observer's own probes have found. */
  probes(): Iterable<ProbeReading>;
  /** How busy regions are, as far as that is known. */
  loads(): Iterable<LoadReading>;
  /** What applications last said of themselves. */
  applications(): Iterable<ApplicationReading>;
  /** How often each thing happened on boards and to what was read there, by its word. */
  gossipEvents(): ReadonlyMap<string, number>;
  gossipState(): GossipState;
  boards(): Iterable<BoardReading>;
  /** Observers that are heard. */
  observers(): Iterable<{ readonly observer: string; readonly isIsolated: boolean }>;
  /** How many different ones run on the directors that are heard. */
  configurations(): number;
  overridesActive(): number;
  /** Of those, how many were given in spite of a safety rule. */
  breakGlassActive(): number;
  /** Safety rules that do not hold. */
  rulesBroken(): readonly string[];
  /** Regions, and how long ago each was drilled; undefined where that is not known. */
  drillAges(): Iterable<{ readonly region: string; readonly ageSeconds: number | undefined }>;
  epoch(): number;
  /** Age of the GeoIP data itself; undefined when there is none. */
  geoDataAgeSeconds(): number | undefined;
  logLinesDropped(): number;
  reloads(): { readonly accepted: number; readonly refused: number };
  /** Faults of the configuration files; while there are any, since when the files were last good. */
  files(): { readonly faults: number; readonly lastGoodSeconds: number | undefined };
  /** DNS replies that the network did not take. */
  sendErrors(): number;
  /** What proxies sent without a PROXY header, by transport: datagrams, and connections. */
  proxyRefusals(): Readonly<Record<string, number>>;
  /** How telling secondaries of a changed zone ended. */
  notices(): { readonly acknowledged: number; readonly unanswered: number };
  /** Threads that answer DNS: running, and replaced since the start. */
  workers(): { readonly running: number; readonly replaced: number };
  /** What became of messages, by the names of webhooks. */
  webhooks(): Iterable<readonly [string, WebhookCounts]>;
  /** Open DNS connections over TCP; undefined where nobody counts them. */
  tcpConnections(): number | undefined;
  /** The histogram of clients; undefined where none is collected. */
  clients(): { readonly networks: number; readonly outsideShare: number } | undefined;
  /** The audit log; undefined where none is kept. */
  audit(): AuditReading | undefined;
  httpRequests(): Iterable<HttpReading>;
  /** Those who follow along: what became of them so far. */
  followers(): Iterable<FollowerReading>;
}

export interface QueryReading {
  readonly received: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly withSubnet: number;
  readonly withCookie: number;
  readonly withGoodCookie: number;
  readonly wouldLimit: number;
  readonly failedOpen: number;
  readonly belowFloor: number;
  readonly failedClosed: number;
  readonly stoodIn: number;
  readonly chosen: ReadonlyMap<string, number>;
  readonly transfers: { readonly completed: number; readonly broken: number };
}

export interface BoardReading {
  readonly board: string;
  readonly isUp: boolean;
  /** Octets; undefined for a board that uses no network. */
  readonly traffic?: { readonly read: number; readonly written: number } | undefined;
}

export interface ProbeReading {
  readonly region: string;
  /** Median of recent successes; undefined before the first. */
  readonly latencySeconds: number | undefined;
  /** Until the certificate that was shown expires, negative after; undefined where none was. */
  readonly certificateSeconds: number | undefined;
}

export interface ApplicationReading {
  readonly region: string;
  readonly name: string;
  /** Null where it says none now. */
  readonly load: number | null;
  /** Null before its first report. */
  readonly ageSeconds: number | null;
}

export interface LoadReading {
  readonly region: string;
  /** Null where nobody says. */
  readonly load: number | null;
  readonly connections: number | null;
  readonly ageSeconds: number | null;
  /** Of client networks, 0 to 1. */
  readonly shed: number;
}

export interface RegionReading {
  readonly region: string;
  readonly verdict: 'up' | 'down' | 'unknown';
  readonly isKept: boolean;
  /** How long the verdict has stood. */
  readonly sinceSeconds: number;
  /** Of client networks, 0 to 1. */
  readonly share: number;
  readonly trips: number;
}

export const gossipStates = ['alone', 'fresh', 'partial', 'peers', 'isolated'] as const;

export type GossipState = (typeof gossipStates)[number];

export interface FollowerReading {
  readonly kind: string;
  /** `came`, `left`, or what befell one meanwhile. */
  readonly what: string;
  readonly count: number;
}

export interface AuditReading {
  /** Entries, by this process. */
  readonly written: number;
  readonly waiting: number;
  readonly lost: number;
  /** Tries. */
  readonly failures: number;
  /** Undefined before the first. */
  readonly lastWriteSeconds: number | undefined;
}

export interface HttpReading {
  /** The route's pattern, never an address that a client made up. */
  readonly route: string;
  readonly status: number;
  readonly count: number;
}
