// The DNS probe: a server that answers a question as expected is healthy.

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { Packet, type Resource } from 'dns2';
import { rcodes, typeName } from '../model/message.ts';
import { formatName, rootName } from '../model/name.ts';
import type { DnsProbe } from '../model/region.ts';
import { parseRdata } from '../wire/rdata.ts';
import type { Finding } from './probe-attempt.ts';
import type { Guard } from './probe-guard.ts';

/**
 * Longest answer that is read. The query has no OPT record, so no honest answer has more than 512
 * octets (RFC 1035 §4.2.1); dns2 needs seconds for the worst that a longer one can hold.
 */
const longestAnswer = 512;

/** Resolves to why the answer is not the expected one; rejects with the error of the socket. */
export async function probeDns(
  spec: DnsProbe,
  guard: Guard,
  signal: AbortSignal,
): Promise<Finding> {
  const address = await addressOf(spec.host, guard, signal);
  const query = new Packet();
  query.header.id = randomInt(0x10000);
  query.header.rd = 1;
  query.questions.push(new Packet.Question(formatName(spec.name), spec.type, Packet.CLASS.IN));
  const answer = await ask(query, address, spec.port, signal);
  return { reason: judge(spec, answer) };
}

function addressOf(host: string, { lookup }: Guard, signal: AbortSignal): Promise<LookupAddress> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
    lookup(host, {}, (error, address, family = 4) => {
      if (error === null && typeof address === 'string') resolve({ address, family });
      else reject(error ?? new Error('no address'));
    });
  });
}

/** A connected socket of its own: the system lets through what comes from the server alone. */
function ask(
  query: Packet,
  { address, family }: LookupAddress,
  port: number,
  signal: AbortSignal,
): Promise<Packet> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', signal });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('aborted')));
    socket.on('message', (bytes) => {
      const isAnswer = bytes.length >= 12 && bytes.length <= longestAnswer;
      if (!isAnswer || bytes.readUInt16BE(0) !== query.header.id) return;
      const answer = Packet.parse(bytes);
      if (answer.header.qr === 1) resolve(answer);
    });
    socket.connect(port, address, () => socket.send(query.toBuffer()));
  });
}

function judge({ type, data }: DnsProbe, { header, answers }: Packet): string {
  const rcode = Object.entries(rcodes).find(([, code]) => code === header.rcode)?.[0];
  if (rcode !== 'NOERROR') return `answer ${rcode ?? `RCODE${header.rcode}`}, want NOERROR`;
  const found = answers.filter((record) => record.type === type).map((record) => textOf(record));
  const note = header.tc === 1 ? ' in the part that was sent' : '';
  if (found.length === 0) return `no ${typeName(type)} record${note}`;
  if (data === undefined || found.includes(data)) return '';
  return `${typeName(type)} ${found.join(', ')}${note}, want ${data}`;
}

/** Data in the canonical form of `Rdata.text`; what no zone file could say stays as dns2 has it. */
function textOf(record: Resource): string {
  const text = texts[typeName(record.type)]?.(record) ?? '';
  const rdata = parseRdata(record.type, text, rootName);
  return typeof rdata === 'string' ? text : rdata.text;
}

const dotted = (name = ''): string => `${name}.`;
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** Presentation form of what dns2 makes of each type's data (RFC 1035 §3.3, RFC 2782, RFC 3596). */
const texts: Readonly<Record<string, (record: Resource) => string>> = {
  A: ({ address = '' }) => address,
  AAAA: ({ address = '' }) => address,
  CNAME: ({ domain }) => dotted(domain),
  MX: ({ priority, exchange }) => `${priority} ${dotted(exchange)}`,
  NS: ({ ns }) => dotted(ns),
  PTR: ({ domain }) => dotted(domain),
  SRV: ({ priority, weight, port, target }) => `${priority} ${weight} ${port} ${dotted(target)}`,
  TXT: ({ data }) => (Array.isArray(data) ? data.map(quoted).join(' ') : ''),
};
