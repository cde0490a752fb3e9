// What the operator wrote, checked and frozen: the shape the inside of the program sees.

import type { AuditBounds } from './audit.ts';
import type { Continent } from './continent.ts';
import type { DnsSettings } from './dns-settings.ts';
import type { DrillSettings } from './drill-schedule.ts';
import type { Prefix } from './ip.ts';
import type { RecordType, RRset } from './message.ts';
import type { DomainName } from './name.ts';
import type { RecordTable } from './record-table.ts';
import type { NameServer, Region, RegionId } from './region.ts';
import type { SafetySettings } from './safety.ts';
import type { Secondary } from './secondary.ts';
import type { Millis, Seconds } from './time.ts';
import type { HttpTls, PeerTls } from './tls.ts';
import type { Token } from './token.ts';
import type { WebhookSettings } from './webhook.ts';

/**
 * `prefer` these regions, in this order, for clients in one of the networks, autonomous systems or
 * areas; what is left out names nobody.
 */
export interface SteeringRule {
  readonly networks: readonly Prefix[];
  readonly asns?: readonly number[];
  readonly continents?: readonly Continent[];
  readonly countries: readonly string[];
  /** Country and subdivision, such as `US-CA` (ISO 3166-2). */
  readonly subdivisions?: readonly string[];
  readonly prefer: readonly RegionId[];
}

/** One step of a steering chain: `steering/steps/` gives each kind its settings and their meaning. */
export interface StepSettings {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** Bounds between which a steered answer's TTL follows its state. */
export interface TtlBounds {
  /** While nothing is expected to change. */
  readonly stable: Seconds;
  /** While something is: suspect, unknown, overridden, just changed, failing open. */
  readonly short: Seconds;
}

/** An HTTPS or SVCB record of a steered name (RFC 9460), to which the chosen addresses are added. */
export interface Binding {
  readonly type: RecordType;
  /** Presentation form, without address hints. */
  readonly text: string;
}

export interface Service {
  readonly name: DomainName;
  readonly zone: DomainName;
  /** Candidates in the configured default order, which also serves clients of unknown place. */
  readonly regions: readonly RegionId[];
  /** As it is written: a name, or steps as JSON. */
  readonly policy: string;
  readonly steps: readonly StepSettings[];
  readonly ttl: TtlBounds;
  /** False where the client-subnet option must not steer. */
  readonly usesSubnet: boolean;
  /** `address`: the chosen regions' addresses. `cname`: the first one's host name, whatever the type. */
  readonly answers: 'address' | 'cname';
  readonly bindings: readonly Binding[];
  /** How long an HTTP client is held at the region it was sent to; 0 holds nobody. */
  readonly affinity: Seconds;
}

export interface Zone {
  readonly apex: DomainName;
  readonly soa: RRset;
  readonly nameServers: readonly NameServer[];
  /** TTL of NS records and their glue. */
  readonly nameServerTtl: Seconds;
  /** Static records, without SOA and NS of the apex. */
  readonly records: readonly RRset[];
  /** True where the serial is the time of the newest file, for want of one in the configuration. */
  readonly hasMadeSerial: boolean;
  readonly secondaries: readonly Secondary[];
  /** Those of its master file, with SOA and NS of the apex; left out by a zone without one. */
  readonly table?: RecordTable;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** How a region comes back from `down`; all zero means at once. */
export interface ReturnSettings {
  /** How long it must stay up before any client is sent there. */
  readonly hold: Millis;
  /** How long each share of the client networks lasts before the next. */
  readonly stage: Millis;
  /** The hold doubles each time the region goes down again too soon, up to this. */
  readonly longestHold: Millis;
}

/** The histogram of clients that a director counts for itself. */
export interface ClientSettings {
  readonly isCollected: boolean;
  /** How many pairs of network and name are kept. */
  readonly keep: number;
  /** One in so many queries is counted, for so many. */
  readonly sample: number;
  /** After so long a query counts half. */
  readonly halfLife: Millis;
}

/** A Redis that serves as a board: where it is found, and what it is shown at the door. */
export interface BoardSettings {
  readonly place: BoardPlace;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Undefined speaks without TLS. */
  readonly tls: BoardTls | undefined;
}

/** Hosts may be names. `nodes` are asked for the server that holds the board. */
export type BoardPlace =
  | ({ readonly kind: 'single'; readonly database: number } & Endpoint)
  | {
      readonly kind: 'sentinel';
      /** What the Sentinels call the master. */
      readonly name: string;
      readonly nodes: readonly Endpoint[];
      readonly username: string | undefined;
      readonly password: string | undefined;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly Endpoint[] };

/** In PEM; what is undefined is as the system has it. */
export interface BoardTls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The name that the certificate must have; undefined for the host that is connected to. */
  readonly serverName: string | undefined;
}

/** What a change of the files may do to clients while a director runs. */
export interface ReloadLimit {
  /** Share of the clients of any one name, 0 to 1, that a change may send to another region. */
  readonly maxMoved: number;
  /** The `configuration` in force that may be left by any change. */
  readonly force: string | undefined;
}

export interface Settings {
  readonly director: { readonly id: string; readonly region: string };
  readonly listen: {
    /** UDP and TCP. */
    readonly dns: readonly Endpoint[];
    readonly http: Endpoint;
    /** DNS over TLS (RFC 7858). */
    readonly dot: readonly Endpoint[];
    /** DNS over HTTPS (RFC 8484). */
    readonly doh: readonly Endpoint[];
  };
  /** PEM files for `dot` and `doh`; undefined where neither is served. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly zones: readonly Zone[];
  readonly services: ReadonlyMap<DomainName, Service>;
  readonly regions: ReadonlyMap<RegionId, Region>;
  readonly health: {
    /** Observing regions that the quorum is counted over. */
    readonly observers: readonly string[];
    /** A vote older than this says nothing any more. */
    readonly voteLifetime: Millis;
    /** How long after a change answers keep the short TTL. */
    readonly settle: Millis;
    readonly return: ReturnSettings;
    /** How many probes this director makes at once. */
    readonly probesInFlight: number;
    /** Where probes may go; undefined is anywhere. */
    readonly probeNetworks: readonly Prefix[] | undefined;
  };
  readonly gossip: {
    /** None, and no peers, means the in-process board alone. */
    readonly boards: readonly BoardSettings[];
    /** Other directors' HTTP APIs, as scheme, host and port: each keeps a board for the others. */
    readonly peers: readonly string[];
    /** PEM files for peers over HTTPS; what is left out is as the system has it. */
    readonly peerTls?: PeerTls | undefined;
    /** Every vote and override is signed with the first and accepted with any. */
    readonly secrets: readonly string[];
    readonly postEvery: Millis;
    readonly readEvery: Millis;
  };
  readonly dns: DnsSettings;
  readonly clients: ClientSettings;
  readonly geo: {
    /** Path of an operator's own .mmdb; undefined for the data that geoip-lite ships. */
    readonly mmdb: string | undefined;
    /** Path of an .mmdb with the autonomous system of each network, such as GeoLite2 ASN. */
    readonly asn: string | undefined;
  };
  /** Left out where a reload may move any number of clients. */
  readonly reload?: ReloadLimit | undefined;
  /** Left out where nobody is reminded and nothing is scheduled. */
  readonly drills?: DrillSettings | undefined;
  /** Left out where nothing is ruled out. */
  readonly safety?: SafetySettings | undefined;
  readonly http: {
    /** Proxies whose X-Forwarded-For is believed. */
    readonly trustedProxies: readonly Prefix[];
    /** Undefined answers without TLS. */
    readonly tls?: HttpTls | undefined;
    /** Bearer tokens and client certificates, with what each may do. */
    readonly tokens: readonly Token[];
    /** Requests a second of one token, or from one address without one. */
    readonly requestsPerSecond: number;
    /** The same of writes alone, which have a budget of their own; left out, as many as requests. */
    readonly writesPerSecond?: number;
  };
  /** Left out where nobody is told. */
  readonly webhooks?: readonly WebhookSettings[] | undefined;
  readonly log: {
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    /** Share of queries that leave a log line, 0 to 1. */
    readonly sampleQueries: number;
  };
  /** How much of the audit log is kept; undefined keeps none on disk. */
  readonly audit: AuditBounds | undefined;
  /** Folder for the last good state; undefined keeps nothing. */
  readonly stateDir: string | undefined;
  /** Files outside the configuration that secrets were read from, as it names them. */
  readonly secretFiles: readonly string[];
  /** The same for tables of latencies. */
  readonly tableFiles: readonly string[];
  /** Digest of the octets of every configuration file: another one, and they are read again. */
  readonly digest: string;
  /** The first 12 digits of the digest of what all directors must have alike. */
  readonly configuration: string;
}
