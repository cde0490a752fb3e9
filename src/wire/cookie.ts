// DNS cookies (RFC 7873) with the interoperable server cookie of RFC 9018: who holds one was reached at its address before.

import type { Ip } from '../model/ip.ts';
import { type SipKey, sipHash } from './siphash.ts';

export const clientCookieSize = 8;
/** Version, reserved octets, timestamp, hash (RFC 9018 §4). */
const serverCookieSize = 16;
/** A whole cookie as we send it. */
export const cookieSize = clientCookieSize + serverCookieSize;

/** RFC 9018 §4.3: seconds that a cookie is good for, is sent back as it is, and may be ahead of our clock. */
const oldest = 3600;
const fresh = 1800;
const ahead = 300;

/** Client cookie, version, reserved, timestamp, address: the longest input of the hash. */
const scratch = new Uint8Array(16 + 16);
const digest = new Uint8Array(8);

/** RFC 7873 §5.2.2: a client cookie alone, or with a server cookie of 8 to 32 octets. */
export function isCookieLength(length: number): boolean {
  return length === clientCookieSize || (length >= 16 && length <= 40);
}

/**
 * Writes a new whole cookie for the client cookie that starts `cookie`. Time is Unix seconds modulo
 * 2^32 (RFC 9018 §4.3).
 */
export function writeCookie(
  out: Uint8Array,
  at: number,
  cookie: Uint8Array,
  address: Ip,
  now: number,
  key: SipKey,
): void {
  for (let i = 0; i < clientCookieSize; i++) out[at + i] = cookie[i] as number;
  putWord(out, at + 8, 0x01000000);
  putWord(out, at + 12, now);
  hash(out, at, address, key, out, at + 16);
}

/**
 * What a cookie is worth: `fresh` when the first key made it for this address within half an hour, so
 * that it need not be renewed (RFC 9018 §4.3); `good` when any key did so lately enough.
 */
export function judgeCookie(
  cookie: Uint8Array,
  address: Ip,
  now: number,
  keys: readonly SipKey[],
): 'fresh' | 'good' | 'worthless' {
  if (cookie.length !== cookieSize || cookie[8] !== 1) return 'worthless';
  // RFC 1982 arithmetic, so that it goes on working after 2106.
  const age = (now - wordAt(cookie, 12)) | 0;
  if (age > oldest || age < -ahead) return 'worthless';
  // Neither from ahead of our clock, nor with reserved octets that are not zero.
  const isAsMade = age >= 0 && wordAt(cookie, 8) === 0x01000000;
  for (let i = 0; i < keys.length; i++) {
    hash(cookie, 0, address, keys[i] as SipKey, digest, 0);
    let difference = 0;
    for (let at = 0; at < 8; at++) {
      difference |= (digest[at] as number) ^ (cookie[16 + at] as number);
    }
    if (difference === 0) return i === 0 && isAsMade && age <= fresh ? 'fresh' : 'good';
  }
  return 'worthless';
}

/** RFC 9018 §4.4, of the 16 octets that start `from`. */
function hash(
  cookie: Uint8Array,
  from: number,
  { family, a, b, c, d }: Ip,
  key: SipKey,
  out: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < 16; i++) scratch[i] = cookie[from + i] as number;
  putWord(scratch, 16, a);
  if (family === 6) {
    putWord(scratch, 20, b);
    putWord(scratch, 24, c);
    putWord(scratch, 28, d);
  }
  sipHash(key, scratch, family === 6 ? 32 : 20, out, at);
}

function putWord(out: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < 4; i++) out[at + i] = word >>> (24 - 8 * i);
}

function wordAt(octets: Uint8Array, at: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) word = (word << 8) | (octets[i] as number);
  return word;
}
