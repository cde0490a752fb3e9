// Envelopes: what may stand around a question, and what makes a message malformed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openEnvelope } from '../../src/wire/envelope.ts';
import { buildQuery, message, nameOctets, optRecord, question } from '../support/query.ts';
import { outcome } from '../support/outcome.ts';
import { keyName, signedQuery } from '../support/signed.ts';

/** An SOA record of example.test, whose owner points to the question. */
function soaRecord(serial: number, type = 6): Uint8Array {
  const data = Buffer.concat([nameOctets('ns.example.test'), nameOctets('m'), Buffer.alloc(20)]);
  data.writeUInt32BE(serial, data.length - 20);
  const head = Uint8Array.of(0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length);
  return Buffer.concat([head, data]);
}

function ixfr(serial: number, shape: { type?: 'IXFR' | 'SOA'; record?: number } = {}): Uint8Array {
  const { type = 'IXFR', record = 6 } = shape;
  const asked = question({ name: 'example.test', type });
  return message({ counts: [1, 0, 1, 0], parts: [asked, soaRecord(serial, record)] });
}

describe('an envelope', () => {
  test('with a signature holds the query as it would have come without', () => {
    const query = buildQuery({ edns: true });
    const opened = openEnvelope(signedQuery(query));
    assert.deepEqual([...(opened?.bare ?? [])], [...query]);
    assert.deepEqual([...(opened?.signature?.message ?? [])], [...query]);
    assert.equal(opened?.serial, undefined);
  });

  test('with a serial holds an IXFR as it would be without (RFC 1995 §3)', () => {
    const opened = openEnvelope(ixfr(4_000_000_000));
    assert.equal(opened?.serial, 4_000_000_000);
    const bare = buildQuery({ name: 'example.test', type: 'IXFR' });
    assert.deepEqual([...opened.bare], [...bare]);
  });

  test('may have both', () => {
    const opened = openEnvelope(signedQuery(ixfr(7)));
    assert.equal(opened?.serial, 7);
    assert.equal(opened.signature?.tsig.key, '\x03xfr\x07example\x04test\0');
  });

  test("may have its key's name end in the question's, as BIND writes it", () => {
    const query = buildQuery({ name: 'example.test', type: 'SOA' });
    const signed = Buffer.from(signedQuery(query));
    const start = query.length;
    const pointing = Buffer.concat([
      signed.subarray(0, start),
      Uint8Array.of(3, 0x78, 0x66, 0x72, 0xc0, 12),
      signed.subarray(start + nameOctets(keyName).length),
    ]);
    assert.equal(openEnvelope(pointing)?.signature?.tsig.key, '\x03xfr\x07example\x04test\0');
  });
});

describe('there is nothing in', () => {
  const query = buildQuery({ edns: true });
  const signed = signedQuery(query);
  const twice = Buffer.concat([query, optRecord()]);
  twice[11] = 2;
  const cases: [string, Uint8Array][] = [
    ['a plain query', query],
    ['a message with two OPT records', twice],
    ['a signed one with octets behind', Buffer.concat([signed, Uint8Array.of(0)])],
    ['one whose signature is not last', Buffer.concat([signed, optRecord()]).fill(3, 11, 12)],
    ['an SOA that no IXFR brings', ixfr(1, { type: 'SOA' })],
    ['an IXFR that brings another record', ixfr(1, { record: 1 })],
    ['one without a question', message({ counts: [0, 0, 0, 1], parts: [optRecord()] })],
  ];
  for (const [words, bytes] of cases) {
    test(words, () => assert.equal(openEnvelope(bytes), undefined));
  }
});

test('of two signatures the inner one makes the query malformed (RFC 8945 §5.2)', () => {
  const opened = openEnvelope(signedQuery(signedQuery(buildQuery())));
  assert.equal(outcome(opened?.bare ?? new Uint8Array(0)), 'FORMERR, question');
});

test('whatever comes is opened or not, and nothing is thrown', () => {
  const signed = signedQuery(ixfr(9));
  fc.assert(
    fc.property(fc.nat(signed.length - 1), fc.nat(255), fc.nat(signed.length), (at, octet, end) => {
      openEnvelope(signed.with(at, octet));
      openEnvelope(signed.subarray(0, end));
    }),
  );
});
