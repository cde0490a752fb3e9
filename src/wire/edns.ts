// The OPT record (RFC 6891): read strictly from a query, written into a reply.

import {
  type ClientSubnet,
  type Edns,
  type EdnsAsks,
  type ExtendedError,
  recordTypes,
} from '../model/message.ts';
import { headerSize, noOctets, putOctets, putUint16, uint16At } from './octets.ts';
import { type Asks, optionCodes, readAsk } from './options.ts';
import { readSubnet, writeSubnet } from './subnet.ts';

/** The largest answer we send or take over UDP: it crosses common networks unfragmented. */
export const largestUdp = 1232;

/** Octets of an OPT record without options: root owner, type, class, TTL, length. */
const fixedSize = 11;

const flagDnssecOk = 0x80;

/**
 * Reads the OPT record that starts at `at` and must end the message. Undefined when it is no OPT
 * record or breaks a rule: root owner (RFC 6891 §6.1.2), options within bounds, at most one client
 * subnet and that well formed, a cookie of a possible length. Options of a version other than 0 are left unread.
 */
export function readEdns(bytes: Uint8Array, at: number): Edns | undefined {
  const size = bytes.length;
  if (bytes[at] !== 0 || uint16At(bytes, at + 1) !== recordTypes.OPT) return undefined;
  if (at + fixedSize + uint16At(bytes, at + 9) !== size) return undefined;
  let subnet: ClientSubnet | undefined;
  let asks: Asks | undefined;
  if (bytes[at + 6] !== 0) return fixedPart(bytes, at, subnet, asks);
  for (let option = at + fixedSize; option < size; ) {
    const end = option + 4 + uint16At(bytes, option + 2);
    if (end > size) return undefined;
    if (uint16At(bytes, option) === optionCodes.subnet) {
      if (subnet !== undefined) return undefined;
      subnet = readSubnet(bytes, option, end);
      if (subnet === undefined) return undefined;
    } else {
      asks = readAsk(bytes, option, end, asks);
      if (asks?.isFaulty === true) return undefined;
    }
    option = end;
  }
  return fixedPart(bytes, at, subnet, asks);
}

/**
 * Looks for an OPT record in a message that is refused for whatever reason, because the refusal
 * then has to carry one as well (RFC 6891 §7). Options are left unread.
 */
export function findEdns(bytes: Uint8Array): Edns | undefined {
  const size = bytes.length;
  let at = headerSize;
  for (let left = uint16At(bytes, 4); left > 0 && at < size; left--) at = skipName(bytes, at) + 4;
  let left = uint16At(bytes, 6) + uint16At(bytes, 8) + uint16At(bytes, 10);
  for (; left > 0 && at < size; left--) {
    // The owner's last octet, or its pointer's, stands just before the type.
    const fixed = skipName(bytes, at) - 1;
    if (fixed + fixedSize > size) return undefined;
    if (uint16At(bytes, fixed + 1) === recordTypes.OPT)
      return fixedPart(bytes, fixed, undefined, undefined);
    at = fixed + fixedSize + uint16At(bytes, fixed + 9);
  }
  return undefined;
}

function fixedPart(
  bytes: Uint8Array,
  at: number,
  subnet: ClientSubnet | undefined,
  asks: EdnsAsks | undefined,
): Edns {
  return {
    // RFC 6891 §6.2.3: smaller values mean 512.
    udpSize: Math.max(512, uint16At(bytes, at + 3)),
    version: bytes[at + 6] as number,
    wantsDnssec: ((bytes[at + 7] as number) & flagDnssecOk) !== 0,
    subnet,
    asks,
  };
}

/** Just behind a name that nobody will read; beyond the message when it does not end. */
function skipName(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const length = bytes[at] as number;
    if (length === 0) return at + 1;
    if (length > 63) return at + 2;
    at += length + 1;
  }
  return at + 1;
}

/** Octets of the OPT record that `writeEdns` writes; 0 when the query had none. */
export function sizeOfEdns(
  edns: Edns | undefined,
  extendedError: Uint8Array,
  extras: Uint8Array,
): number {
  if (edns === undefined) return 0;
  const { subnet } = edns;
  const option = subnet === undefined ? 0 : subnet.end - subnet.start;
  return fixedSize + option + extendedError.length + extras.length;
}

/** What a reply's OPT record says beyond what it repeats from the query. */
export interface EdnsReply {
  /** All twelve bits (RFC 6891 §6.1.3). */
  readonly rcode: number;
  /** A whole option, or no octets. */
  readonly extendedError: Uint8Array;
}

/**
 * Writes the OPT record at `at`. `bytes` is the query, whose client-subnet option is repeated;
 * `extras` are whole options that answer what else it asks.
 */
export function writeEdns(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  edns: Edns,
  reply: EdnsReply,
  scope: number,
  extras: Uint8Array,
): void {
  out[at] = 0;
  putUint16(out, at + 1, recordTypes.OPT);
  putUint16(out, at + 3, largestUdp);
  out[at + 5] = reply.rcode >>> 4;
  out[at + 6] = 0;
  // RFC 3225 §3: DO is copied; RFC 6891 §6.1.4: the other flags are zero.
  putUint16(out, at + 7, edns.wantsDnssec ? flagDnssecOk << 8 : 0);
  let end = at + fixedSize;
  if (edns.subnet !== undefined) end = writeSubnet(out, end, bytes, edns.subnet, scope);
  const { extendedError } = reply;
  putOctets(out, end, extendedError, extendedError.length);
  end += extendedError.length;
  putOctets(out, end, extras, extras.length);
  putUint16(out, at + 9, end + extras.length - at - fixedSize);
}

/**
 * The option of RFC 8914 §2, ready to copy. The text is cut at 200 octets, between characters, so
 * that a question, a client subnet and the explanation together always fit into 512.
 */
export function extendedErrorOption(error: ExtendedError | undefined): Uint8Array {
  if (error === undefined) return noOctets;
  const option = new Uint8Array(6 + 200);
  const { written } = new TextEncoder().encodeInto(error.text, option.subarray(6));
  putUint16(option, 0, optionCodes.extendedError);
  putUint16(option, 2, 2 + written);
  putUint16(option, 4, error.code);
  return option.slice(0, 6 + written);
}
