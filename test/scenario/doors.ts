// A question put to one director by both doors, DNS in octets and HTTP's decision, which must agree.

import assert from 'node:assert/strict';
import { formatIp, type Ip, parseIp } from '../../src/model/ip.ts';
import type { recordTypes } from '../../src/model/message.ts';
import type { ResolveReport } from '../../src/model/report.ts';
import { buildQuery } from '../support/query.ts';
import { readReply } from '../support/reply.ts';
import type { Director } from './director.ts';

export interface Asking {
  readonly name: string;
  readonly type: keyof typeof recordTypes;
  /** The client subnet that comes along, as a prefix. */
  readonly subnet: string | undefined;
  readonly resolver: Ip;
}

/** What both doors said. */
export interface Said {
  readonly status: string;
  readonly data: readonly string[];
  readonly ttl: number;
  readonly scope: number;
  /** The extended DNS error, in words. */
  readonly note: string | undefined;
}

export function askBoth(director: Director, asking: Asking): Said {
  const said = askDns(director, asking);
  const report = askHttp(director, asking, false);
  const { status, ttl, scope, note } = report;
  const data = report.answers.map((record) => record.data);
  assert.deepEqual(said, { status, data, ttl, scope, note }, 'DNS says other than HTTP');
  return said;
}

/** The trail in words; empty where nothing was decided. */
export function askWhy(director: Director, asking: Asking): string {
  return askHttp(director, asking, true).trail?.text ?? '';
}

function askDns(director: Director, { name, type, subnet, resolver }: Asking): Said {
  const query = buildQuery({ name, type, edns: true, ...(subnet === undefined ? {} : { subnet }) });
  director.asked++;
  const bytes = director.respond(query, { address: resolver, port: 4242, transport: 'udp' });
  assert.ok(bytes, 'no reply came');
  const { rcode, flags, answers, authority, edns } = readReply(bytes);
  assert.equal(flags.aa, rcode !== 'REFUSED', 'the flag AA');
  const sent = subnet === undefined ? undefined : Number(subnet.split('/')[1]);
  assert.equal(edns?.subnet?.source, sent, 'the source length comes back');
  const ttls = [...answers, ...authority].map(({ ttl }) => ttl);
  return {
    status: rcode,
    data: answers.map(({ data }) => canonical(data)),
    ttl: ttls.length === 0 ? 0 : Math.min(...ttls),
    scope: edns?.subnet?.scope ?? 0,
    note: edns?.ede?.text,
  };
}

/** dns2 writes IPv6 addresses its own way. */
function canonical(data: string): string {
  const ip = parseIp(data);
  return ip === undefined ? data : formatIp(ip);
}

function askHttp(
  { api }: Director,
  { name, type, subnet, resolver }: Asking,
  explain: boolean,
): ResolveReport {
  const report = api.resolve({
    name,
    type,
    client: subnet,
    resolver: formatIp(resolver),
    explain,
    peer: resolver,
  });
  assert.ok(!('code' in report), 'message' in report ? report.message : '');
  return report;
}
