// TSIG records: what is written is what another implementation signs, and nothing odd is read.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { signatureOf } from '../../src/wire/envelope.ts';
import {
  hmacSha256,
  macInput,
  sizeOfTsig,
  timeOctets,
  type Tsig,
  withTsig,
} from '../../src/wire/tsig.ts';
import { nameOf } from '../support/answers.ts';
import { buildQuery } from '../support/query.ts';
import { keyName, readTsigBehind, secret, signedQuery } from '../support/signed.ts';

const key = nameOf(keyName);
const plain = { key, algorithm: hmacSha256, fudge: 300, originalId: 0x1234, error: 0 };

function macOver(parts: readonly Uint8Array[]): Uint8Array {
  const digest = createHmac('sha256', secret);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

describe('a signed message', () => {
  test('is octet for octet what another hand signs, at any time of 48 bits', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 48 - 1), fc.constantFrom('www.example.test', '.'), (at, name) => {
        const query = buildQuery({ name });
        const tsig = { ...plain, signedAt: at, other: new Uint8Array(0) };
        const mac = macOver(macInput(query, tsig, undefined));
        const signed = withTsig(query, { ...tsig, mac });
        assert.deepEqual(Buffer.from(signed), Buffer.from(signedQuery(query, { signedAt: at })));
        assert.equal(signed.length - query.length, sizeOfTsig(tsig));
      }),
    );
  });

  test('is read back as it was written', () => {
    const octets = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(octets, octets, fc.nat(0xffff), fc.nat(2 ** 48 - 1), (mac, other, n, at) => {
        const tsig: Tsig = { ...plain, signedAt: at, fudge: n, error: n, other, mac };
        const query = buildQuery({ id: 7 });
        const read = signatureOf(withTsig(query, tsig));
        const wanted = { ...tsig, mac: Buffer.from(mac), other: Buffer.from(other) };
        assert.deepEqual(read?.tsig, wanted);
        // The original id stands in for whatever id the message came with (RFC 8945 §5.3).
        assert.deepEqual([...(read?.message ?? [])], [...buildQuery({ id: 0x1234 })]);
      }),
    );
  });

  test('of a later message covers the MAC before it, and the time alone (RFC 8945 §5.3.1)', () => {
    const prior = Uint8Array.of(1, 2, 3);
    const message = buildQuery();
    const tsig = { ...plain, signedAt: 2 ** 32 + 5, other: new Uint8Array(0) };
    const covered = Buffer.concat(macInput(message, tsig, prior, true));
    const timers = Buffer.from('000100000005012c', 'hex');
    assert.deepEqual(covered, Buffer.concat([Uint8Array.of(0, 3, 1, 2, 3), message, timers]));
  });
});

test('the time of a server is 48 bits, most significant first', () => {
  assert.equal(Buffer.from(timeOctets(0x1234_5678_9abc)).toString('hex'), '123456789abc');
});

describe('no signature is read', () => {
  const signed = signedQuery(buildQuery());
  const start = signed.length - 91;
  const { mac } = readTsigBehind(signed);
  assert.equal(mac.length, 32);
  const faults: [string, number, number][] = [
    ['of another class', start + keyName.length + 5, 1],
    ['with a TTL', start + keyName.length + 9, 1],
    ['with an algorithm beyond the record', start + keyName.length + 12, 60],
    ['with a MAC beyond the record', signed.length - 40, 1],
    ['with other data beyond the record', signed.length - 1, 1],
  ];
  for (const [words, at, octet] of faults) {
    test(words, () => assert.equal(signatureOf(signed.with(at, octet)), undefined));
  }

  test('whatever octets come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.equal(signatureOf(bytes), undefined);
      }),
    );
  });

  test('and a damaged one never throws', () => {
    fc.assert(
      fc.property(fc.nat(signed.length - 1), fc.nat(255), fc.nat(120), (at, octet, cut) => {
        signatureOf(signed.with(at, octet).subarray(0, signed.length - cut));
      }),
    );
  });
});
