// Options that a query asks for: read within bounds, answered ready to copy.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recordTypes } from '../../src/model/message.ts';
import { decodeQuery } from '../../src/wire/decode.ts';
import { compileAnswer, reply } from '../../src/wire/encode.ts';
import { optionsFor, paddingFor } from '../../src/wire/options.ts';
import { answer, rrset } from '../support/answers.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { buildQuery, option } from '../support/query.ts';

function asksOf(...options: readonly Uint8Array[]) {
  const query = decodeQuery(buildQuery({ edns: { options } }));
  return 'kind' in query ? query.kind : query.edns?.asks;
}

const none = { cookie: undefined, nsid: false, keepalive: false, padding: false };

describe('a query', () => {
  test('asks for nothing, unknown options included (RFC 6891 §6.1.2)', () => {
    assert.equal(asksOf(), undefined);
    assert.equal(asksOf(option(65_001, [1, 2, 3])), undefined);
  });

  test('asks for the name server, for keepalive and for padding', () => {
    assert.deepEqual(asksOf(option(3, [])), { ...none, nsid: true });
    assert.deepEqual(asksOf(option(11, [])), { ...none, keepalive: true });
    assert.deepEqual(asksOf(option(12, [0, 0])), { ...none, padding: true });
    assert.deepEqual(asksOf(option(12, []), option(3, [])), { ...none, nsid: true, padding: true });
  });

  test('shows its first cookie (RFC 7873 §4)', () => {
    const [one, two] = [Array<number>(8).fill(1), Array<number>(24).fill(2)];
    assert.deepEqual(asksOf(option(10, one), option(10, two)), {
      ...none,
      cookie: Uint8Array.from(one),
    });
  });

  for (const length of [0, 7, 9, 15, 41]) {
    test(`with a cookie of ${length} octets is malformed (RFC 7873 §5.2.2)`, () => {
      assert.equal(asksOf(option(10, Array<number>(length).fill(1))), 'refused');
    });
  }
});

test('options of a reply stand one behind the other', () => {
  const cookie = fromHex('0102030405060708');
  const all = optionsFor({ cookie, nsid: Buffer.from('a'), keepalive: 300 });
  assert.equal(toHex(all), '000a000801020304050607080003000161000b0002012c');
  assert.equal(optionsFor({}).length, 0);
});

describe('padding (RFC 8467 §4.1)', () => {
  test('brings every size to a multiple of 468', () => {
    for (let size = 12; size < 1500; size++) {
      assert.equal((size + paddingFor(size).length) % 468, 0);
    }
  });

  const bytes = buildQuery({ edns: { options: [option(12, [])] } });
  const query = decodeQuery(bytes);
  assert.ok(!('kind' in query));
  const set = rrset('www.example.test', 'A', 30, '192.0.2.1');
  const compiled = compileAnswer(query.name, answer({ answers: [set] }));
  for (const transport of ['udp', 'tcp', 'tls', 'https'] as const) {
    const isPadded = transport === 'tls' || transport === 'https';
    test(`is ${isPadded ? '' : 'not '}added over ${transport} (RFC 7830 §6)`, () => {
      const { length } = reply(query, bytes, compiled, { transport });
      assert.equal(length, isPadded ? 468 : bytes.length - 4 + 16);
    });
  }

  test('is not added for those who do not ask', () => {
    const plain = buildQuery({ edns: true, type: recordTypes.A });
    const asked = decodeQuery(plain);
    assert.ok(!('kind' in asked));
    assert.equal(reply(asked, plain, compiled, { transport: 'tls' }).length, plain.length + 16);
  });
});
