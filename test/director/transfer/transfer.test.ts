// Transfers: who gets a zone, in which messages, and what becomes of everybody else.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seconds } from '../../../src/model/time.ts';
import { nameOf } from '../../support/answers.ts';
import { anIp } from '../../support/fleet.ts';
import { assertCountersSum, counted, plainSnapshot, viewOf } from '../../support/dns-stage.ts';
import { buildQuery, message, nameOctets, question } from '../../support/query.ts';
import { readReply, type ReadReply } from '../../support/reply.ts';
import { macOf, readTsigBehind, signedQuery } from '../../support/signed.ts';
import { createTransferStage, serial } from '../../support/transfer-stage.ts';

const axfr = buildQuery({ name: 'example.test', type: 'AXFR' });
const ixfr = buildQuery({ name: 'example.test', type: 'IXFR' });
const now = 1_900_000_000;
const signed = (query: Uint8Array): Uint8Array => signedQuery(query, { signedAt: now });

/** An IXFR of somebody who has this serial. */
function since(has: number): Uint8Array {
  const data = Buffer.concat([nameOctets('.'), nameOctets('.'), Buffer.alloc(20)]);
  data.writeUInt32BE(has, 2);
  const soa = Buffer.concat([
    Uint8Array.of(0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 0, 0, data.length),
    data,
  ]);
  const asked = question({ name: 'example.test', type: 'IXFR' });
  return message({ counts: [1, 0, 1, 0], parts: [asked, soa] });
}

/** The reply to a signed query, its signature checked by another hand. */
function plain(reply: Uint8Array | undefined, query: Uint8Array): ReadReply {
  assert.ok(reply);
  const tsig = readTsigBehind(reply);
  assert.equal(tsig.mac.toString('hex'), macOf(tsig, readTsigBehind(query).mac));
  return readReply(tsig.message);
}

describe('a transfer', () => {
  test('is the whole zone, between two SOA records', () => {
    const stage = createTransferStage(['{ name: mail, type: A, data: 192.0.2.25 }']);
    const query = signed(axfr);
    const [only, ...more] = stage.transfer(query);
    assert.equal(more.length, 0);
    const reply = plain(only, query);
    assert.deepEqual(
      reply.answers.map(({ name, type, data }) =>
        `${name} ${type} ${data}`.replace(/(SOA \S+) \S+ (\d+) .*/, '$1 $2'),
      ),
      [
        `example.test. SOA ns-eu.example.test. ${serial}`,
        'example.test. NS ns-eu.example.test.',
        'ns-eu.example.test. A 198.51.100.53',
        'mail.example.test. A 192.0.2.25',
        'www.example.test. A 192.0.2.10',
        'www.example.test. AAAA 2001:db8:1::10',
        `example.test. SOA ns-eu.example.test. ${serial}`,
      ],
    );
    assert.ok(reply.flags.aa && reply.flags.qr && reply.id === 0x1234);
    assert.equal(counted(stage.counters), 'transferred 1');
    assert.deepEqual(stage.counters.transfers, { completed: 1, broken: 0 });
    assert.deepEqual(stage.log.lines, ['info transfer.sent']);
  });

  test('of many records is many messages, each signed over the one before', () => {
    const hosts = Array.from({ length: 5000 }, (_, i) => i);
    const data = (i: number): string => `10.0.${i >> 8}.${i & 255}`;
    const many = hosts.map((i) => `{ name: big, type: A, data: ${data(i)} }`);
    const stage = createTransferStage([
      ...many,
      ...hosts.map((i) => `{ name: h${i}, type: A, data: ${data(i)} }`),
    ]);
    const query = signed(axfr);
    const messages = stage.transfer(query);
    assert.ok(messages.length > 3);
    let prior: Uint8Array = readTsigBehind(query).mac;
    const found: string[] = [];
    for (const [i, each] of messages.entries()) {
      const tsig = readTsigBehind(each);
      assert.equal(tsig.mac.toString('hex'), macOf(tsig, prior, i > 0));
      prior = tsig.mac;
      const { answers, questions, flags } = readReply(tsig.message);
      assert.ok(flags.aa && !flags.tc && questions.length === 1);
      found.push(...answers.map(({ name, type, data: text }) => `${name} ${type} ${text}`));
    }
    assert.equal(new Set(found).size, found.length - 1, 'only the SOA comes twice');
    const wanted = hosts.flatMap((i) => [
      `big.example.test. A ${data(i)}`,
      `h${i}.example.test. A ${data(i)}`,
    ]);
    assert.deepEqual(
      wanted.filter((line) => !found.includes(line)),
      [],
    );
  });

  test('goes on with the zone that it began with', () => {
    const lines = (octet: number): string[] =>
      Array.from({ length: 3000 }, (_, i) => `{ name: h${i}, type: A, data: 10.0.0.${octet} }`);
    const stage = createTransferStage(lines(1));
    const messages = stage.begin(signed(axfr));
    const begun = [messages.next().value];
    stage.serve(lines(2));
    begun.push(...messages);
    const texts = begun.flatMap((each) =>
      each === undefined ? [] : readReply(readTsigBehind(each).message).answers,
    );
    assert.equal(texts.filter(({ data }) => data === '10.0.0.1').length, 3000);
    assert.equal(texts.filter(({ data }) => data === '10.0.0.2').length, 0);
  });

  test('that is left early is counted as broken and makes room', () => {
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `{ name: h${i}, type: A, data: 10.0.0.1 }`,
    );
    const stage = createTransferStage(lines);
    const all = Array.from({ length: 16 }, () => {
      const messages = stage.begin(signed(axfr));
      messages.next();
      return messages;
    });
    const [late] = stage.transfer(signed(axfr));
    assert.equal(plain(late, signed(axfr)).rcode, 'REFUSED');
    all[0]?.return();
    assert.ok(stage.transfer(signed(axfr)).length > 1);
    assert.deepEqual(stage.counters.transfers, { completed: 1, broken: 1 });
    assert.ok(stage.log.lines.includes('warn transfer.broken'));
    assertCountersSum(stage.counters);
  });

  test('of a record that fits into no message breaks, rather than leave it out', () => {
    const stage = createTransferStage();
    const { settings } = stage.view.snapshot;
    const data = [{ wire: new Uint8Array(65_400), text: '' }];
    const records = [{ name: nameOf('long.example.test'), type: 65_280, ttl: seconds(1), data }];
    const zones = settings.zones.map((zone) => ({ ...zone, records }));
    stage.view = viewOf(plainSnapshot({ ...settings, zones }));
    assert.throws(() => [...stage.begin(signed(axfr))], RangeError);
    assert.equal(stage.counters.transfers.broken, 1);
  });

  test('needs no key where none is configured', () => {
    const stage = createTransferStage([], 'port: 53');
    const [reply] = stage.transfer(axfr);
    assert.equal(readReply(reply ?? axfr).answers.length, 6);
  });
});

describe('an IXFR', () => {
  const cases: [string, Uint8Array, number][] = [
    ['from an older serial is answered with the whole zone (RFC 1995 §4)', since(serial - 1), 6],
    ['from the same serial with the SOA alone (§2)', since(serial), 1],
    ['from a later serial with the SOA alone', since(serial + 1), 1],
    ['from no serial with the whole zone', ixfr, 6],
  ];
  for (const [words, query, records] of cases) {
    test(words, () => {
      const stage = createTransferStage();
      const [reply] = stage.transfer(signed(query));
      assert.equal(plain(reply, signed(query)).answers.length, records);
      assert.equal(counted(stage.counters), 'transferred 1');
    });
  }

  test('over UDP is answered with the SOA, so that its sender comes over TCP', () => {
    const stage = createTransferStage();
    const query = signed(since(serial - 1));
    const reply = plain(stage.send(query), query);
    assert.deepEqual(
      reply.answers.map(({ type }) => type),
      ['SOA'],
    );
    assert.equal(counted(stage.counters), 'transferred 1');
  });
});

describe('refused, and told why, is', () => {
  const asked = signed(buildQuery({ name: 'example.test', type: 'AXFR', edns: true }));
  const stranger = { address: anIp('192.0.2.54'), transport: 'tcp' } as const;
  const cases: [string, Uint8Array, object, RegExp][] = [
    ['another address, though it has the key', asked, stranger, /not a secondary/],
    ['AXFR over UDP (RFC 5936 §4.2)', asked, { transport: 'udp' }, /over TCP/],
    ['AXFR over HTTPS', asked, { transport: 'https' }, /over TCP/],
    [
      'a name that is no zone',
      signed(buildQuery({ name: 'www.example.test', type: 'AXFR', edns: true })),
      { transport: 'tcp' },
      /no zone/,
    ],
  ];
  for (const [words, query, peer, why] of cases) {
    test(words, () => {
      const stage = createTransferStage();
      const reply = plain(stage.send(query, peer), query);
      assert.equal(reply.rcode, 'REFUSED');
      assert.match(reply.edns?.ede?.text ?? '', why);
      assert.equal(counted(stage.counters), 'refused 1');
    });
  }

  const unsigned: [string, Uint8Array][] = [
    ['a query without the key', axfr],
    ['an IXFR without the key', since(1)],
    [
      'one with the key of somebody else',
      signedQuery(axfr, { signedAt: now, key: 'next.example.test', secret: Buffer.alloc(32, 9) }),
    ],
  ];
  for (const [words, query] of unsigned) {
    test(words, () => {
      const stage = createTransferStage();
      const [reply] = stage.transfer(query);
      assert.equal((reply?.[3] ?? 0) & 15, 5);
      assert.equal(counted(stage.counters), 'refused 1');
    });
  }
});
