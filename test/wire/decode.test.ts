// The header and the question: what a datagram must be to count as a query.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Packet } from 'dns2';
import fc from 'fast-check';
import { formatName } from '../../src/model/name.ts';
import { decodeQuery } from '../../src/wire/decode.ts';
import { fromHex } from '../support/hex.ts';
import { decoded, outcome } from '../support/outcome.ts';
import { buildQuery, message, nameOctets, option, optRecord, question } from '../support/query.ts';

describe('decodeQuery on good queries', () => {
  test('reads a query as dig sends it, octet by octet', () => {
    const bytes = fromHex(`
      be ef           ; id
      01 20           ; RD, and AD which is ignored
      00 01 00 00 00 00 00 01
      03 57 57 57 07 65 78 61 6d 70 6c 65 04 54 65 73 74 00   ; WWW.example.Test
      00 1c 00 01     ; AAAA IN
      00 00 29        ; the root, OPT
      10 00           ; 4096 octets over UDP
      00 00 80 00     ; version 0, DO
      00 17           ; options:
      00 0a 00 08 01 02 03 04 05 06 07 08   ; cookie
      00 08 00 07 00 01 18 00 cb 00 71      ; client subnet 203.0.113.0/24
    `);
    assert.deepEqual(decodeQuery(bytes), {
      id: 0xbeef,
      opcode: 0,
      recursionDesired: true,
      checkingDisabled: false,
      name: '\x03www\x07example\x04test\0',
      type: 28,
      class: 1,
      questionEnd: 34,
      edns: {
        udpSize: 4096,
        version: 0,
        wantsDnssec: true,
        subnet: {
          source: { ip: { family: 4, a: 0xcb007100, b: 0, c: 0, d: 0 }, length: 24 },
          start: 57,
          end: 68,
        },
        asks: {
          cookie: fromHex('0102030405060708'),
          nsid: false,
          keepalive: false,
          padding: false,
        },
      },
    });
  });

  test('reads a query without EDNS', () => {
    const query = decoded(buildQuery({ checkingDisabled: true, class: 3, type: 65 }));
    assert.equal(query.edns, undefined);
    assert.equal(query.checkingDisabled, true);
    assert.equal(query.recursionDesired, false);
    assert.equal(query.class, 3);
    assert.equal(query.type, 65);
  });

  test('lower-cases ASCII letters of the name only (RFC 4343 §3)', () => {
    const { name } = decoded(buildQuery({ name: 'WwW.\\192\\224\\064\\091.Test' }));
    assert.equal(name, '\x03www\x04\xc0\xe0@[\x04test\0');
  });

  test('keeps dots and zero octets inside labels apart from label ends', () => {
    assert.equal(decoded(buildQuery({ name: 'a\\.b.\\000' })).name, '\x03a.b\x01\0\0');
  });

  test('takes the root as a name', () => {
    assert.equal(decoded(buildQuery({ name: '' })).name, '\0');
  });

  test('takes names of 255 octets and labels of 63 (RFC 1035 §2.3.4)', () => {
    const { name } = decoded(buildQuery({ name: longName(255) }));
    assert.equal(name.length, 255);
    assert.equal(name.charCodeAt(0), 63);
  });

  test('takes no question at all with a cookie (RFC 7873 §5.4)', () => {
    const parts = [optRecord({ options: [option(10, [1, 2, 3, 4, 5, 6, 7, 8])] })];
    const query = decoded(message({ counts: [0, 0, 0, 1], parts }));
    assert.equal(query.questionEnd, 12);
    assert.deepEqual([query.name, query.type, query.class], ['\0', 0, 0]);
    assert.deepEqual(query.edns?.asks?.cookie, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  test('ignores AA, TC, RA, AD, the Z bit and an RCODE in the header', () => {
    const flags = 0x0400 | 0x0200 | 0x0080 | 0x0040 | 0x0020 | 0x000f;
    assert.equal(outcome(message({ flags, counts: [1, 0, 0, 0], parts: [question()] })), 'query');
  });

  test('agrees with dns2 on whatever dns2 builds', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
    const shape = fc.record({
      id: fc.nat(0xffff),
      labels: fc.array(label, { minLength: 1, maxLength: 8 }),
      type: fc.constantFrom(1, 2, 5, 6, 12, 15, 16, 28, 33, 65, 255, 257),
      rd: fc.constantFrom(0 as const, 1 as const),
      udpPayloadSize: fc.integer({ min: 512, max: 0xffff }),
      doFlag: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ id, labels, type, rd, udpPayloadSize, doFlag }) => {
        const packet = new Packet(new Packet.Header({ id, rd }));
        packet.questions.push(new Packet.Question(labels.join('.'), type, 1));
        packet.additionals.push(Packet.Resource.EDNS([], { doFlag, udpPayloadSize }));
        const query = decoded(packet.toBuffer());
        assert.equal(query.id, id);
        assert.equal(query.type, type);
        assert.equal(query.recursionDesired, rd === 1);
        assert.equal(formatName(query.name), labels.join('.').toLowerCase());
        assert.equal(query.edns?.udpSize, udpPayloadSize);
        assert.equal(query.edns?.wantsDnssec, doFlag);
      }),
    );
  });
});

describe('decodeQuery is silent', () => {
  test('on anything shorter than a header', () => {
    for (const length of [0, 1, 11]) assert.equal(outcome(new Uint8Array(length)), 'silent short');
  });

  test('on responses, so that two servers never talk in circles', () => {
    const bytes = message({ flags: 0x8000, counts: [1, 0, 0, 0], parts: [question()] });
    assert.equal(outcome(bytes), 'silent response');
  });
});

describe('decodeQuery answers NOTIMP', () => {
  test('to every opcode but QUERY, and keeps the opcode for the reply (RFC 1035 §4.1.1)', () => {
    for (let opcode = 1; opcode < 16; opcode++) {
      const result = decodeQuery(buildQuery({ opcode, id: 7, recursionDesired: true }));
      assert.ok('kind' in result && result.kind === 'refused');
      assert.equal(result.rcode, 'NOTIMP');
      assert.equal(result.opcode, opcode);
      assert.equal(result.id, 7);
      assert.equal(result.recursionDesired, true);
    }
  });

  test('whatever follows the header', () => {
    const header = { flags: 5 << 11 };
    assert.equal(outcome(message({ ...header, counts: [0, 0, 0, 0], parts: [] })), 'NOTIMP');
    assert.equal(outcome(message({ ...header, counts: [1, 9, 9, 9], parts: [[255]] })), 'NOTIMP');
    const update = message({ ...header, counts: [1, 0, 1, 1], parts: [question(), record(250)] });
    assert.equal(outcome(update), 'NOTIMP, question');
  });
});

describe('decodeQuery answers FORMERR', () => {
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ['no question', message({ counts: [0, 0, 0, 0], parts: [] }), 'FORMERR'],
    [
      'no question and no cookie',
      message({ counts: [0, 0, 0, 1], parts: [optRecord({ options: [option(3, [])] })] }),
      'FORMERR, opt',
    ],
    [
      'two questions',
      message({ counts: [2, 0, 0, 0], parts: [question(), question()] }),
      'FORMERR',
    ],
    ['an answer record', withRecords([1, 1, 0, 0], record(1)), 'FORMERR, question'],
    ['an authority record', withRecords([1, 0, 1, 0], record(6)), 'FORMERR, question'],
    [
      'an additional record that is not OPT',
      withRecords([1, 0, 0, 1], record(1)),
      'FORMERR, question',
    ],
    ['TSIG (RFC 8945 §4.2)', withRecords([1, 0, 0, 1], record(250)), 'FORMERR, question'],
    ['SIG(0) (RFC 2931 §3)', withRecords([1, 0, 0, 1], record(24)), 'FORMERR, question'],
    [
      'TSIG behind OPT',
      withRecords([1, 0, 0, 2], optRecord(), record(250)),
      'FORMERR, question, opt',
    ],
    ['a promised answer record', withRecords([1, 1, 0, 0]), 'FORMERR, question'],
    ['a promised authority record', withRecords([1, 0, 1, 0]), 'FORMERR, question'],
    ['a promised OPT record', withRecords([1, 0, 0, 1]), 'FORMERR, question'],
    ['two promised records', withRecords([1, 0, 0, 2]), 'FORMERR, question'],
    [
      'octets left over without OPT',
      withRecords([1, 0, 0, 0], Uint8Array.of(0)),
      'FORMERR, question',
    ],
    [
      'octets left over behind OPT',
      withRecords([1, 0, 0, 1], optRecord(), Uint8Array.of(0)),
      'FORMERR, question, opt',
    ],
    ['a pointer to itself as name', named([0xc0, 12]), 'FORMERR'],
    ['a pointer behind a label', named([3, 119, 119, 119, 0xc0, 12]), 'FORMERR'],
    ['a label type 01 (RFC 6891 §5)', named([0x41, 1, 0]), 'FORMERR'],
    [
      'a label of 64 octets (RFC 1035 §2.3.4)',
      named([64, ...Array<number>(64).fill(97), 0]),
      'FORMERR',
    ],
    ['a label type 10 (RFC 1035 §4.1.4)', named([0x81, 1, 0]), 'FORMERR'],
    ['a name of 256 octets (RFC 1035 §2.3.4)', buildQuery({ name: longName(256) }), 'FORMERR'],
    [
      'a name without end',
      message({ counts: [1, 0, 0, 0], parts: [[3, 119, 119, 119]] }),
      'FORMERR',
    ],
    ['a question without its class', buildQuery().subarray(0, -2), 'FORMERR'],
    ['a question without its type', buildQuery().subarray(0, -4), 'FORMERR'],
    ['a header alone that promises a question', buildQuery().subarray(0, 12), 'FORMERR'],
  ];
  for (const [what, bytes, expected] of cases) {
    test(`to ${what}`, () => assert.equal(outcome(bytes), expected));
  }

  test('to every way of cutting a query short', () => {
    const bytes = buildQuery({ subnet: '2001:db8::/56', edns: { options: [option(9, [1])] } });
    for (let length = 12; length < bytes.length; length++) {
      assert.match(outcome(bytes.subarray(0, length)), /^FORMERR/);
    }
    assert.equal(outcome(bytes), 'query');
  });
});

/** A name of exactly so many octets, with labels as long as can be. */
function longName(octets: number): Uint8Array {
  const labels = ['a', 'b', 'c'].map((char) => char.repeat(63));
  const rest = octets - 3 * 64 - 2;
  return nameOctets([...labels, 'd'.repeat(rest)].join('.'));
}

function named(name: readonly number[]): Uint8Array {
  return buildQuery({ name: Uint8Array.from(name) });
}

function withRecords(
  counts: readonly [number, number, number, number],
  ...records: readonly Uint8Array[]
): Uint8Array {
  return message({ counts, parts: [question(), ...records] });
}

/** A record of the root with four octets of data. */
function record(type: number): Uint8Array {
  return Uint8Array.of(0, type >>> 8, type & 255, 0, 255, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4);
}
