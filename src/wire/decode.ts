// Bytes → query: every check that a datagram must pass before the rest of the program sees it.

import type { Edns, Query } from '../model/message.ts';
import { rootName } from '../model/name.ts';
import { findEdns, readEdns } from './edns.ts';
import { nameBetween } from './names.ts';
import { headerSize, uint16At } from './octets.ts';

/** A message that is not a query we answer: met with silence or with an error. */
export type Malformed = Silent | Refused;

/** Answering would be guessing (`short`) or could go round in circles (`response`). */
export interface Silent {
  readonly kind: 'silent';
  readonly reason: 'short' | 'response';
}

export interface Refused {
  readonly kind: 'refused';
  readonly rcode: 'FORMERR' | 'NOTIMP' | 'BADVERS';
  readonly id: number;
  readonly opcode: number;
  readonly recursionDesired: boolean;
  /** Where the question section ends; 12, its start, when the reply cannot repeat the question. */
  readonly questionEnd: number;
  /** The OPT record if there is one, without its options. */
  readonly edns: Edns | undefined;
}

/**
 * Reads one DNS message (RFC 1035 §4). Never throws, and takes time in proportion to the length.
 *
 * FORMERR: anything but one question without pointers (RFC 1035 §4.1.4 has nothing there to point
 * to), or none and a cookie (RFC 7873 §5.4), and at most one additional record, an OPT that obeys its
 * rules; octets left over. So what is signed, or asks for changes since a serial, has to come out of
 * its envelope first. NOTIMP: any opcode but QUERY. BADVERS: EDNS beyond version 0 (RFC 6891
 * §6.1.3). Unknown flags and options are ignored (RFC 6891 §6.1.2, §6.1.4).
 */
export function decodeQuery(bytes: Uint8Array): Query | Malformed {
  if (bytes.length < headerSize) return { kind: 'silent', reason: 'short' };
  const flags = uint16At(bytes, 2);
  if (flags >= 0x8000) return { kind: 'silent', reason: 'response' };
  if (opcodeOf(flags) !== 0) return refuse(bytes, 'NOTIMP');
  const questionEnd = endOfQuestion(bytes);
  const additional = uint16At(bytes, 10);
  const isAsking = questionEnd > headerSize;
  if (additional > 1 || (!isAsking && uint16At(bytes, 4) !== 0)) return refuse(bytes, 'FORMERR');
  if (uint16At(bytes, 6) !== 0 || uint16At(bytes, 8) !== 0) return refuse(bytes, 'FORMERR');
  let edns: Edns | undefined;
  if (additional === 1) {
    edns = readEdns(bytes, questionEnd);
    if (edns === undefined) return refuse(bytes, 'FORMERR');
    if (edns.version !== 0) return refuse(bytes, 'BADVERS');
  } else if (questionEnd !== bytes.length) return refuse(bytes, 'FORMERR');
  if (!isAsking && edns?.asks?.cookie === undefined) return refuse(bytes, 'FORMERR');
  return {
    id: uint16At(bytes, 0),
    opcode: 0,
    recursionDesired: isRecursionDesired(flags),
    checkingDisabled: (flags & 0x10) !== 0,
    name: isAsking ? nameBetween(bytes, headerSize, questionEnd - 4) : rootName,
    type: isAsking ? uint16At(bytes, questionEnd - 4) : 0,
    class: isAsking ? uint16At(bytes, questionEnd - 2) : 0,
    questionEnd,
    edns,
  };
}

function refuse(bytes: Uint8Array, rcode: Refused['rcode']): Refused {
  const flags = uint16At(bytes, 2);
  return {
    kind: 'refused',
    rcode,
    id: uint16At(bytes, 0),
    opcode: opcodeOf(flags),
    recursionDesired: isRecursionDesired(flags),
    questionEnd: endOfQuestion(bytes),
    edns: findEdns(bytes),
  };
}

function opcodeOf(flags: number): number {
  return (flags >>> 11) & 15;
}

function isRecursionDesired(flags: number): boolean {
  return (flags & 0x100) !== 0;
}

/** Where the question section ends; 12, its start, unless it is exactly one usable question. */
export function endOfQuestion(bytes: Uint8Array): number {
  if (uint16At(bytes, 4) !== 1) return headerSize;
  const limit = Math.min(bytes.length - 4, headerSize + 255);
  for (let at = headerSize; at < limit; ) {
    const length = bytes[at] as number;
    if (length === 0) return at + 5;
    // RFC 1035 §4.1.4: the two high bits mark pointers and reserved forms.
    if (length > 63) return headerSize;
    at += length + 1;
  }
  return headerSize;
}
