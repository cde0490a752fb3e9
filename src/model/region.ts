// A region: a place that serves traffic.

import type { FigureSource } from './figure.ts';
import type { Ip } from './ip.ts';
import type { RecordType } from './message.ts';
import type { DomainName } from './name.ts';
import type { Coordinates } from './place.ts';
import type { Brand, Millis } from './time.ts';

/** The file name of `regions/<id>.yaml`: lower-case letters, digits and hyphens. */
export type RegionId = Brand<string, 'RegionId'>;

/** How a region is probed: all of the list at once, and one result made of theirs. */
export interface RegionProbes {
  readonly interval: Millis;
  /** Consecutive failures that make a vote `down`. */
  readonly downAfter: number;
  /** Consecutive successes that make a vote `up`. */
  readonly upAfter: number;
  /** How long a vote stays `down` at least. */
  readonly holdDown: Millis;
  /** In which the penalty for going down often halves; 0 for no penalty. */
  readonly flapHalfLife: Millis;
  /** How many of the list must succeed, at least 1; where they have weights, how much of that. */
  readonly need: number;
  readonly list: readonly ProbeSpec[];
  /** The weight of each of the list; left out where each counts as one. */
  readonly weights?: readonly number[];
  /** Pages that are asked along with them for the region's load, and say nothing of its health. */
  readonly gauges?: readonly HttpProbe[];
}

export type ProbeSpec = NetworkProbe | PushProbe;

/** Probes that a director makes of its own accord. */
export type NetworkProbe = HttpProbe | TcpProbe | TlsProbe | DnsProbe;

interface Attempt {
  /** How long one attempt may take. */
  readonly timeout: Millis;
}

export interface HttpProbe extends Attempt {
  readonly kind: 'http';
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  /** Status codes that count as healthy. */
  readonly statuses: readonly number[];
  /** What the answer's header must hold, each field once. */
  readonly answerHeaders: readonly HeaderWish[];
  /** Text that must occur in the first 64 KiB of the body. */
  readonly contains: string | undefined;
  /** What the first 64 KiB of the body, read as UTF-8, must match somewhere. */
  readonly matches: Pattern | undefined;
  /** False only where an operator accepts any certificate. */
  readonly verify: boolean;
  /** Where its answer also tells the region's load; left out where it does not. */
  readonly tells?: readonly FigureSource[];
}

/** A header field that must be there, with one value at least that is as said. */
export interface HeaderWish {
  /** In lower case. */
  readonly name: string;
  readonly contains: string | undefined;
  readonly matches: Pattern | undefined;
}

/** A regular expression whose time grows with the text alone, whatever that holds. */
export interface Pattern {
  readonly source: string;
  readonly test: (text: string) => boolean;
}

export interface TcpProbe extends Attempt {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
}

export interface TlsProbe extends Attempt {
  readonly kind: 'tls';
  readonly host: string;
  readonly port: number;
  /** The name to ask for (RFC 6066 §3), which the certificate must have; undefined takes the host. */
  readonly serverName: string | undefined;
  /** False only where an operator accepts any certificate. */
  readonly verify: boolean;
}

export interface DnsProbe extends Attempt {
  readonly kind: 'dns';
  /** The server that is asked. */
  readonly host: string;
  readonly port: number;
  readonly name: DomainName;
  readonly type: RecordType;
  /** What one of the records must say, in the form of `Rdata.text`; undefined takes any. */
  readonly data: string | undefined;
}

/** What an application says of itself stands for a sample. */
export interface PushProbe {
  readonly kind: 'push';
  /** The region that it is a probe of. */
  readonly region: RegionId;
  /** A word for the application, of which a region may have several. */
  readonly name: string;
  /** How long a report speaks at most. */
  readonly lifetime: Millis;
  /** SHA-256 digest (hex) of the bearer token to report with; undefined leaves it to operators. */
  readonly token: string | undefined;
}

/** How a region's load is heard, and what it leads to. */
export interface LoadSettings {
  /** Requests a second that fill the region; undefined where nobody says. */
  readonly capacity: number | undefined;
  /** Connections, or requests in flight, that fill it. */
  readonly connections: number | undefined;
  /** Shares of what fills it: below `low` clients come back, above `high` they are moved on. */
  readonly low: number;
  readonly high: number;
  /** How long what is heard of it is believed. */
  readonly lifetime: Millis;
  /** SHA-256 digest (hex) of the bearer token to report with; undefined leaves it to operators. */
  readonly token: string | undefined;
}

/** A name server of a zone: `ns-<region id>.<zone>` for a director of ours. */
export interface NameServer {
  readonly name: DomainName;
  readonly addresses: readonly Ip[];
}

export interface Region {
  readonly id: RegionId;
  /** What people call the place, such as `Dublin`. */
  readonly title: string;
  readonly coordinates: Coordinates;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Addresses handed to clients. */
  readonly ipv4: readonly Ip[];
  readonly ipv6: readonly Ip[];
  /** Host name for services that answer with a CNAME. */
  readonly cname: DomainName | undefined;
  /** Share within a group of equally good regions; 0 takes traffic only when no other can. */
  readonly weight: number;
  /** -99 to 99: grows (positive) or shrinks the area this region attracts. */
  readonly bias: number;
  /** Base URL for clients that are redirected over HTTP. */
  readonly url: URL | undefined;
  /** Undefined where there is nothing to probe: the region then counts as up. */
  readonly probes: RegionProbes | undefined;
  /** Left out where nothing is set for its load: then what its applications report is all that is known. */
  readonly load?: LoadSettings | undefined;
  /** Addresses of the public director that stands here; none where there is no director. */
  readonly nameServerAddresses: readonly Ip[];
}

/** The host that a probe connects to: a name, or an address without brackets. */
export function probedHost(spec: NetworkProbe): string {
  return spec.kind === 'http' ? spec.url.hostname.replaceAll(/^\[|\]$/g, '') : spec.host;
}

export function pushProbesOf({ probes }: Pick<Region, 'probes'>): PushProbe[] {
  return probes?.list.filter((spec) => spec.kind === 'push') ?? [];
}
