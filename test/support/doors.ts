// One question at the doors of a director, and what each says, in one form.

import assert from 'node:assert/strict';
import type { Client } from '../../src/model/decision.ts';
import {
  formatIp,
  formatPrefix,
  parseIp,
  type Prefix,
  parsePrefix,
  widthOf,
} from '../../src/model/ip.ts';
import type { recordTypes } from '../../src/model/message.ts';
import type { ResolveReport } from '../../src/model/report.ts';
import type { DnsStage } from './dns-stage.ts';
import { buildQuery } from './query.ts';
import { type ReadRecord, type ReadReply, readReply } from './reply.ts';

/** What every door says. */
export interface Said {
  readonly status: string;
  readonly answers: ResolveReport['answers'];
  readonly ttl: number;
  readonly scope: number;
  readonly note: string | undefined;
}

/** By DNS, as a decoder that is not ours reads it from the octets. */
export function askDns(
  stage: DnsStage,
  name: string,
  type: keyof typeof recordTypes,
  client: Client,
): Said {
  const subnet = client.subnet === undefined ? {} : { subnet: formatPrefix(client.subnet) };
  const bytes = stage.send(buildQuery({ name, type, edns: true, ...subnet }), client);
  assert.ok(bytes);
  const reply = readReply(bytes);
  const ttls = [...reply.answers, ...reply.authority].map(({ ttl }) => ttl);
  return {
    status: reply.rcode,
    answers: reply.answers.map((record) => ({
      type: record.type,
      data: textOf(record),
      ttl: record.ttl,
    })),
    ttl: ttls.length === 0 ? 0 : Math.min(...ttls),
    scope: scopeIn(reply, client.subnet),
    note: reply.edns?.ede?.text,
  };
}

export function saidOf({ status, answers, ttl, scope, note }: ResolveReport): Said {
  return { status, answers, ttl, scope, note };
}

/** A client as HTTP and the command line are asked about it: a whole address, or a prefix. */
export function wordsOf({ address, subnet }: Client): { client?: string; resolver: string } {
  const resolver = formatIp(address);
  if (subnet === undefined) return { resolver };
  return { resolver, client: isWhole(subnet) ? formatIp(subnet.ip) : formatPrefix(subnet) };
}

export function isWhole(subnet: Prefix | undefined): boolean {
  return subnet !== undefined && subnet.length === widthOf(subnet.ip.family);
}

/** As HTTP writes it: addresses in their one canonical form, what dns2 cannot read from its octets. */
function textOf({ type, data }: ReadRecord): string {
  if (type === 'HINFO') return data === '075246433834383200' ? '"RFC8482" ""' : data;
  const ip = type === 'A' || type === 'AAAA' ? parseIp(data) : undefined;
  return ip === undefined ? data : formatIp(ip);
}

/** In the family in which the client is located, which for a mapped subnet is IPv4. */
function scopeIn(reply: ReadReply, subnet: Prefix | undefined): number {
  const scope = reply.edns?.subnet?.scope ?? 0;
  const meant = subnet === undefined ? undefined : parsePrefix(formatPrefix(subnet));
  const isMapped = meant?.ip.family === 4 && reply.edns?.subnet?.family === 2;
  return isMapped && scope > 0 ? scope - 96 : scope;
}
