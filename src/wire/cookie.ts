// DNS cookies (RFC 7873) with the interoperable server cookie of RFC 9018: who holds one was reached at its address before.

import type { Ip } from '../model/ip.ts';
import { type SipKey, sipHash } from './siphash.ts';

export const clientCookieSize = 8;
/** Version, reserved octets, timestamp, hash (RFC 9018 §4). */
const serverCookieSize = 16;
/** A whole cookie as we send it. */
export const cookieSize = clientCookieSize + serverCookieSize;

/** RFC 9018 §4.3: seconds that a cookie is good for, and that a clock may be ahead of ours. */
const oldest = 3600;
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
  out[at + 8] = 1;
  for (let i = 9; i < 12; i++) out[at + i] = 0;
  for (let i = 0; i < 4; i++) out[at + 12 + i] = now >>> (24 - 8 * i);
  hash(out.subarray(at, at + 16), address, key, out, at + 16);
}

/** True when one of the keys made this cookie for this address lately enough. */
export function isCookieValid(
  cookie: Uint8Array,
  address: Ip,
  now: number,
  keys: readonly SipKey[],
): boolean {
  if (cookie.length !== cookieSize || cookie[8] !== 1) return false;
  const made = new DataView(cookie.buffer, cookie.byteOffset + 12, 4).getUint32(0);
  // RFC 1982 arithmetic, so that it goes on working after 2106.
  const age = (now - made) | 0;
  if (age > oldest || age < -ahead) return false;
  return keys.some((key) => {
    hash(cookie.subarray(0, 16), address, key, digest, 0);
    let difference = 0;
    for (let i = 0; i < 8; i++) difference |= (digest[i] as number) ^ (cookie[16 + i] as number);
    return difference === 0;
  });
}

/** RFC 9018 §4.4. */
function hash(head: Uint8Array, address: Ip, key: SipKey, out: Uint8Array, at: number): void {
  scratch.set(head);
  const words = address.family === 4 ? [address.a] : [address.a, address.b, address.c, address.d];
  const size = 16 + 4 * words.length;
  for (const [i, word] of words.entries()) {
    for (let octet = 0; octet < 4; octet++) scratch[16 + 4 * i + octet] = word >>> (24 - 8 * octet);
  }
  sipHash(key, scratch.subarray(0, size), out, at);
}
