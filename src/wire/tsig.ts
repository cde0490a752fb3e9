// TSIG (RFC 8945): the record that signs a message, read and written, and the octets that its MAC covers.

import { classAny, recordTypes } from '../model/message.ts';
import { type DomainName, lowerName } from '../model/name.ts';
import { headerSize, putUint16, uint16At } from './octets.ts';
import { nameIn } from './rdata/name-in.ts';

/** The one algorithm that is spoken here (RFC 8945 §6). */
export const hmacSha256 = '\x0bhmac-sha256\0' as DomainName;

/** Octets of a whole MAC of that algorithm. */
export const macSize = 32;

/** What went wrong with a key, a MAC or a clock (RFC 8945 §3). */
export const tsigErrors = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

export type TsigError = keyof typeof tsigErrors;

export interface Tsig {
  readonly key: DomainName;
  readonly algorithm: DomainName;
  /** Unix seconds, in 48 bits. */
  readonly signedAt: number;
  /** How many seconds two clocks may be apart. */
  readonly fudge: number;
  readonly mac: Uint8Array;
  /** The message's id before anybody on the way changed it. */
  readonly originalId: number;
  readonly error: number;
  /** Empty, but for the server's time beside BADTIME. */
  readonly other: Uint8Array;
}

/** Octets of a record between owner name and data, and of the data without names, MAC and other. */
const fixedSize = 10;
const dataSize = 16;

/**
 * Reads the record whose owner's name is `key` and whose type stands at `at`. Undefined when it
 * breaks a rule of RFC 8945 §4.2: class ANY, TTL 0, every length within the record.
 */
export function readTsig(bytes: Uint8Array, key: DomainName, at: number): Tsig | undefined {
  const end = at + fixedSize + uint16At(bytes, at + 8);
  const isPlain = uint16At(bytes, at + 4) === 0 && uint16At(bytes, at + 6) === 0;
  if (end > bytes.length || uint16At(bytes, at + 2) !== classAny || !isPlain) return undefined;
  const algorithm = nameIn(bytes, at + fixedSize);
  if (algorithm === undefined || algorithm.end + dataSize > end) return undefined;
  const mac = algorithm.end + 10;
  const macEnd = mac + uint16At(bytes, mac - 2);
  if (macEnd + 6 > end || macEnd + 6 + uint16At(bytes, macEnd + 4) !== end) return undefined;
  const { end: time } = algorithm;
  return {
    key: lowerName(key),
    algorithm: lowerName(algorithm.name),
    signedAt: uint16At(bytes, time) * 2 ** 32 + uint32At(bytes, time + 2),
    fudge: uint16At(bytes, time + 6),
    mac: bytes.slice(mac, macEnd),
    originalId: uint16At(bytes, macEnd),
    error: uint16At(bytes, macEnd + 2),
    other: bytes.slice(macEnd + 6, end),
  };
}

/**
 * RFC 8945 §4.3: what a MAC is made over, piece by piece. `message` has no TSIG and the original id;
 * `prior` is the request's MAC, or that of the message before in a reply of several, which
 * `isContinued` after the first (§5.3.1); a request has none.
 */
export function macInput(
  message: Uint8Array,
  tsig: Omit<Tsig, 'mac'>,
  prior: Uint8Array | undefined,
  isContinued = false,
): Uint8Array[] {
  const before = prior === undefined ? [] : [withUint16(prior.length), prior];
  const timers = new Uint8Array(8);
  putTime(timers, 0, tsig.signedAt);
  putUint16(timers, 6, tsig.fudge);
  if (isContinued) return [...before, message, timers];
  const { key, algorithm, error, other } = tsig;
  return [
    ...before,
    message,
    octetsOf(key),
    Uint8Array.of(0, classAny, 0, 0, 0, 0),
    octetsOf(algorithm),
    timers,
    withUint16(error),
    withUint16(other.length),
    other,
  ];
}

/** The message with the record behind it. */
export function withTsig(message: Uint8Array, tsig: Tsig): Uint8Array {
  const { key, algorithm, mac, other } = tsig;
  const at = message.length + key.length;
  const out = Buffer.allocUnsafe(message.length + sizeOfTsig(tsig, mac.length));
  out.set(message);
  putUint16(out, headerSize - 2, uint16At(message, headerSize - 2) + 1);
  out.set(octetsOf(key), message.length);
  putUint16(out, at, recordTypes.TSIG);
  putUint16(out, at + 2, classAny);
  out.fill(0, at + 4, at + 8);
  putUint16(out, at + 8, algorithm.length + dataSize + mac.length + other.length);
  out.set(octetsOf(algorithm), at + fixedSize);
  const time = at + fixedSize + algorithm.length;
  putTime(out, time, tsig.signedAt);
  putUint16(out, time + 6, tsig.fudge);
  putUint16(out, time + 8, mac.length);
  out.set(mac, time + 10);
  const behind = time + 10 + mac.length;
  putUint16(out, behind, tsig.originalId);
  putUint16(out, behind + 2, tsig.error);
  putUint16(out, behind + 4, other.length);
  out.set(other, behind + 6);
  return out;
}

/** Octets that the record adds to a message. */
export function sizeOfTsig(
  { key, algorithm, other }: Pick<Tsig, 'key' | 'algorithm' | 'other'>,
  mac = macSize,
): number {
  return key.length + fixedSize + algorithm.length + dataSize + mac + other.length;
}

/** The server's time, as it stands beside BADTIME (RFC 8945 §5.2.3). */
export function timeOctets(unixSeconds: number): Uint8Array {
  const octets = new Uint8Array(6);
  putTime(octets, 0, unixSeconds);
  return octets;
}

function putTime(out: Uint8Array, at: number, unixSeconds: number): void {
  putUint16(out, at, Math.floor(unixSeconds / 2 ** 32));
  putUint16(out, at + 2, (unixSeconds / 65_536) & 0xffff);
  putUint16(out, at + 4, unixSeconds & 0xffff);
}

function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) * 65_536 + uint16At(bytes, at + 2);
}

function withUint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

function octetsOf(name: DomainName): Uint8Array {
  return Uint8Array.from(name, (char) => char.charCodeAt(0));
}
