// Answers → bytes: laid out once by `compileAnswer`, then copied and patched for each query.

import {
  type Answer,
  classIn,
  type ExtendedError,
  type Query,
  type RRset,
  type Rcode,
  rcodes,
  recordTypes,
  type Transport,
} from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { layOut } from './compress.ts';
import type { Refused } from './decode.ts';
import { type EdnsReply, extendedErrorOption, largestUdp, sizeOfEdns, writeEdns } from './edns.ts';
import { headerSize, noOctets, putOctets, putUint16 } from './octets.ts';
import { paddingFor } from './options.ts';

/** Every octet of an answer that does not depend on who asks. */
export interface CompiledAnswer extends EdnsReply {
  /** AA and TC, in their places in the header's third octet. */
  readonly flags: number;
  readonly answers: number;
  readonly authority: number;
  /** All records behind the question but OPT. */
  readonly records: Uint8Array;
  /** Where the records may end, longest first: each leaves out one more set that may be missing. */
  readonly ends: readonly End[];
}

interface End {
  readonly octets: number;
  /** Additional records before the end. */
  readonly additional: number;
}

export interface ReplyOptions {
  readonly transport: Transport;
  /** RFC 7871 §7.2.1; undefined is 0. */
  readonly scope?: number | undefined;
  /** Octets that a reply without cookie may have at most; undefined is no bound of its own. */
  readonly longest?: number | undefined;
  /** Octets that will be put behind the reply, and have to fit as well; undefined is 0. */
  readonly reserved?: number | undefined;
  /** Whole options that answer what the query asks for, as `optionsFor` makes them. */
  readonly extras?: Uint8Array | undefined;
}

const flagAuthoritative = 4;
const flagTruncated = 2;
const withoutRecords: End = { octets: 0, additional: 0 };

/** Lays out the answer to every query for `name`; its pointers are right for no name of other length. */
export function compileAnswer(
  name: DomainName,
  answer: Answer,
  recordClass = classIn,
): CompiledAnswer {
  const required = [...answer.answers, ...answer.authority];
  const isReferral =
    !answer.isAuthoritative && answer.authority.some((set) => set.type === recordTypes.NS);
  const { octets, ends } = layOut(name, [...required, ...answer.additional], recordClass);
  const { additional } = answer;
  // RFC 2181 §9: additional sets may be missing without a word, but RFC 9471 §3.1: not the glue
  // of a referral, without which nobody can follow it.
  const fewest = isReferral ? additional.length : 0;
  const choices: End[] = [];
  for (let kept = additional.length; kept >= fewest; kept--) {
    const end = ends[required.length + kept - 1] ?? 0;
    choices.push({ octets: end, additional: countRecords(additional.slice(0, kept)) });
  }
  return {
    ...bare(rcodes[answer.rcode], answer.extendedError),
    flags: answer.isAuthoritative ? flagAuthoritative : 0,
    answers: countRecords(answer.answers),
    authority: countRecords(answer.authority),
    records: octets,
    ends: choices,
  };
}

/**
 * The reply to `query`, which `bytes` holds, with an answer that was compiled for its name. What is
 * too long loses additional sets first and then every record, with TC set. `scope` (RFC 7871
 * §7.2.1) counts in the family of the query's `subnet.source`; undefined is 0.
 */
export function reply(
  query: Query,
  bytes: Uint8Array,
  compiled: CompiledAnswer,
  options: ReplyOptions,
): Uint8Array {
  const { scope = 0, extras = noOctets, longest = 0xffff, reserved = 0 } = options;
  const most = Math.min(longest, options.transport === 'udp' ? udpLimit(query) : 0xffff);
  const limit = most - reserved;
  const room = limit - query.questionEnd - sizeOfEdns(query.edns, compiled.extendedError, extras);
  for (const end of compiled.ends) {
    if (end.octets > room) continue;
    const isPadded = query.edns?.asks?.padding === true && isEncrypted(options.transport);
    const all = isPadded ? withPadding(query, compiled, end, extras) : extras;
    return assemble(query, bytes, compiled, end, scope, all);
  }
  // RFC 8914 §3 lets the explanation go first; over TCP it comes with the records. So does what else
  // was asked for where even that is too long.
  const cut = { ...bare(compiled.rcode), flags: compiled.flags | flagTruncated };
  const fits = query.questionEnd + sizeOfEdns(query.edns, noOctets, extras) <= limit;
  return assemble(query, bytes, cut, withoutRecords, scope, fits ? extras : noOctets);
}

/** Where nobody can read along, the length must tell nothing either (RFC 7830 §6, RFC 8467 §4.1). */
function isEncrypted(transport: Transport): boolean {
  return transport === 'tls' || transport === 'https';
}

function withPadding(
  { questionEnd, edns }: Query,
  { extendedError }: CompiledAnswer,
  { octets }: End,
  extras: Uint8Array,
): Uint8Array {
  const size = questionEnd + octets + sizeOfEdns(edns, extendedError, extras);
  return Buffer.concat([extras, paddingFor(size)]);
}

/** An answer that is only a code, and perhaps why. */
export function bareAnswer(rcode: Rcode, extendedError?: ExtendedError): CompiledAnswer {
  return bare(rcodes[rcode], extendedError);
}

/** No answer, but word that one can be had over TCP. */
export const truncated: CompiledAnswer = { ...bareAnswer('NOERROR'), flags: flagTruncated };

/** A reply without records, such as REFUSED or SERVFAIL; it always fits. */
export function refusal(
  query: Query,
  bytes: Uint8Array,
  rcode: Rcode,
  extendedError?: ExtendedError,
  extras = noOctets,
): Uint8Array {
  return assemble(query, bytes, bare(rcodes[rcode], extendedError), withoutRecords, 0, extras);
}

/** The error that a malformed message gets; it repeats the question only where that was readable. */
export function errorReply(bytes: Uint8Array, malformed: Refused): Uint8Array {
  return assemble(malformed, bytes, bare(rcodes[malformed.rcode]), withoutRecords, 0, noOctets);
}

/** RFC 6891 §6.2.5: what the sender takes, but no more than crosses networks in one piece. */
function udpLimit(query: Query): number {
  return query.edns === undefined ? 512 : Math.min(query.edns.udpSize, largestUdp);
}

function bare(rcode: number, extendedError?: ExtendedError): CompiledAnswer {
  return {
    rcode,
    extendedError: extendedErrorOption(extendedError),
    flags: 0,
    answers: 0,
    authority: 0,
    records: noOctets,
    ends: [withoutRecords],
  };
}

function countRecords(sets: readonly RRset[]): number {
  return sets.reduce((sum, set) => sum + set.data.length, 0);
}

/** Header, question as it came (so its letters keep their case), records, OPT. */
function assemble(
  query: Pick<Query, 'questionEnd' | 'edns'>,
  bytes: Uint8Array,
  compiled: CompiledAnswer,
  end: End,
  scope: number,
  extras: Uint8Array,
): Uint8Array {
  const { questionEnd, edns } = query;
  const optAt = questionEnd + end.octets;
  const out = Buffer.allocUnsafe(optAt + sizeOfEdns(edns, compiled.extendedError, extras));
  out[0] = bytes[0] as number;
  out[1] = bytes[1] as number;
  // QR set, opcode and RD as asked; RA and AD clear, CD as asked (RFC 4035 §3.1.6).
  out[2] = 0x80 | ((bytes[2] as number) & 0x79) | compiled.flags;
  out[3] = ((bytes[3] as number) & 0x10) | (compiled.rcode & 15);
  putUint16(out, 4, questionEnd === headerSize ? 0 : 1);
  putUint16(out, 6, compiled.answers);
  putUint16(out, 8, compiled.authority);
  putUint16(out, 10, end.additional + (edns === undefined ? 0 : 1));
  for (let at = headerSize; at < questionEnd; at++) out[at] = bytes[at] as number;
  putOctets(out, questionEnd, compiled.records, end.octets);
  if (edns !== undefined) writeEdns(out, optAt, bytes, edns, compiled, scope, extras);
  return out;
}
