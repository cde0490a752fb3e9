// Replies as a client reads them: ours and, whatever octets they are, a stranger's.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readReply } from '../../src/wire/reading.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import {
  buildQuery,
  message,
  option,
  optRecord,
  question,
  type QueryShape,
} from '../support/query.ts';

const stage = createDnsStage(plainSnapshot(settingsOf(shippedText())));

function read(shape: QueryShape) {
  const reading = readReply(stage.send(buildQuery(shape)) ?? assert.fail());
  return typeof reading === 'string' ? assert.fail(reading) : reading;
}

describe('a reply of ours', () => {
  test('is read with its records, in presentation form', () => {
    const {
      rcode,
      isAuthoritative,
      question: asked,
      answers,
      additional,
    } = read({
      name: 'example.test',
      type: 'MX',
    });
    assert.deepEqual([rcode, isAuthoritative], ['NOERROR', true]);
    assert.deepEqual(asked, { name: 'example.test.', type: 'MX' });
    const mx = { name: 'example.test.', type: 'MX', ttl: 3600, data: '10 mail.example.test.' };
    assert.deepEqual(answers, [mx]);
    assert.equal(additional[0]?.data, '192.0.2.25');
  });

  test('is read with what its OPT record says', () => {
    const { edns } = read({ subnet: '141.20.0.0/24', edns: { options: [option(3, [])] } });
    assert.equal(edns?.subnet?.source, '141.20.0.0/24');
    assert.equal(String(edns?.nsid && Buffer.from(edns.nsid)), 'demo');
    assert.equal(read({ name: 'example.net', edns: true }).edns?.extendedErrors[0]?.code, 20);
    assert.equal(read({ edns: { version: 1 } }).rcode, 'BADVERS');
    assert.equal(read({}).edns, undefined);
  });
});

describe('what cannot be read is told', () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['half a header', new Uint8Array(11), /shorter/],
    ['a query', buildQuery(), /a query/],
    [
      'two questions',
      message({ flags: 0x8000, counts: [2, 0, 0, 0], parts: [question(), question()] }),
      /question/,
    ],
    [
      'a record too few',
      message({ flags: 0x8000, counts: [1, 1, 0, 0], parts: [question()] }),
      /breaks off/,
    ],
    [
      'a name that goes round',
      message({ flags: 0x8000, counts: [1, 0, 0, 0], parts: [[0xc0, 12, 0, 1, 0, 1]] }),
      /question/,
    ],
  ];
  for (const [what, bytes, words] of cases) {
    test(what, () => {
      const reading = readReply(bytes);
      assert.match(typeof reading === 'string' ? reading : 'it was read', words);
    });
  }
});

test('options that break off, and a subnet of no family, are left out', () => {
  const opt = optRecord({ options: [option(8, [0, 9, 24, 0, 1]), Uint8Array.of(0, 3, 0, 9, 1)] });
  const reading = readReply(message({ flags: 0x8000, counts: [0, 0, 0, 1], parts: [opt] }));
  assert.ok(typeof reading === 'object');
  assert.deepEqual([reading.edns?.subnet, reading.edns?.nsid], [undefined, undefined]);
});

test('any octets are taken without throwing', () => {
  const counts = fc.tuple(fc.nat(2), fc.nat(9), fc.nat(9), fc.nat(9));
  fc.assert(
    fc.property(counts, fc.uint8Array({ maxLength: 400 }), (four, octets) => {
      readReply(octets);
      readReply(message({ flags: 0x8000, counts: four, parts: [octets] }));
      readReply(
        message({
          flags: 0x8000,
          counts: [1, ...four.slice(1)] as never,
          parts: [question(), octets],
        }),
      );
    }),
  );
});
