// The client-subnet option: RFC 7871 on the way in, and what a reply repeats on the way out.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Packet } from 'dns2';
import fc from 'fast-check';
import { formatPrefix } from '../../src/model/ip.ts';
import { compileAnswer, refusal, reply } from '../../src/wire/encode.ts';
import { noSuchAnswer } from '../support/answers.ts';
import { decoded, outcome } from '../support/outcome.ts';
import { type SubnetShape, buildQuery, option, subnetOption } from '../support/query.ts';
import { type ReadSubnet, readReply } from '../support/reply.ts';

describe('a client subnet is read', () => {
  const good = [
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['203.0.112.0/20', '203.0.112.0/20'],
    ['198.51.100.7/32', '198.51.100.7/32'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['2001:db8::/56', '2001:db8::/56'],
    ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['8000::/1', '8000::/1'],
  ] as const;
  for (const [sent, read] of good) {
    test(`from ${sent}`, () => assert.equal(sourceOf(sent), read));
  }

  test('with source length 0 and no address: the client does not want to be located (§7.1.2)', () => {
    assert.equal(sourceOf('0.0.0.0/0'), '0.0.0.0/0');
    assert.equal(sourceOf('::/0'), '::/0');
  });

  test('with an IPv4-mapped address as the IPv4 network it is (RFC 4291 §2.5.5.2)', () => {
    assert.equal(sourceOf('::ffff:c000:200/120'), '192.0.2.0/24');
    assert.equal(sourceOf('::ffff:c000:201/128'), '192.0.2.1/32');
    assert.equal(sourceOf('::ffff:0:0/96'), '0.0.0.0/0');
    assert.equal(sourceOf('::fffe:0:0/95'), '::fffe:0:0/95');
  });

  test('wherever it stands among other options', () => {
    const cookie = option(10, [1, 2, 3, 4, 5, 6, 7, 8]);
    const unknown = option(65_001, [255]);
    const bytes = buildQuery({
      edns: { options: [cookie, subnetOption('192.0.2.0/24'), unknown] },
    });
    const subnet = decoded(bytes).edns?.subnet;
    assert.ok(subnet);
    assert.equal(formatPrefix(subnet.source), '192.0.2.0/24');
    assert.deepEqual(bytes.subarray(subnet.start, subnet.end), subnetOption('192.0.2.0/24'));
  });

  test('and no octet behind it is taken for address', () => {
    const options = [subnetOption('2001:db8::/40'), option(65_001, [255])];
    const subnet = decoded(buildQuery({ edns: { options } })).edns?.subnet;
    assert.equal(subnet && formatPrefix(subnet.source), '2001:db8::/40');
  });

  test('as dns2 writes it', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(octets, (three) => {
        const text = `${three.join('.')}.0/24`;
        const packet = new Packet(new Packet.Header({ id: 1 }));
        packet.questions.push(new Packet.Question('www.example.test', 1, 1));
        packet.additionals.push(Packet.Resource.EDNS([Packet.Resource.EDNS.ECS(text)]));
        const subnet = decoded(packet.toBuffer()).edns?.subnet;
        assert.equal(subnet && formatPrefix(subnet.source), text);
      }),
    );
  });
});

describe('a client subnet gets FORMERR', () => {
  const bad: readonly (readonly [string, SubnetShape])[] = [
    ['family 0 (§7.2.1)', { family: 0, source: 0, address: [] }],
    ['family 3 (§7.2.1)', { family: 3, source: 24, address: [192, 0, 2] }],
    ['family 257, whose low octet alone would be IPv4', { family: 257, source: 8, address: [9] }],
    ['an IPv4 source length over 32', { family: 1, source: 33, address: [192, 0, 2, 1, 0] }],
    ['an IPv6 source length over 128', { family: 2, source: 129, address: Array(17).fill(0) }],
    ['too few address octets (§6)', { family: 1, source: 24, address: [192, 0] }],
    ['too many address octets (§6)', { family: 1, source: 24, address: [192, 0, 2, 0] }],
    ['an address in spite of source length 0', { family: 1, source: 0, address: [192] }],
    ['a /56 with eight octets', { family: 2, source: 56, address: [32, 1, 13, 184, 0, 0, 0, 0] }],
    ['bits beyond the source length (§6)', { family: 1, source: 20, address: [192, 0, 0x21] }],
    ['a bit just beyond the source length', { family: 1, source: 23, address: [192, 0, 3] }],
    ['a scope in a query (§6)', { family: 1, source: 24, scope: 24, address: [192, 0, 2] }],
  ];
  for (const [what, subnet] of bad) {
    test(`for ${what}`, () =>
      assert.equal(outcome(buildQuery({ subnet })), 'FORMERR, question, opt'));
  }

  test('when it comes twice', () => {
    const options = [subnetOption('192.0.2.0/24'), subnetOption('192.0.2.0/24')];
    assert.equal(outcome(buildQuery({ edns: { options } })), 'FORMERR, question, opt');
  });

  test('when it is shorter than its own fixed part', () => {
    for (const data of [[], [0], [0, 1], [0, 1, 0]]) {
      const options = [Uint8Array.of(0, 8, 0, data.length, ...data)];
      assert.equal(outcome(buildQuery({ edns: { options } })), 'FORMERR, question, opt');
    }
  });
});

describe('a reply repeats the client subnet (§7.2.1)', () => {
  test('with the scope of the answer', () => {
    const expected = { family: 1, source: 24, scope: 20, address: 'cb0071' };
    assert.deepEqual(echoOf('203.0.113.0/24', 20), expected);
    const wide = { family: 2, source: 56, scope: 48, address: '20010db8000100' };
    assert.deepEqual(echoOf('2001:db8:1::/56', 48), wide);
  });

  test('with scope 0 when no scope is given', () => {
    assert.equal(echoOf('203.0.113.0/24', undefined)?.scope, 0);
  });

  test('with scope 0 when the client sent no address, whatever the answer’s scope', () => {
    assert.deepEqual(echoOf('0.0.0.0/0', 20), { family: 1, source: 0, scope: 0, address: '' });
  });

  test('in the family it came in when that was a mapped address', () => {
    const address = '00000000000000000000ffffc00002';
    const expected = { family: 2, source: 120, scope: 96 + 20, address };
    assert.deepEqual(echoOf('::ffff:c000:200/120', 20), expected);
    assert.equal(echoOf('::ffff:c000:200/120', 0)?.scope, 0);
  });

  test('octet for octet, for every network there is', () => {
    const network = fc.integer({ min: 1, max: 32 }).chain((source) =>
      fc.nat(0xffffffff).map((word) => {
        const masked = (word & (-1 << (32 - source))) >>> 0;
        const address = [24, 16, 8, 0].map((shift) => (masked >>> shift) & 255);
        return { family: 1, source, address: address.slice(0, Math.ceil(source / 8)) };
      }),
    );
    fc.assert(
      fc.property(network, (subnet) => {
        const expected = Buffer.from(subnet.address).toString('hex');
        const { source } = subnet;
        assert.deepEqual(echoOf(subnet, 7), { family: 1, source, scope: 7, address: expected });
      }),
    );
  });

  test('with scope 0 in a refusal', () => {
    const bytes = buildQuery({ subnet: '203.0.113.0/24' });
    const { edns } = readReply(refusal(decoded(bytes), bytes, 'REFUSED'));
    assert.deepEqual(edns?.subnet, { family: 1, source: 24, scope: 0, address: 'cb0071' });
  });

  test('only if the query had it', () => {
    const bytes = buildQuery({ edns: true });
    const query = decoded(bytes);
    const compiled = compileAnswer(query.name, noSuchAnswer);
    const { edns } = readReply(reply(query, bytes, compiled, { transport: 'udp', scope: 24 }));
    assert.deepEqual(edns?.options, []);
  });
});

function sourceOf(subnet: string): string | undefined {
  const read = decoded(buildQuery({ subnet })).edns?.subnet;
  return read && formatPrefix(read.source);
}

function echoOf(subnet: string | SubnetShape, scope: number | undefined): ReadSubnet | undefined {
  const bytes = buildQuery({ subnet });
  const query = decoded(bytes);
  const compiled = compileAnswer(query.name, noSuchAnswer);
  return readReply(reply(query, bytes, compiled, { transport: 'udp', scope })).edns?.subnet;
}
