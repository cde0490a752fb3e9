// Replies read back for tests: records by dns2's decoder, the OPT record by a walk of our own.

import { Packet } from 'dns2';
import { rcodes, typeName } from '../../src/model/message.ts';

export interface ReadReply {
  readonly id: number;
  /** The twelve-bit code as a word, `RCODE23` where the program knows none. */
  readonly rcode: string;
  readonly opcode: number;
  readonly flags: {
    readonly qr: boolean;
    readonly aa: boolean;
    readonly tc: boolean;
    readonly rd: boolean;
    readonly ra: boolean;
    readonly ad: boolean;
    readonly cd: boolean;
  };
  /** Empty when the reply repeats no question. */
  readonly questions: readonly { readonly name: string; readonly type: string }[];
  readonly answers: readonly ReadRecord[];
  readonly authority: readonly ReadRecord[];
  /** Without OPT. */
  readonly additional: readonly ReadRecord[];
  readonly edns: ReadEdns | undefined;
}

/** Names end in a dot; `data` has the form of `Rdata.text`. Text beyond ASCII is not told apart. */
export interface ReadRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: string;
}

export interface ReadEdns {
  readonly udpSize: number;
  readonly version: number;
  readonly do: boolean;
  readonly subnet: ReadSubnet | undefined;
  readonly ede: { readonly code: number; readonly text: string } | undefined;
  /** Codes of all options, in their order. */
  readonly options: readonly number[];
  /** Their data in hex digits, in the same order. */
  readonly optionData: readonly string[];
}

export interface ReadSubnet {
  readonly family: number;
  readonly source: number;
  readonly scope: number;
  /** Hex digits, as many octets as were sent. */
  readonly address: string;
}

/** A private-use type (RFC 6895 §3.1), whose data dns2 hands on as it is. */
const privateType = 65_280;

/** Reads a whole reply; throws on anything that dns2 cannot decode and on octets left over. */
export function readReply(bytes: Uint8Array): ReadReply {
  const octets = Buffer.from(bytes);
  const opt = hideOpt(octets);
  const packet = Packet.parse(octets);
  if (packet.errors.length > 0) throw new AggregateError(packet.errors, 'dns2 found errors');
  const low = octets.readUInt16BE(2);
  const has = (bit: number): boolean => (low & bit) !== 0;
  const records = (section: Packet['answers']): ReadRecord[] =>
    section.filter((record) => record.type !== privateType).map(readRecord);
  const rcode = (low & 15) | ((opt === undefined ? 0 : (octets[opt + 5] as number)) << 4);
  return {
    id: octets.readUInt16BE(0),
    rcode: Object.entries(rcodes).find(([, code]) => code === rcode)?.[0] ?? `RCODE${rcode}`,
    opcode: (low >>> 11) & 15,
    flags: {
      qr: has(0x8000),
      aa: has(0x400),
      tc: has(0x200),
      rd: has(0x100),
      ra: has(0x80),
      ad: has(0x20),
      cd: has(0x10),
    },
    questions: packet.questions.map(({ name, type }) => ({ name, type: typeName(type) })),
    answers: records(packet.answers),
    authority: records(packet.authorities),
    additional: records(packet.additionals),
    edns: opt === undefined ? undefined : readEdns(octets, opt),
  };
}

/** Finds the OPT record and gives it a type that dns2 leaves alone; undefined when there is none. */
function hideOpt(octets: Buffer): number | undefined {
  let at = 12;
  for (let left = octets.readUInt16BE(4); left > 0; left--) at = skipName(octets, at) + 4;
  const count = [6, 8, 10].reduce((sum, field) => sum + octets.readUInt16BE(field), 0);
  let found: number | undefined;
  for (let left = count; left > 0; left--) {
    const fixed = skipName(octets, at);
    if (octets.readUInt16BE(fixed) === 41) {
      if (found !== undefined) throw new Error('two OPT records');
      found = fixed - 1;
      octets.writeUInt16BE(privateType, fixed);
    }
    at = fixed + 10 + octets.readUInt16BE(fixed + 8);
  }
  if (at !== octets.length) throw new Error(`message ends at ${at}, datagram at ${octets.length}`);
  return found;
}

function skipName(octets: Buffer, start: number): number {
  for (let at = start; ; at += octets.readUInt8(at) + 1) {
    if (octets.readUInt8(at) === 0) return at + 1;
    if (octets.readUInt8(at) > 63) return at + 2;
  }
}

function readEdns(octets: Buffer, at: number): ReadEdns {
  const end = at + 11 + octets.readUInt16BE(at + 9);
  const options: { code: number; data: Buffer }[] = [];
  for (let next = at + 11; next < end; ) {
    const size = octets.readUInt16BE(next + 2);
    options.push({
      code: octets.readUInt16BE(next),
      data: octets.subarray(next + 4, next + 4 + size),
    });
    next += 4 + size;
  }
  const subnet = options.find(({ code }) => code === 8)?.data;
  const ede = options.find(({ code }) => code === 15)?.data;
  return {
    udpSize: octets.readUInt16BE(at + 3),
    version: octets.readUInt8(at + 6),
    do: octets.readUInt16BE(at + 7) === 0x8000,
    subnet:
      subnet && subnet.length >= 4
        ? {
            family: subnet.readUInt16BE(0),
            source: subnet.readUInt8(2),
            scope: subnet.readUInt8(3),
            address: subnet.toString('hex', 4),
          }
        : undefined,
    ede:
      ede && ede.length >= 2
        ? { code: ede.readUInt16BE(0), text: ede.toString('utf8', 2) }
        : undefined,
    options: options.map(({ code }) => code),
    optionData: options.map(({ data }) => data.toString('hex')),
  };
}

type Dns2Record = Packet['answers'][number];

function readRecord(record: Dns2Record): ReadRecord {
  const type = typeName(record.type);
  const data = dataReaders[type]?.(record) ?? (record.data as Buffer).toString('hex');
  return { name: dotted(record.name), type, ttl: record.ttl, data };
}

const dataReaders: Readonly<Record<string, (record: Dns2Record) => string>> = {
  A: ({ address }) => String(address),
  AAAA: ({ address }) => String(address),
  NS: ({ ns }) => dotted(ns),
  CNAME: ({ domain }) => dotted(domain),
  PTR: ({ domain }) => dotted(domain),
  MX: ({ priority, exchange }) => `${priority} ${dotted(exchange)}`,
  SRV: ({ priority, weight, port, target }) => `${priority} ${weight} ${port} ${dotted(target)}`,
  TXT: ({ data }) => (data as string[]).map(quoted).join(' '),
  CAA: ({ flags, tag, value }) => `${flags} ${tag} ${quoted(value)}`,
  SOA: (soa) =>
    [
      dotted(soa.primary),
      dotted(soa.admin),
      soa.serial,
      soa.refresh,
      soa.retry,
      soa.expiration,
      soa.minimum,
    ].join(' '),
};

function dotted(name: string | undefined): string {
  return `${name}.`;
}

function quoted(text = ''): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
