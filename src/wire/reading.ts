// Replies as a client reads them: whatever the server sent, in words, or why it cannot be read.

import { formatIp, ipv4, ipv6 } from '../model/ip.ts';
import { rcodes, type RecordType, recordTypes, typeName } from '../model/message.ts';
import { formatName } from '../model/name.ts';
import { headerSize, uint16At } from './octets.ts';
import { optionCodes } from './options.ts';
import { nameIn } from './rdata/name-in.ts';
import { formatRdata } from './rdata.ts';

export interface Reading {
  readonly id: number;
  /** The word of all twelve bits, `RCODE99` for an unknown one. */
  readonly rcode: string;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  /** Undefined where the reply repeats none. */
  readonly question: { readonly name: string; readonly type: string } | undefined;
  readonly answers: readonly ReadRecord[];
  readonly authority: readonly ReadRecord[];
  /** Without OPT. */
  readonly additional: readonly ReadRecord[];
  /** Undefined without an OPT record. */
  readonly edns: ReadEdns | undefined;
}

/** Names and data in presentation form, names with their final dot, TTL in seconds. */
export interface ReadRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: string;
}

export interface ReadEdns {
  readonly subnet: { readonly source: string; readonly scope: number } | undefined;
  readonly extendedErrors: readonly { readonly code: number; readonly text: string }[];
  readonly nsid: Uint8Array | undefined;
  readonly cookie: Uint8Array | undefined;
}

/** Never throws; a string says what is wrong with the message. */
export function readReply(message: Uint8Array): Reading | string {
  if (message.length < headerSize) return 'it is shorter than a header';
  const flags = uint16At(message, 2);
  if (flags < 0x8000) return 'it is a query';
  const asked = readQuestion(message);
  if (typeof asked === 'string') return asked;
  let { at } = asked;
  const sections: ReadRecord[][] = [];
  let opt: Opt | undefined;
  for (const field of [6, 8, 10]) {
    const records: ReadRecord[] = [];
    for (let left = uint16At(message, field); left > 0; left--) {
      const found = readRecord(message, at);
      if (found === undefined) return 'a record breaks off';
      at = found.end;
      if (found.opt === undefined) records.push(found.record);
      else opt = found.opt;
    }
    sections.push(records);
  }
  const [answers = [], authority = [], additional = []] = sections;
  const code = (flags & 15) | ((opt?.rcode ?? 0) << 4);
  return {
    id: uint16At(message, 0),
    rcode: Object.entries(rcodes).find(([, known]) => known === code)?.[0] ?? `RCODE${code}`,
    isAuthoritative: (flags & 0x400) !== 0,
    isTruncated: (flags & 0x200) !== 0,
    question: asked.question,
    answers,
    authority,
    additional,
    edns: opt && readOptions(message, opt),
  };
}

function readQuestion(message: Uint8Array) {
  const count = uint16At(message, 4);
  if (count === 0) return { question: undefined, at: headerSize };
  const owner = nameIn(message, headerSize);
  if (count > 1 || owner === undefined || owner.end + 4 > message.length) {
    return 'its question cannot be read';
  }
  const type = typeName(uint16At(message, owner.end));
  return { question: { name: dotted(formatName(owner.name)), type }, at: owner.end + 4 };
}

interface Opt {
  /** The upper eight bits of the code (RFC 6891 §6.1.3). */
  readonly rcode: number;
  readonly start: number;
  readonly end: number;
}

function readRecord(message: Uint8Array, start: number) {
  const owner = nameIn(message, start);
  if (owner === undefined || owner.end + 10 > message.length) return undefined;
  const fixed = owner.end;
  const type: RecordType = uint16At(message, fixed);
  const data = fixed + 10;
  const end = data + uint16At(message, fixed + 8);
  if (end > message.length) return undefined;
  const ttl = uint16At(message, fixed + 4) * 0x10000 + uint16At(message, fixed + 6);
  const record: ReadRecord = {
    name: dotted(formatName(owner.name)),
    type: typeName(type),
    ttl,
    data: type === recordTypes.OPT ? '' : formatRdata(type, message, data, end),
  };
  const opt: Opt | undefined =
    type === recordTypes.OPT ? { rcode: ttl >>> 24, start: data, end } : undefined;
  return { record, end, opt };
}

/** Options that break off are left out. */
function readOptions(message: Uint8Array, { start, end }: Opt): ReadEdns {
  const found: { code: number; data: Uint8Array }[] = [];
  for (let at = start; at + 4 <= end; ) {
    const next = at + 4 + uint16At(message, at + 2);
    if (next > end) break;
    found.push({ code: uint16At(message, at), data: message.subarray(at + 4, next) });
    at = next;
  }
  const of = (code: number) => found.find((option) => option.code === code)?.data;
  const subnet = of(optionCodes.subnet);
  return {
    subnet: subnet && readSubnet(subnet),
    extendedErrors: found
      .filter(({ code, data }) => code === optionCodes.extendedError && data.length >= 2)
      .map(({ data }) => ({
        code: uint16At(data, 0),
        text: new TextDecoder().decode(data.subarray(2)),
      })),
    nsid: of(optionCodes.nsid),
    cookie: of(optionCodes.cookie),
  };
}

/** RFC 7871 §6; undefined for a family that nobody knows. */
function readSubnet(data: Uint8Array): ReadEdns['subnet'] {
  const [, family, length = 0, scope = 0] = data;
  const octets = Uint8Array.from({ length: 16 }, (_, i) => data[4 + i] ?? 0);
  const word = (at: number): number => uint16At(octets, at) * 0x10000 + uint16At(octets, at + 2);
  if (data.length < 4 || (family !== 1 && family !== 2)) return undefined;
  const ip = family === 1 ? ipv4(word(0)) : ipv6(word(0), word(4), word(8), word(12));
  return { source: `${formatIp(ip)}/${length}`, scope };
}

function dotted(name: string): string {
  return name === '.' ? name : `${name}.`;
}
