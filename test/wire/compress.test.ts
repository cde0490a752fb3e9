// Name compression: what may be a pointer, where it may point, and what never is one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parentOf } from '../../src/model/name.ts';
import { layOut } from '../../src/wire/compress.ts';
import { answer, nameOf, rrset } from '../support/answers.ts';
import { compileAnswer, reply } from '../../src/wire/encode.ts';
import { decoded } from '../support/outcome.ts';
import { buildQuery } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const question = nameOf('www.example.test');

/** The first two octets of the first record. */
function ownerOf(owner: string): string {
  const { octets } = layOut(question, [rrset(owner, 'A', 1, '192.0.2.1')]);
  return Buffer.from(octets.subarray(0, octets.length - 14)).toString('latin1');
}

describe('an owner name', () => {
  test('that is the question is a pointer to octet 12', () => {
    assert.equal(ownerOf('www.example.test'), '\xc0\x0c');
  });

  test('above the question is a pointer into it', () => {
    assert.equal(ownerOf('example.test'), '\xc0\x10');
    assert.equal(ownerOf('test'), '\xc0\x18');
  });

  test('beside or below the question shares its end', () => {
    assert.equal(ownerOf('mail.example.test'), '\x04mail\xc0\x10');
    assert.equal(ownerOf('a.b.www.example.test'), '\x01a\x01b\xc0\x0c');
  });

  test('that only looks alike at its end shares nothing else', () => {
    assert.equal(ownerOf('xexample.test'), '\x08xexample\xc0\x18');
  });

  test('of another tree is written whole, and the root is one octet', () => {
    assert.equal(ownerOf('a.other'), '\x01a\x05other\0');
    assert.equal(ownerOf('.'), '\0');
  });

  test('that was written before is a pointer to there', () => {
    const sets = [
      rrset('a.other', 'A', 1, '192.0.2.1', '192.0.2.2'),
      rrset('other', 'A', 1, '192.0.2.3'),
      rrset('b.a.other', 'A', 1, '192.0.2.4'),
    ];
    const { octets, ends } = layOut(question, sets);
    const start = 12 + question.length + 4;
    const at = (offset: number): number => Buffer.from(octets).readUInt16BE(offset);
    const second = 9 + 14;
    assert.equal(at(second), 0xc000 | start);
    assert.equal(at(ends[0] as number), 0xc000 | (start + 2));
    assert.equal(at((ends[1] as number) + 2), 0xc000 | start);
    assert.deepEqual(ends, [second + 16, second + 32, second + 50]);
  });
});

test('names in data are never pointers, not even to the question (RFC 3597 §4, RFC 2782)', () => {
  const sets = [
    rrset('www.example.test', 'CNAME', 1, 'www.example.test.'),
    rrset('www.example.test', 'SRV', 1, '1 2 3 www.example.test.'),
    rrset('www.example.test', 'MX', 1, '1 www.example.test.'),
  ];
  const { octets } = layOut(question, sets);
  const text = Buffer.from(octets).toString('latin1');
  assert.equal(text.split(question).length - 1, 3);
  assert.equal(text.split('\xc0').length - 1, 3);
});

test('names in data are not pointed to either', () => {
  const sets = [
    rrset('example.test', 'NS', 1, 'ns.other.'),
    rrset('ns.other', 'A', 1, '192.0.2.1'),
  ];
  const { octets, ends } = layOut(question, sets);
  const second = Buffer.from(octets.subarray(ends[0])).toString('latin1');
  assert.ok(second.startsWith('\x02ns\x05other\0'));
});

test('nothing points beyond 16,383 octets, where a pointer has no more bits (RFC 1035 §4.1.4)', () => {
  const sets = Array.from({ length: 600 }, (_, i) =>
    rrset(`host-${i}.of-a-rather-long-domain-${i}.test`, 'A', 1, '192.0.2.1', '192.0.2.2'),
  );
  const bytes = buildQuery();
  const query = decoded(bytes);
  const compiled = compileAnswer(query.name, answer({ answers: sets }));
  assert.ok(compiled.records.length > 0x4000);
  const { answers } = readReply(reply(query, bytes, compiled, { transport: 'tcp', scope: 0 }));
  const names = sets.flatMap((_, i) =>
    Array<string>(2).fill(`host-${i}.of-a-rather-long-domain-${i}.test.`),
  );
  assert.deepEqual(
    answers.map(({ name }) => name),
    names,
  );
});

test('the longest name compresses label by label', () => {
  const name = nameOf(Array<string>(127).fill('a').join('.'));
  assert.equal(name.length, 255);
  const { octets } = layOut(name, [
    { ...rrset('x', 'A', 1, '192.0.2.1'), name: parentOf(name) ?? name },
  ]);
  assert.equal(Buffer.from(octets).readUInt16BE(0), 0xc000 | 14);
});
