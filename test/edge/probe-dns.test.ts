// The DNS probe against real sockets on loopback, friendly and hostile.

import assert from 'node:assert/strict';
import { createSocket, type SocketType } from 'node:dgram';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Packet, type Resource } from 'dns2';
import { createProbe } from '../../src/edge/probe.ts';
import type { Sample } from '../../src/model/health.ts';
import { parseType, recordTypes } from '../../src/model/message.ts';
import { rootName } from '../../src/model/name.ts';
import type { DnsProbe } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { parseRdata } from '../../src/wire/rdata.ts';
import { aName, aPrefix } from '../support/fleet.ts';

const never = new AbortController().signal;

interface Server extends AsyncDisposable {
  readonly port: number;
  readonly queries: Packet[];
}

/** Answers each query with these datagrams. */
async function serve(
  reply: (query: Packet) => readonly Buffer[],
  type: SocketType = 'udp4',
): Promise<Server> {
  const socket = createSocket(type);
  const queries: Packet[] = [];
  socket.on('message', (bytes, { port, address }) => {
    const query = Packet.parse(bytes);
    queries.push(query);
    for (const datagram of reply(query)) socket.send(datagram, port, address);
  });
  socket.bind(0, type === 'udp6' ? '::1' : '127.0.0.1');
  await once(socket, 'listening');
  const close = async (): Promise<void> => {
    socket.close();
    await once(socket, 'close');
  };
  return { port: socket.address().port, queries, [Symbol.asyncDispose]: close };
}

/** A reply with these records, whose name and class are those of the question. */
function answer(
  query: Packet,
  records: readonly Partial<Resource>[],
  header: Partial<Packet['header']> = {},
): Buffer {
  const packet = Packet.createResponseFromRequest(query);
  Object.assign(packet.header, header);
  const [question] = query.questions;
  for (const record of records) {
    const { name, type, class: cls } = question ?? {};
    packet.answers.push({ name, type, class: cls, ttl: 30, ...record } as Resource);
  }
  return packet.toBuffer();
}

function run(port: number, extra: Partial<DnsProbe> = {}, signal = never): Promise<Sample> {
  const spec: DnsProbe = {
    kind: 'dns',
    host: '127.0.0.1',
    port,
    name: aName('www'),
    type: recordTypes.A,
    data: undefined,
    timeout: millis(20_000),
    ...extra,
  };
  return createProbe()(spec, signal);
}

const address = '192.0.2.10';

describe('an answer', () => {
  test('with a record of the type is healthy; the question is as the probe says', async () => {
    await using server = await serve((query) => [answer(query, [{ address }])]);
    const sample = await run(server.port);
    assert.deepEqual([sample.isHealthy, sample.reason], [true, '']);
    const [query] = server.queries;
    const [{ name, type, class: cls } = {}] = query?.questions ?? [];
    assert.deepEqual([name, type, cls], ['www.example.test', recordTypes.A, 1]);
    assert.equal(query?.header.rd, 1);
  });

  test('must hold the expected data, if there is any', async () => {
    const other = { address: '192.0.2.11' };
    await using server = await serve((query) => [answer(query, [other, { address }])]);
    assert.equal((await run(server.port, { data: address })).reason, '');
    const { reason } = await run(server.port, { data: '192.0.2.12' });
    assert.equal(reason, 'A 192.0.2.11, 192.0.2.10, want 192.0.2.12');
  });

  test('without a record of the type is a failure', async () => {
    const alias = { type: recordTypes.CNAME, domain: 'web.example.test' };
    await using server = await serve((query) => [answer(query, [alias])]);
    assert.equal((await run(server.port)).reason, 'no A record');
  });

  test('that is cut off is judged by what it holds', async () => {
    await using server = await serve((query) => [answer(query, [], { tc: 1 })]);
    assert.equal((await run(server.port)).reason, 'no A record in the part that was sent');
  });

  for (const [rcode, word] of [
    [2, 'SERVFAIL'],
    [3, 'NXDOMAIN'],
    [5, 'REFUSED'],
    [11, 'RCODE11'],
  ] as const) {
    test(`with ${word} is a failure`, async () => {
      await using server = await serve((query) => [answer(query, [{ address }], { rcode })]);
      assert.equal((await run(server.port)).reason, `answer ${word}, want NOERROR`);
    });
  }

  test('comes over IPv6 and from a name as well', async () => {
    await using server = await serve((query) => [answer(query, [{ address }])], 'udp6');
    assert.equal((await run(server.port, { host: '::1' })).reason, '');
    await using named = await serve((query) => [answer(query, [{ address }])]);
    const networks = [aPrefix('127.0.0.0/8')];
    const spec = { host: 'localhost', port: named.port, name: aName('www'), type: 1 };
    const probe = createProbe(() => networks);
    const whole = { kind: 'dns', ...spec, data: undefined, timeout: millis(20_000) } as const;
    assert.equal((await probe(whole, never)).reason, '');
  });
});

describe('data is compared in its canonical form:', () => {
  const cases: [string, Partial<Resource>, string][] = [
    ['A', { address }, '192.0.2.10'],
    ['AAAA', { address: '2001:db8::10' }, '2001:DB8:0:0::10'],
    ['CNAME', { domain: 'Web.example.test' }, 'web.example.test.'],
    ['MX', { priority: 10, exchange: 'mail.example.test' }, '10 mail.example.test.'],
    ['NS', { ns: 'ns.example.test' }, 'ns.example.test.'],
    ['PTR', { domain: 'host.example.test' }, 'host.example.test.'],
    [
      'SRV',
      { priority: 10, weight: 60, port: 5060, target: 'sip.example.test' },
      '10 60 5060 sip.example.test.',
    ],
    ['TXT', { data: ['v=spf1 "mx" \\ -all', 'b'] }, '"v=spf1 \\"mx\\" \\\\ -all" b'],
  ];
  for (const [word, record, written] of cases) {
    test(word, async () => {
      const type = parseType(word) ?? 0;
      const rdata = parseRdata(type, written, rootName);
      assert.ok(typeof rdata !== 'string');
      await using server = await serve((query) => [answer(query, [record])]);
      assert.equal((await run(server.port, { type, data: rdata.text })).reason, '');
      assert.match((await run(server.port, { type, data: 'x' })).reason, /, want x$/);
    });
  }
});

describe('what is no answer', () => {
  test('is passed over: another id, a query, scraps, and more than a datagram may hold', async () => {
    await using server = await serve((query) => {
      const good = answer(query, [{ address }]);
      const forged = Buffer.from(good);
      forged.writeUInt16BE(query.header.id ^ 1, 0);
      const scrap = good.subarray(0, 11);
      return [forged, query.toBuffer(), scrap, Buffer.concat([good, Buffer.alloc(512)]), good];
    });
    assert.equal((await run(server.port, { data: address })).reason, '');
  });

  test('is silence in the end', async () => {
    await using server = await serve(() => []);
    const sample = await run(server.port, { timeout: millis(150) });
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'timed out after 150ms']);
  });

  test('is a closed port, told at once', async () => {
    const server = await serve(() => []);
    await server[Symbol.asyncDispose]();
    assert.equal((await run(server.port)).reason, 'connection refused');
  });

  test('is a probe that was stopped, before or under way', async () => {
    assert.equal((await run(53, {}, AbortSignal.abort())).reason, 'stopped');
    const stop = new AbortController();
    await using server = await serve(() => {
      stop.abort();
      return [];
    });
    assert.equal((await run(server.port, {}, stop.signal)).reason, 'stopped');
  });
});

test('an address outside the allowed networks is not asked', async () => {
  await using server = await serve((query) => [answer(query, [{ address }])]);
  const networks = [aPrefix('192.0.2.0/24')];
  const probe = createProbe(() => networks);
  for (const host of ['127.0.0.1', 'localhost']) {
    const spec = { kind: 'dns', host, port: server.port, name: aName('www'), type: 1 } as const;
    const sample = await probe({ ...spec, data: undefined, timeout: millis(20_000) }, never);
    assert.match(sample.reason, /lies outside health\.probeNetworks$/);
  }
  assert.deepEqual(server.queries, []);
});
