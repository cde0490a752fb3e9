// The client-subnet option (RFC 7871): checked on the way in, repeated with its scope on the way out.

import { type Ip, type Prefix, ipv4, ipv6, unwrapMapped } from '../model/ip.ts';
import type { ClientSubnet } from '../model/message.ts';
import { uint16At } from './octets.ts';

/** Octets before the address: option code, option length, family, source length, scope. */
const addressAt = 8;

/** IANA address family numbers (RFC 7871 §6). */
const familyIpv4 = 1;
const familyIpv6 = 2;

/**
 * Reads the option that lies from `start`, header included, to `end`. Undefined when it has to be
 * answered with FORMERR: an unknown family (RFC 7871 §7.2.1), an address of the wrong length or
 * with bits beyond the source length, a scope in a query (§6).
 */
export function readSubnet(
  bytes: Uint8Array,
  start: number,
  end: number,
): ClientSubnet | undefined {
  const family = uint16At(bytes, start + 4);
  const length = bytes[start + 6] as number;
  const scope = bytes[start + 7] as number;
  const first = start + addressAt;
  // Also true of an option that is shorter than its own fixed part.
  if (scope !== 0 || end - first !== (length + 7) >>> 3) return undefined;
  if ((length & 7) !== 0 && ((bytes[end - 1] as number) & (0xff >>> (length & 7))) !== 0) {
    return undefined;
  }
  if (family === familyIpv4 && length <= 32) {
    return { source: { ip: ipv4(wordAt(bytes, first, end)), length }, start, end };
  }
  if (family === familyIpv6 && length <= 128) {
    return { source: unwrap(ipv6At(bytes, first, end), length), start, end };
  }
  return undefined;
}

/**
 * Repeats the option of the query octet for octet (RFC 7871 §7.2.1) and fills in the scope, which
 * counts in the family of `subnet.source`. Returns where it ends.
 */
export function writeSubnet(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  subnet: ClientSubnet,
  scope: number,
): number {
  const { source, start, end } = subnet;
  for (let i = start; i < end; i++) out[at + i - start] = bytes[i] as number;
  const isMapped = source.ip.family === 4 && uint16At(bytes, start + 4) === familyIpv6;
  // An empty address asks for an answer tied to no address: its scope can only be 0.
  const isTailored = scope > 0 && source.length > 0;
  out[at + 7] = isTailored ? scope + (isMapped ? 96 : 0) : 0;
  return at + end - start;
}

/** The block of mapped addresses ends in a set bit, so a prefix inside it is at least a /96. */
function unwrap(ip: Ip, length: number): Prefix {
  const plain = unwrapMapped(ip);
  return { ip: plain, length: plain.family === 4 ? length - 96 : length };
}

function ipv6At(bytes: Uint8Array, first: number, end: number): Ip {
  return ipv6(
    wordAt(bytes, first, end),
    wordAt(bytes, first + 4, end),
    wordAt(bytes, first + 8, end),
    wordAt(bytes, first + 12, end),
  );
}

/** Four octets as a signed word, zero from `end` on. */
function wordAt(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) word = (word << 8) | (i < end ? (bytes[i] as number) : 0);
  return word;
}
