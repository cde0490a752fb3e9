// Envelopes: a query's signature and the serial that it counts from, taken off before it is decoded.

import { recordTypes } from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { endOfQuestion } from './decode.ts';
import { headerSize, putUint16, uint16At } from './octets.ts';
import { nameIn } from './rdata/name-in.ts';
import { readTsig, type Tsig } from './tsig.ts';

export interface Envelope {
  /** Header, question and OPT: what `decodeQuery` takes. */
  readonly bare: Uint8Array;
  /** The serial that an IXFR says its sender has (RFC 1995 §3). */
  readonly serial: number | undefined;
  readonly signature: Signature | undefined;
}

export interface Signature {
  readonly tsig: Tsig;
  /** The message as it was before it was signed (RFC 8945 §4.3.2). */
  readonly message: Uint8Array;
}

/** A record in a message: its owner, and where the type and what follows the data stand. */
interface Placed {
  readonly owner: DomainName;
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

/**
 * Opens a query that the decoder does not take as it is. Undefined when it has no such thing, or
 * breaks a rule: a TSIG is the last record and the only one (RFC 8945 §5.2), an SOA stands in the
 * authority section of an IXFR alone.
 */
export function openEnvelope(bytes: Uint8Array): Envelope | undefined {
  const [answers, authority, additional] = [6, 8, 10].map((at) => uint16At(bytes, at));
  const questionEnd = endOfQuestion(bytes);
  if (questionEnd === headerSize || answers !== 0) return undefined;
  const records = readRecords(bytes, questionEnd, Number(authority) + Number(additional));
  if (records === undefined) return undefined;
  const rest = records.slice(Number(authority));
  const last = rest.at(-1);
  const isSigned = last !== undefined && uint16At(bytes, last.at) === recordTypes.TSIG;
  const signature = isSigned ? readSignature(bytes, last) : undefined;
  const isIxfr = uint16At(bytes, questionEnd - 4) === recordTypes.IXFR;
  const serial = isIxfr && authority === 1 ? serialIn(bytes, records[0]) : undefined;
  if (isSigned !== (signature !== undefined)) return undefined;
  if (authority !== 0 && serial === undefined) return undefined;
  if (signature === undefined && serial === undefined) return undefined;
  const kept = (isSigned ? rest.slice(0, -1) : rest).map(({ start, end }) =>
    bytes.subarray(start, end),
  );
  const bare = Buffer.concat([bytes.subarray(0, questionEnd), ...kept]);
  putUint16(bare, 8, 0);
  putUint16(bare, 10, kept.length);
  return { bare, serial, signature };
}

/** Takes the signature off a reply, whatever else is in it; undefined where there is none. */
export function signatureOf(bytes: Uint8Array): Signature | undefined {
  const questionEnd = endOfQuestion(bytes);
  const count = [6, 8, 10].reduce((sum, at) => sum + uint16At(bytes, at), 0);
  const last = readRecords(bytes, questionEnd, count)?.at(-1);
  const isSigned = last !== undefined && uint16At(bytes, last.at) === recordTypes.TSIG;
  return isSigned && uint16At(bytes, 10) > 0 ? readSignature(bytes, last) : undefined;
}

/** No query that we take has more: an SOA, an OPT, a TSIG; nor has an answer to a notice. */
const mostRecords = 3;

/** Undefined when they do not end with the message. */
function readRecords(bytes: Uint8Array, from: number, count: number): Placed[] | undefined {
  if (count > mostRecords) return undefined;
  const records: Placed[] = [];
  let start = from;
  for (let i = 0; i < count; i++) {
    const owner = nameIn(bytes, start);
    if (owner === undefined || owner.end + 10 > bytes.length) return undefined;
    const end = owner.end + 10 + uint16At(bytes, owner.end + 8);
    if (end > bytes.length) return undefined;
    records.push({ owner: owner.name, start, at: owner.end, end });
    start = end;
  }
  return start === bytes.length ? records : undefined;
}

function readSignature(bytes: Uint8Array, { owner, start, at }: Placed): Signature | undefined {
  const tsig = readTsig(bytes, owner, at);
  if (tsig === undefined) return undefined;
  const message = Buffer.from(bytes.subarray(0, start));
  putUint16(message, 0, tsig.originalId);
  putUint16(message, 10, uint16At(bytes, 10) - 1);
  return { tsig, message };
}

/** The serial of an SOA record, which stands behind two names. */
function serialIn(bytes: Uint8Array, record: Placed | undefined): number | undefined {
  if (record === undefined || uint16At(bytes, record.at) !== recordTypes.SOA) return undefined;
  const primary = nameIn(bytes, record.at + 10);
  const contact = primary && nameIn(bytes, primary.end);
  if (contact === undefined || contact.end + 20 !== record.end) return undefined;
  const { end } = contact;
  return uint16At(bytes, end) * 65_536 + uint16At(bytes, end + 2);
}
