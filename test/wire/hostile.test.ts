// Hostile datagrams: whatever comes, the decoder ends soon, and what goes out can be read.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeQuery } from '../../src/wire/decode.ts';
import { compileAnswer, errorReply, refusal, reply } from '../../src/wire/encode.ts';
import { noSuchAnswer } from '../support/answers.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { outcome } from '../support/outcome.ts';
import { buildQuery, message, option, optRecord, question } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const corpus = new URL('corpus/', import.meta.url);

describe('the corpus', () => {
  for (const file of readdirSync(corpus)) {
    const text = readFileSync(new URL(file, corpus), 'utf8');
    const [, description, expected] = /^; (.*)\n; expect (.*)\n/.exec(text) ?? [];
    test(`${file}: ${description}`, () => {
      const bytes = fromHex(text);
      assert.equal(outcome(bytes), expected);
      assertAnswers(bytes);
    });
  }
});

describe('any octets', () => {
  test('are taken without throwing, and answered so that it can be read', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4096 }), assertAnswers));
  });

  test('behind a query header are too', () => {
    const body = fc.uint8Array({ maxLength: 600 });
    const counts = fc.tuple(count(), count(), count(), count());
    fc.assert(
      fc.property(counts, body, (four, octets) => {
        assertAnswers(message({ counts: four, parts: [octets] }));
        assertAnswers(message({ counts: [1, 0, 0, 1], parts: [question(), octets] }));
      }),
    );
  });

  test('in place of some octets of a good query are too', () => {
    const change = fc.tuple(fc.nat(200), fc.nat(255));
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    const cookie = option(10, [1, 2, 3, 4, 5, 6, 7, 8]);
    const queries = [
      buildQuery(),
      buildQuery({ edns: { options: [cookie] }, subnet: '192.0.2.0/24' }),
      buildQuery({ edns: { options: [cookie] }, subnet: '2001:db8::/56' }),
      buildQuery({ name: 'a'.repeat(63), subnet: '::ffff:c000:200/120' }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...queries), changes, fc.nat(20), (query, edits, cut) => {
        const bytes = query.slice();
        for (const [at, octet] of edits) bytes[at % bytes.length] = octet;
        assertAnswers(bytes);
        assertAnswers(bytes.subarray(0, bytes.length - cut));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the largest datagrams', () => {
  const pointers = (octets: number): Uint8Array =>
    Uint8Array.from({ length: octets }, (_, i) => (i % 2 === 0 ? 0xc0 : 12));
  const bombs: readonly (readonly [string, Uint8Array])[] = [
    ['questions that all point at each other', bomb([10_000, 0, 0, 0], pointers(65_495))],
    ['one question of pointers', bomb([1, 0, 0, 0], pointers(65_495))],
    [
      'records of the root without end',
      bomb([1, 0, 0, 65_535], question(), new Uint8Array(65_473)),
    ],
    ['more counted than there is', bomb([65_535, 65_535, 65_535, 65_535], pointers(65_495))],
    ['labels without end', bomb([65_535, 0, 0, 0], new Uint8Array(65_495).fill(1))],
    [
      'one option after the other',
      bomb([1, 0, 0, 1], question(), optRecord({ options: manyOptions() })),
    ],
    [
      'as many empty client subnets',
      bomb([1, 0, 0, 1], question(), optRecord({ options: subnets() })),
    ],
  ];
  for (const [what, bytes] of bombs) {
    test(`of ${what} are read at most three times over`, () => {
      let reads = 0;
      const counting = new Proxy(bytes, {
        get: (target, key) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
          return Reflect.get(target, key, target) as unknown;
        },
      });
      decodeQuery(counting);
      assert.ok(reads <= 3 * bytes.length, `${reads} reads of ${bytes.length} octets`);
      assertAnswers(bytes);
    });
  }

  function bomb(
    counts: readonly [number, number, number, number],
    ...parts: readonly Uint8Array[]
  ): Uint8Array {
    const bytes = message({ counts, parts });
    assert.ok(bytes.length > 60_000 && bytes.length <= 65_507);
    return bytes;
  }

  function manyOptions(): Uint8Array[] {
    return Array.from({ length: 16_000 }, () => option(65_001, []));
  }

  function subnets(): Uint8Array[] {
    return Array.from({ length: 8000 }, () => option(8, [0, 1, 0, 0]));
  }
});

/** Decodes, answers in every way that fits, and reads the answers with dns2. */
function assertAnswers(bytes: Uint8Array): void {
  const result = decodeQuery(bytes);
  if ('kind' in result) {
    if (result.kind === 'silent') return;
    const out = errorReply(bytes, result);
    assert.ok(out.length <= 512);
    const read = readReply(out);
    assert.equal(read.rcode, result.rcode);
    assert.equal(read.id, result.id);
    assert.equal(read.opcode, result.opcode);
    assert.equal(read.flags.qr, true);
    return;
  }
  const { name, questionEnd } = result;
  const compiled = compileAnswer(name, noSuchAnswer);
  for (const out of [
    refusal(result, bytes, 'REFUSED'),
    reply(result, bytes, compiled, { transport: 'udp', scope: 24 }),
  ]) {
    const read = readReply(out);
    assert.equal(read.id, result.id);
    assert.equal(toHex(out.subarray(12, questionEnd)), toHex(bytes.subarray(12, questionEnd)));
    assert.equal(read.edns === undefined, result.edns === undefined);
    assert.equal(read.edns?.subnet === undefined, result.edns?.subnet === undefined);
    assert.equal(read.flags.tc, false);
  }
}

/** Section counts: mostly what a query has. */
function count(): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(0, 1, 2), fc.nat(0xffff));
}
