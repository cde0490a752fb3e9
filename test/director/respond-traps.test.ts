// Traps that dns2 falls into, sprung on the whole way of a query: none of them stops or misleads us.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RRset } from '../../src/model/message.ts';
import { rrset } from '../support/answers.ts';
import { counted, createDnsStage, type DnsStage } from '../support/dns-stage.ts';
import { anIp, aRegion, aSettings, aSnapshot } from '../support/fleet.ts';
import { toHex } from '../support/hex.ts';
import { buildQuery, message, nameOctets, option, optRecord, question } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const many = Array.from({ length: 90 }, (_, i) => anIp(`192.0.2.${i + 1}`));
const regions = [aRegion('ash', { ipv4: many, ipv6: [] })];

const long = 'x'.repeat(300);

/** A fleet of one region with more addresses than fit, and these records. */
function stageOf(...records: readonly RRset[]): DnsStage {
  const { zones } = aSettings({ regions, services: [] });
  const filled = zones.map((zone) => ({ ...zone, records }));
  return createDnsStage(aSnapshot({ regions, settings: { zones: filled } }));
}

describe('who sends', () => {
  test('from port 0 or a broadcast address gets nothing that could not be sent', () => {
    const stage = stageOf();
    assert.equal(stage.send(buildQuery(), { port: 0 }), undefined);
    const broadcast = { address: anIp('127.255.255.255') };
    assert.ok(stage.send(buildQuery(), broadcast));
    assert.equal(counted(stage.counters), 'steered 1, dropped-source 1');
  });

  test('a reply gets nothing, or two servers would talk for ever', () => {
    const stage = stageOf();
    const reply = stage.send(buildQuery());
    assert.ok(reply);
    assert.equal(stage.send(reply), undefined);
    assert.equal(counted(stage.counters), 'steered 1, dropped-response 1');
  });
});

describe('a message', () => {
  test('of thousands of questions that all follow one chain of pointers is refused at once', () => {
    const chain = Array.from({ length: 5000 }, () => [0xc0, 12, 0, 1, 0, 1]).flat();
    const bytes = message({ counts: [5000, 0, 0, 0], parts: [question(), chain] });
    const reply = stageOf().send(bytes);
    assert.ok(reply);
    assert.equal(readReply(reply).rcode, 'FORMERR');
    assert.deepEqual(readReply(reply).questions, []);
  });

  test('of the largest size that UDP has is refused', () => {
    const bytes = new Uint8Array(65_507);
    bytes.set(buildQuery());
    const reply = stageOf().send(bytes);
    assert.ok(reply);
    assert.equal(readReply(reply).rcode, 'FORMERR');
  });

  test('without a question is FORMERR', () => {
    const reply = stageOf().send(message({ counts: [0, 0, 0, 0], parts: [] }));
    assert.ok(reply);
    assert.equal(readReply(reply).rcode, 'FORMERR');
  });

  test('with two OPT records is FORMERR, and the reply has one', () => {
    const two = [question(), optRecord(), optRecord()];
    const reply = stageOf().send(message({ counts: [1, 0, 0, 2], parts: two }));
    assert.ok(reply);
    assert.equal(readReply(reply).rcode, 'FORMERR');
    assert.notEqual(readReply(reply).edns, undefined);
  });

  test('of EDNS version 1 is BADVERS, all twelve bits of it', () => {
    assert.equal(stageOf().ask({ edns: { version: 1 } }).rcode, 'BADVERS');
  });

  test('with options that nobody knows is answered without them', () => {
    const options = [option(10, [1, 2, 3, 4, 5, 6, 7, 8]), option(65_001, [])];
    const reply = stageOf().ask({ edns: { options }, subnet: '2001:470::/56' });
    assert.equal(reply.rcode, 'NOERROR');
    assert.deepEqual(reply.edns?.options, [8]);
  });
});

describe('what is too long', () => {
  test('for 512 octets comes truncated, without records', () => {
    const reply = stageOf().ask({});
    assert.equal(reply.flags.tc, true);
    assert.deepEqual([reply.answers, reply.authority, reply.additional], [[], [], []]);
  });

  test('keeps its OPT record when truncated', () => {
    const reply = stageOf().ask({ edns: { udpSize: 600 }, subnet: '81.2.69.0/24' });
    assert.equal(reply.flags.tc, true);
    assert.notEqual(reply.edns?.subnet, undefined);
  });

  test('never leaves in more than 1232 octets over UDP, whatever the asker takes', () => {
    const bytes = buildQuery({ edns: { udpSize: 65_535 } });
    const stage = stageOf();
    const reply = stage.send(bytes);
    assert.ok(reply && reply.length <= 1232);
    assert.equal(readReply(reply).flags.tc, true);
    assert.equal(readReply(reply).edns?.udpSize, 1232);
  });

  test('comes whole over TCP', () => {
    const reply = stageOf().ask({}, { transport: 'tcp' });
    assert.equal(reply.flags.tc, false);
    assert.equal(reply.answers.length, many.length);
  });
});

describe('on the wire', () => {
  test('the target of SRV is not compressed', () => {
    const name = '_sip._tcp.example.test';
    const stage = stageOf(rrset(name, 'SRV', 300, '0 5 5060 sip.example.test.'));
    const reply = stage.send(buildQuery({ name, type: 'SRV' }));
    assert.ok(reply);
    assert.ok(toHex(reply).includes(toHex(nameOctets('sip.example.test'))));
  });

  test('a text of more than 255 octets goes out as several strings', () => {
    const name = 'text.example.test';
    const [record] = stageOf(rrset(name, 'TXT', 300, `"${long}"`)).ask({
      name,
      type: 'TXT',
    }).answers;
    assert.equal(record?.data, `"${long.slice(0, 255)}" "${long.slice(255)}"`);
  });

  test('an IPv4-mapped address keeps its sixteen octets', () => {
    const name = 'mapped.example.test';
    const stage = stageOf(rrset(name, 'AAAA', 300, '::ffff:192.0.2.1'));
    const reply = stage.send(buildQuery({ name, type: 'AAAA' }));
    assert.ok(reply);
    assert.ok(toHex(reply).endsWith('001000000000000000000000ffffc0000201'));
  });

  test('a dot inside a label is no end of it', () => {
    const name = 'a\\.b.example.test';
    const stage = stageOf(rrset(name, 'A', 300, '192.0.2.7'));
    const reply = stage.send(buildQuery({ name }));
    assert.ok(reply);
    assert.ok(toHex(reply).includes(toHex(nameOctets(name))));
    assert.equal(stage.ask({ name: 'a.b.example.test' }).rcode, 'NXDOMAIN');
  });

  test('letters beyond ASCII are told apart', () => {
    const stage = stageOf(rrset('\\224.example.test', 'TXT', 1, '"x"'));
    const rcodeOf = (octet: number): number | undefined => {
      const name = Uint8Array.from([1, octet, ...nameOctets('example.test')]);
      const flags = stage.send(buildQuery({ name, type: 'TXT' }))?.[3];
      return flags === undefined ? undefined : flags & 15;
    };
    assert.equal(rcodeOf(0xe0), 0);
    assert.equal(rcodeOf(0xc0), 3);
  });
});
