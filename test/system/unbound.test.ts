// A real resolver, delegated to Meridian from a parent zone: it finds every kind of record, keeps what it may
// keep for whom it may keep it, and moves when a region fails.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { type Origins, startOrigins } from '../../src/edge/origins.ts';
import { loadSettings } from '../../src/load.ts';
import { askUdp } from '../support/ask.ts';
import {
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/ports.ts';
import type { ReadReply } from '../support/reply.ts';
import { type Resolver, startUnbound } from '../support/unbound.ts';

// Glue has no port, so each name server has an address of its own on port 53.
const parent = '127.77.53.1';
const director = '127.77.53.2';
const child = '127.77.53.3';

const berlin = '141.20.0.0/24';
const tokyo = '202.12.27.0/24';
const eu = '192.0.2.10';
const ap = '192.0.2.30';

const place = (title: string, country: string, at: string, address: string, port: number) => `
title: ${title}
country: ${country}
${at}
ipv4: [${address}]
ipv6: ["2001:db8::${address.split('.').at(-1)}"]
probe: { http: "http://127.0.0.1:${port}/healthz", interval: 500ms, timeout: 400ms, downAfter: 2, upAfter: 3 }
`;

const long = Array.from({ length: 9 }, (_, i) => `"${String(i).repeat(200)}"`).join(' ');

/** Owner below example.test, type, data as dig writes it. */
const records: readonly (readonly [string, string, string])[] = [
  ['mail', 'A', '192.0.2.25'],
  ['mail', 'AAAA', '2001:db8:25::25'],
  ['box', 'MX', '10 mail.example.test.'],
  ['text', 'TXT', '"one" "two; \\"three\\""'],
  ['printer', 'HINFO', '"ARM" "LINUX"'],
  ['_sip._tcp', 'SRV', '10 60 5060 mail.example.test.'],
  ['25.2', 'PTR', 'mail.example.test.'],
  ['where', 'LOC', '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m'],
  ['enum', 'NAPTR', '100 50 "s" "z3950+I2L" "" _sip._tcp.example.test.'],
  ['host', 'SSHFP', '2 1 123456789ABCDEF67890123456789ABCDEF67890'],
  ['_443._tcp', 'TLSA', '3 1 1 92003BA34942DC74152E2F2C408D29ECA5A520E7F2E06BB944F4DCA3 46BAF63C'],
  ['svc', 'SVCB', '1 mail.example.test. port=8443'],
  ['web', 'HTTPS', '1 . alpn="h2,h3"'],
  ['_ftp', 'URI', '10 1 "ftp://ftp.example.test/public"'],
  ['issue', 'CAA', '0 issue "ca.example.net"'],
  ['odd', 'TYPE65280', '\\# 4 01020304'],
];

const main = `
director: { id: eu-1, region: eu }
health: { settle: 0s, return: { hold: 0s, stage: 0s } }
zones:
  - name: example.test
    serial: 7
    negativeTtl: 30s
    records:
${records.map(([name, type, data]) => `      - { name: "${name}", type: ${type}, data: '${data}' }`).join('\n')}
      - { name: long, type: TXT, data: '${long}' }
      - { name: "*.dev", type: A, data: 192.0.2.80 }
      - { name: first, type: CNAME, data: second.example.test. }
      - { name: second, type: CNAME, data: third.example.test. }
      - { name: third, type: CNAME, data: www.example.test. }
      - { name: old, type: DNAME, data: dev.example.test. }
      - { name: lab, type: NS, data: ns.lab.example.test. }
      - { name: ns.lab, type: A, data: ${child} }
    services:
      - { name: "@", regions: [eu, ap], policy: nearest, ttl: { stable: 20s, short: 20s } }
      - { name: www, regions: [eu, ap], policy: nearest, ttl: { stable: 20s, short: 20s } }
      - { name: fast, regions: [eu, ap], policy: nearest, ttl: { stable: 3s, short: 1s } }
`;

/** The parent of the director's zone and, at another address, a child of it. */
const around = `
director: { id: parent, region: home }
zones:
  - name: test
    serial: 7
    nameservers: [ns.test.]
    records:
      - { name: ns, type: A, data: ${parent} }
      - { name: example, type: NS, data: ns-eu.example.test. }
      - { name: ns-eu.example, type: A, data: ${director} }
  - name: lab.example.test
    serial: 7
    nameservers: [ns.lab.example.test.]
    records:
      - { name: ns, type: A, data: ${child} }
      - { name: deep, type: TXT, data: '"from the child"' }
`;

let meridian: DirectorProcess;
let origins: Origins;
let resolver: Resolver;
const parts = new AsyncDisposableStack();

before(async () => {
  const ports = await freePorts(2);
  const config = parts.use(
    createConfigFolder(main, {
      eu: `${place('Dublin', 'IE', 'latitude: 53.35\nlongitude: -6.26', eu, ports[0] ?? 0)}nameserver: { ipv4: [${director}] }\n`,
      ap: place('Tokyo', 'JP', 'latitude: 35.68\nlongitude: 139.65', ap, ports[1] ?? 0),
    }),
  );
  const home = 'title: Home\ncountry: IE\nlatitude: 53\nlongitude: -6\nipv4: [192.0.2.1]\n';
  const parentConfig = parts.use(createConfigFolder(around, { home }));
  const loaded = await loadSettings(config.main, {});
  assert.ok(loaded.ok, JSON.stringify(loaded));
  origins = parts.use(await startOrigins(loaded.value.regions.values()));
  meridian = parts.use(await startDirectorProcess(config.main, { MERIDIAN_DNS: `${director}:53` }));
  const doors = `${parent}:53,${child}:53`;
  parts.use(await startDirectorProcess(parentConfig.main, { MERIDIAN_DNS: doors }));
  await eventually('both regions are up', async () => {
    const response = await fetch(`${meridian.http}/v1/health`);
    const { regions } = (await response.json()) as { regions: { verdict: string }[] };
    return regions.every(({ verdict }) => verdict === 'up');
  });
  resolver = parts.use(await startUnbound({ parent, sendsSubnetTo: director }));
});

after(() => parts.disposeAsync());

function ask(name: string, subnet?: string, type?: 'A' | 'TXT'): Promise<ReadReply> {
  return askUdp(resolver.port, {
    name: `${name}.example.test`,
    recursionDesired: true,
    ...(subnet === undefined ? {} : { subnet }),
    ...(type === undefined ? {} : { type }),
  });
}

const dataOf = (reply: ReadReply): string[] => reply.answers.map(({ data }) => data);

/** What dig prints with +short, line by line. */
async function dig(port: number, ...words: readonly string[]): Promise<string[]> {
  const args = [`-p${port}`, '@127.0.0.1', '+short', '+time=5', ...words];
  const { stdout } = await promisify(execFile)('dig', args);
  return stdout.trimEnd().split('\n');
}

/** DNS queries that the director has received, by transport. */
async function received(): Promise<Record<'udp' | 'tcp' | 'all', number>> {
  const text = await (await fetch(`${meridian.http}/metrics`)).text();
  const of = (transport: string): number =>
    Number(
      new RegExp(`^meridian_dns_queries_total{transport="${transport}"} (\\d+)`, 'm').exec(
        text,
      )?.[1],
    );
  return { udp: of('udp'), tcp: of('tcp'), all: of('udp') + of('tcp') };
}

/** Runs it, and expects the resolver to have asked the director nothing meanwhile. */
async function fromCache(run: () => Promise<unknown>): Promise<void> {
  const { all } = await received();
  await run();
  assert.equal((await received()).all, all, 'the resolver had it in its cache');
}

for (const isTcpOnly of [false, true]) {
  test(`every type of record is resolved over ${isTcpOnly ? 'TCP' : 'UDP'}`, async () => {
    await using own = await startUnbound({ parent, sendsSubnetTo: director, isTcpOnly });
    const start = await received();
    const questions = records.flatMap(([name, type]) => [`${name}.example.test`, type]);
    for (const way of ['+notcp', '+tcp']) {
      const lines = await dig(own.port, way, ...questions);
      assert.deepEqual(
        lines,
        records.map(([, , data]) => data),
        way,
      );
    }
    const end = await received();
    const other = isTcpOnly ? 'udp' : 'tcp';
    assert.equal(end[other], start[other]);
  });
}

describe('a resolver that was referred to Meridian', { concurrency: false }, () => {
  test('knows the apex: SOA, NS, and the steered addresses', async () => {
    const [soa] = await dig(resolver.port, 'example.test', 'SOA');
    assert.match(soa ?? '', /^ns-eu\.example\.test\. hostmaster\.example\.test\. 7 /);
    assert.deepEqual(await dig(resolver.port, 'example.test', 'NS'), ['ns-eu.example.test.']);
    assert.deepEqual(await dig(resolver.port, `+subnet=${tokyo}`, 'example.test', 'AAAA'), [
      '2001:db8::30',
    ]);
  });

  test('fetches over TCP what does not fit', async () => {
    const start = await received();
    const lines = await dig(resolver.port, 'long.example.test', 'TXT');
    assert.deepEqual(lines, [long]);
    assert.ok((await received()).tcp > start.tcp);
  });

  test('finds names below a wildcard, through chains of CNAME, and through a DNAME', async () => {
    assert.deepEqual(dataOf(await ask('a.b.dev')), ['192.0.2.80']);
    assert.deepEqual(dataOf(await ask('first', berlin)), [
      'second.example.test.',
      'third.example.test.',
      'www.example.test.',
      eu,
    ]);
    const lines = await dig(resolver.port, 'x.old.example.test', 'A');
    assert.deepEqual(lines.slice(-2), ['x.dev.example.test.', '192.0.2.80']);
  });

  test('follows a referral further down', async () => {
    assert.deepEqual(await dig(resolver.port, 'deep.lab.example.test', 'TXT'), [
      '"from the child"',
    ]);
  });

  test('keeps that a name, or a type, is not there', async () => {
    for (const [name, rcode] of [
      ['nobody', 'NXDOMAIN'],
      ['text', 'NOERROR'],
    ] as const) {
      const first = await ask(name);
      assert.deepEqual([first.rcode, dataOf(first)], [rcode, []]);
      await fromCache(async () => {
        const again = await ask(name);
        assert.equal(again.rcode, rcode);
        assert.ok((again.authority[0]?.ttl ?? 99) <= 30);
      });
    }
  });

  test('keeps an answer apart for clients in different places, each as wide as its scope', async () => {
    assert.deepEqual(dataOf(await ask('www', berlin)), [eu]);
    assert.deepEqual(dataOf(await ask('www', tokyo)), [ap]);
    await fromCache(async () => {
      assert.deepEqual(dataOf(await ask('www', berlin)), [eu]);
      assert.deepEqual(dataOf(await ask('www', tokyo)), [ap]);
      const narrower = await ask('www', '141.20.0.128/25');
      assert.deepEqual(dataOf(narrower), [eu]);
    });
  });

  test('moves when a region fails, within the TTL of what it holds, and others stay', async (t) => {
    assert.deepEqual(dataOf(await ask('fast', berlin)), [eu]);
    const origin = origins.list.find(({ region }) => region === 'eu');
    await fetch(new URL('/fail', origin?.url), { method: 'POST' });
    const ms = await eventually('Berlin is sent to Tokyo', async () => {
      const reply = await ask('fast', berlin);
      assert.ok((reply.answers[0]?.ttl ?? 99) <= 3);
      assert.deepEqual(dataOf(await ask('fast', tokyo)), [ap]);
      return dataOf(reply)[0] === ap;
    });
    t.diagnostic(`moved ${(ms / 1000).toFixed(1)} s after the origin failed`);
    await fetch(new URL('/heal', origin?.url), { method: 'POST' });
  });
});
