// EDNS options that a query asks for and a reply answers: COOKIE, NSID, TCP keepalive, padding.

import type { EdnsAsks } from '../model/message.ts';
import { isCookieLength } from './cookie.ts';
import { noOctets, putUint16, uint16At } from './octets.ts';

/** IANA: DNS EDNS0 option codes. */
export const optionCodes = {
  nsid: 3,
  subnet: 8,
  cookie: 10,
  keepalive: 11,
  padding: 12,
  extendedError: 15,
} as const;

export interface Option {
  readonly code: number;
  readonly data: Uint8Array;
}

/** What was asked for so far, while an OPT record is read. */
export interface Asks extends EdnsAsks {
  /** A cookie of a length that cannot be is FORMERR (RFC 7873 §5.2.2). */
  readonly isFaulty?: true;
}

const nothing: EdnsAsks = { cookie: undefined, nsid: false, keepalive: false, padding: false };

/** Takes in the option that lies from `start`, header included, to `end`; unknown ones mean nothing. */
export function readAsk(
  bytes: Uint8Array,
  start: number,
  end: number,
  asks: Asks | undefined,
): Asks | undefined {
  switch (uint16At(bytes, start)) {
    case optionCodes.nsid:
      return { ...(asks ?? nothing), nsid: true };
    case optionCodes.keepalive:
      return { ...(asks ?? nothing), keepalive: true };
    case optionCodes.padding:
      return { ...(asks ?? nothing), padding: true };
    case optionCodes.cookie: {
      if (!isCookieLength(end - start - 4)) return { ...nothing, isFaulty: true };
      // RFC 7873 §4: of several cookies the first counts.
      const cookie = asks?.cookie ?? bytes.subarray(start + 4, end);
      return { ...(asks ?? nothing), cookie };
    }
    default:
      return asks;
  }
}

/** What a reply says to what was asked; what is left out stays unanswered. */
export interface Replies {
  /** A whole cookie. */
  readonly cookie?: Uint8Array | undefined;
  readonly nsid?: Uint8Array | undefined;
  /** How long the connection may be idle, in tenths of a second (RFC 7828 §3.1). */
  readonly keepalive?: number | undefined;
}

/** The options one behind the other, ready to copy. */
export function optionsFor({ cookie, nsid, keepalive }: Replies): Uint8Array {
  const size = sizeOf(cookie) + sizeOf(nsid) + (keepalive === undefined ? 0 : 6);
  if (size === 0) return noOctets;
  const octets = new Uint8Array(size);
  let at = 0;
  if (cookie !== undefined) at = putOption(octets, at, optionCodes.cookie, cookie);
  if (nsid !== undefined) at = putOption(octets, at, optionCodes.nsid, nsid);
  if (keepalive !== undefined) {
    putOption(octets, at, optionCodes.keepalive, Uint8Array.of(keepalive >>> 8, keepalive));
  }
  return octets;
}

function sizeOf(data: Uint8Array | undefined): number {
  return data === undefined ? 0 : 4 + data.length;
}

/** Returns where it ends. */
function putOption(octets: Uint8Array, at: number, code: number, data: Uint8Array): number {
  putUint16(octets, at, code);
  putUint16(octets, at + 2, data.length);
  for (let i = 0; i < data.length; i++) octets[at + 4 + i] = data[i] as number;
  return at + 4 + data.length;
}

/** With its header, ready to copy. */
export function writeOption({ code, data }: Option): Uint8Array {
  const octets = new Uint8Array(4 + data.length);
  putOption(octets, 0, code, data);
  return octets;
}

/** Responses are padded to a multiple of so many octets (RFC 8467 §4.1). */
const padBlock = 468;

/** A padding option that brings a message of `size` octets to the next whole block. */
export function paddingFor(size: number): Uint8Array {
  const rest = (size + 4) % padBlock;
  return writeOption({
    code: optionCodes.padding,
    data: new Uint8Array(rest === 0 ? 0 : padBlock - rest),
  });
}
