// Signatures (RFC 8945 §5): what is believed, what is answered to the rest, and by whom replies are signed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { hmac } from '../../../src/edge/hmac.ts';
import { signRequest } from '../../../src/director/transfer/signatures.ts';
import { signatureOf } from '../../../src/wire/envelope.ts';
import { nameOf } from '../../support/answers.ts';
import { counted } from '../../support/dns-stage.ts';
import { buildQuery, nameOctets } from '../../support/query.ts';
import { readReply } from '../../support/reply.ts';
import { keyName, macOf, readTsigBehind, secret, signedQuery } from '../../support/signed.ts';
import { createTransferStage } from '../../support/transfer-stage.ts';

const query = buildQuery({ name: 'example.test', type: 'SOA', edns: true });
const now = 1_900_000_000;
const fresh = { signedAt: now };

describe('a good signature', () => {
  test('gets an answer that is signed to match', () => {
    const stage = createTransferStage();
    const signed = signedQuery(query, fresh);
    const reply = stage.send(signed);
    assert.ok(reply);
    const tsig = readTsigBehind(reply);
    assert.equal(tsig.mac.toString('hex'), macOf(tsig, readTsigBehind(signed).mac));
    assert.equal(tsig.error, 0);
    assert.deepEqual(
      readReply(tsig.message),
      stage.ask({ name: 'example.test', type: 'SOA', edns: true }),
    );
    assert.equal(counted(stage.counters), 'static 2');
  });

  test('may be of any key that is listed, so that keys can be changed one side after the other', () => {
    const stage = createTransferStage();
    const next = { key: 'Next.Example.TEST', secret: Buffer.alloc(32, 9), ...fresh };
    const reply = stage.send(signedQuery(query, next));
    assert.equal(readTsigBehind(reply ?? query, 'next.example.test').error, 0);
    assert.equal(counted(stage.counters), 'static 1');
  });

  test('holds though somebody on the way changed the id (RFC 8945 §5.3)', () => {
    const stage = createTransferStage();
    const signed = signedQuery(query, fresh).with(0, 9);
    const reply = stage.send(signed) ?? query;
    assert.equal(reply[0], 9);
    const tsig = readTsigBehind(reply);
    assert.equal(tsig.mac.toString('hex'), macOf(tsig, readTsigBehind(signed).mac));
  });

  test('leaves its reply within what the sender takes over UDP', () => {
    const hosts = Array.from({ length: 40 }, (_, i) => `{ name: a, type: A, data: 10.0.0.${i} }`);
    const stage = createTransferStage(hosts);
    const asked = buildQuery({ name: 'a.example.test', edns: { udpSize: 700 } });
    const plain = stage.send(asked) ?? asked;
    assert.ok(plain.length > 650 && !readReply(plain).flags.tc, `${plain.length}`);
    const reply = stage.send(signedQuery(asked, fresh)) ?? asked;
    assert.ok(reply.length <= 700 && readReply(readTsigBehind(reply).message).flags.tc);
  });

  test('is as old as its fudge at most, either way', () => {
    for (const apart of [-300, 300]) {
      const stage = createTransferStage();
      stage.send(signedQuery(query, { signedAt: now + apart }));
      assert.equal(counted(stage.counters), 'static 1');
    }
  });
});

describe('NOTAUTH is the answer to', () => {
  test('a key that nobody knows: BADKEY, not signed', () => {
    const stage = createTransferStage();
    const reply = stage.send(signedQuery(query, { ...fresh, key: 'nobody.test' })) ?? query;
    const { error, mac, message } = readTsigBehind(reply, 'nobody.test');
    assert.deepEqual([error, mac.length, readReply(message).rcode], [17, 0, 'NOTAUTH']);
    assert.equal(readReply(message).edns?.ede?.text, 'TSIG: BADKEY');
    assert.equal(counted(stage.counters), 'notauth 1');
  });

  test('an algorithm that is not spoken: BADKEY', () => {
    const stage = createTransferStage();
    stage.send(signedQuery(query, { ...fresh, algorithm: 'hmac-sha512' }));
    assert.equal(counted(stage.counters), 'notauth 1');
  });

  test('a MAC by another secret: BADSIG, not signed', () => {
    const stage = createTransferStage();
    const reply = stage.send(signedQuery(query, { ...fresh, secret: Buffer.alloc(32) })) ?? query;
    const { error, mac, message } = readTsigBehind(reply);
    assert.deepEqual([error, mac.length, readReply(message).rcode], [16, 0, 'NOTAUTH']);
  });

  test('a clock too far from ours: BADTIME, signed, in its own time with ours beside', () => {
    for (const apart of [-301, 301, 2 ** 33]) {
      const stage = createTransferStage();
      const signed = signedQuery(query, { signedAt: now + apart });
      const tsig = readTsigBehind(stage.send(signed) ?? query);
      assert.deepEqual([tsig.error, tsig.signedAt], [18, now + apart]);
      assert.equal(tsig.other.readUIntBE(0, 6), now);
      assert.equal(tsig.mac.toString('hex'), macOf(tsig, readTsigBehind(signed).mac));
      assert.equal(readReply(tsig.message).rcode, 'NOTAUTH');
    }
  });

  test('the same message again, once it is old: a replay', () => {
    const stage = createTransferStage();
    const signed = signedQuery(query, fresh);
    stage.send(signed);
    stage.time.now += 301;
    stage.send(signed);
    assert.equal(counted(stage.counters), 'static 1, notauth 1');
  });

  test('a MAC that is right as far as it goes: BADTRUNC, signed', () => {
    const stage = createTransferStage();
    const signed = signedQuery(query, { ...fresh, macSize: 16 });
    const tsig = readTsigBehind(stage.send(signed) ?? query);
    assert.equal(tsig.error, 22);
    assert.equal(tsig.mac.toString('hex'), macOf(tsig, readTsigBehind(signed).mac));
  });
});

describe('malformed is', () => {
  for (const macSize of [0, 1, 15, 33, 64]) {
    test(`a MAC of ${macSize} octets (RFC 8945 §5.2.2.1)`, () => {
      const stage = createTransferStage();
      stage.send(signedQuery(query, { ...fresh, macSize }));
      assert.equal(counted(stage.counters), 'formerr 1');
    });
  }

  test('a signed message that is no query', () => {
    const stage = createTransferStage();
    stage.send(signedQuery(buildQuery({ edns: true, opcode: 4 }), fresh));
    stage.send(signedQuery(Uint8Array.from([...query, 0]), fresh));
    assert.equal(counted(stage.counters), 'formerr 1, notimp 1');
  });
});

test('whichever bit is turned, nothing is transferred', () => {
  const axfr = buildQuery({ name: 'example.test', type: 'AXFR' });
  const signed = signedQuery(axfr, fresh);
  // The id is whatever it is on the way; the original one is covered.
  const bits = fc.integer({ min: 16, max: signed.length * 8 - 1 });
  // Letters may change their case (RFC 4343) in the key's name and the algorithm's, which mean the same.
  const names = [
    [axfr.length, nameOctets(keyName).length],
    [axfr.length + nameOctets(keyName).length + 10, nameOctets('hmac-sha256').length],
  ];
  const isCase = (bit: number): boolean =>
    bit % 8 === 2 &&
    names.some(([at = 0, size = 0]) => bit >> 3 >= at && bit >> 3 < at + size) &&
    /[a-z]/.test(String.fromCharCode(signed[bit >> 3] ?? 0));
  fc.assert(
    fc.property(
      bits.filter((bit) => !isCase(bit)),
      (bit) => {
        const stage = createTransferStage();
        const octet = bit >> 3;
        stage.transfer(signed.with(octet, (signed[octet] ?? 0) ^ (0x80 >> (bit % 8))));
        assert.equal(stage.counters.outcomes.transferred, 0);
      },
    ),
    { numRuns: 200 },
  );
});

describe('a request of ours', () => {
  const key = { name: nameOf(keyName), secret };
  const { message, isMatch } = signRequest(query, key, hmac);

  test('is signed', () => {
    const tsig = readTsigBehind(message);
    const signed = signedQuery(query, { signedAt: tsig.signedAt });
    assert.equal(tsig.mac.toString('hex'), readTsigBehind(signed).mac.toString('hex'));
  });

  test('is matched by a reply that is signed over it, and by no other', () => {
    const { mac: prior } = readTsigBehind(message);
    const is = (shape: object): boolean => isMatch(signatureOf(signedQuery(query, shape)));
    assert.ok(is({ prior }));
    assert.ok(!is({}));
    assert.ok(!is({ prior, secret: Buffer.alloc(32) }));
    assert.ok(!is({ prior, macSize: 16 }));
    assert.ok(!is({ prior, signedAt: 1 }));
    assert.ok(!is({ prior, key: 'other.test' }));
    assert.ok(!isMatch(undefined));
  });
});
