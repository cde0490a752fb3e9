// The nouns of a DNS message: codes, questions, record sets, answers.

import type { Ip, Prefix } from './ip.ts';
import type { DomainName } from './name.ts';
import type { Seconds } from './time.ts';

/** Record types (IANA DNS parameters) that Meridian knows by name. */
export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const;

export type RecordType = number;

const byMnemonic: ReadonlyMap<string, RecordType> = new Map(Object.entries(recordTypes));
const mnemonics: ReadonlyMap<RecordType, string> = new Map(
  Array.from(byMnemonic, ([name, code]) => [code, name]),
);

/** The type's mnemonic, or `TYPE1234` (RFC 3597 §5). */
export function typeName(type: RecordType): string {
  return mnemonics.get(type) ?? `TYPE${type}`;
}

/** Reads a mnemonic or `TYPE1234`. */
export function parseType(text: string): RecordType | undefined {
  const known = byMnemonic.get(text);
  if (known !== undefined) return known;
  // Beyond ASCII, upper case could turn another letter into one of ours.
  const upper = /^[a-z\d]+$/i.test(text) ? text.toUpperCase() : '';
  const generic = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  if (generic !== undefined) return Number(generic) <= 0xffff ? Number(generic) : undefined;
  return byMnemonic.get(upper);
}

/** Types that only questions and messages have, never zones (RFC 6895 §3.1). */
export function isMetaType(type: RecordType): boolean {
  return type === 0 || type === recordTypes.OPT || (type >= 128 && type <= 255);
}

/** IPv4 or IPv6. */
export function isAddressType(type: RecordType): boolean {
  return type === recordTypes.A || type === recordTypes.AAAA;
}

export const classIn = 1;
/** CHAOS, in which servers are asked about themselves (RFC 4892). */
export const classChaos = 3;
export const classAny = 255;

/** Response codes as words (RFC 1035 §4.1.1, RFC 6895 §2.3, RFC 6891 §9, RFC 6672 §2.2, RFC 7873 §8, RFC 8945 §3). */
export const rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  NOTAUTH: 9,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

export type Rcode = keyof typeof rcodes;

/** Extended DNS error codes that Meridian sends (RFC 8914 §4). */
export const extendedErrors = {
  other: 0,
  staleAnswer: 3,
  notReady: 14,
  prohibited: 18,
  notAuthoritative: 20,
} as const;

/** A reason carried beside the answer (RFC 8914). */
export interface ExtendedError {
  readonly code: number;
  readonly text: string;
}

/** The client-subnet option of a query (RFC 7871 §6). */
export interface ClientSubnet {
  /** Address and source prefix length, for locating: IPv4-mapped IPv6 is unwrapped. */
  readonly source: Prefix;
  /** Where the option lies in the datagram, its header included: a reply repeats these octets. */
  readonly start: number;
  readonly end: number;
}

/** The OPT record of a query (RFC 6891). */
export interface Edns {
  /** The largest answer the sender takes over UDP, at least 512 (§6.2.3). */
  readonly udpSize: number;
  readonly version: number;
  readonly wantsDnssec: boolean;
  readonly subnet: ClientSubnet | undefined;
  /** Undefined when the query asks for none of them, as most do. */
  readonly asks: EdnsAsks | undefined;
}

/** Options besides the client subnet that a query may carry and a reply then answers. */
export interface EdnsAsks {
  /** The first COOKIE (RFC 7873 §4): client cookie, and server cookie if there is one. */
  readonly cookie: Uint8Array | undefined;
  /** RFC 5001. */
  readonly nsid: boolean;
  /** RFC 7828. */
  readonly keepalive: boolean;
  /** RFC 7830. */
  readonly padding: boolean;
}

/** A query that passed every check of the decoder. */
export interface Query {
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  readonly name: DomainName;
  readonly type: RecordType;
  readonly class: number;
  /**
   * Where the question section ends in the datagram; it starts at octet 12. Where it also ends there,
   * nothing is asked but a cookie (RFC 7873 §5.4), and the name is the root's.
   */
  readonly questionEnd: number;
  readonly edns: Edns | undefined;
}

/** Record data: wire form for DNS, presentation form for people. */
export interface Rdata {
  readonly wire: Uint8Array;
  readonly text: string;
}

/** All records of one name and type; never empty. */
export interface RRset {
  readonly name: DomainName;
  readonly type: RecordType;
  readonly ttl: Seconds;
  readonly data: readonly Rdata[];
}

/** What the authority says to one question, before it becomes bytes or JSON. */
export interface Answer {
  readonly rcode: Rcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly RRset[];
  readonly authority: readonly RRset[];
  readonly additional: readonly RRset[];
  readonly extendedError: ExtendedError | undefined;
}

/** How a message came: `tls` and `https` are encrypted, all but `udp` are streams. */
export type Transport = 'udp' | 'tcp' | 'tls' | 'https';

/** Who asked, as the network saw it. */
export interface Peer {
  readonly address: Ip;
  readonly port: number;
  readonly transport: Transport;
}
