// Freshness: the smallest TTL that a reply carries, for HTTP's caches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/model/message.ts';
import { decodeQuery } from '../../src/wire/decode.ts';
import { compileAnswer, reply } from '../../src/wire/encode.ts';
import { freshnessOf } from '../../src/wire/freshness.ts';
import { answer, noSuchAnswer, rrset } from '../support/answers.ts';
import { buildQuery } from '../support/query.ts';

function freshness(parts: Answer): number {
  const bytes = buildQuery({ edns: true });
  const query = decodeQuery(bytes);
  assert.ok(!('kind' in query));
  return freshnessOf(reply(query, bytes, compileAnswer(query.name, parts), { transport: 'https' }));
}

const a = rrset('www.example.test', 'A', 300, '192.0.2.1');
const cname = rrset('www.example.test', 'CNAME', 70_000, 'a.example.test.');

test('is the smallest TTL of the answers (RFC 8484 §5.1)', () => {
  assert.equal(freshness(answer({ answers: [cname, a] })), 300);
  assert.equal(freshness(answer({ answers: [cname] })), 70_000);
});

test('of a negative answer is that of its SOA, and of a CNAME to nowhere the smaller', () => {
  assert.equal(freshness(noSuchAnswer), 30);
  assert.equal(freshness({ ...noSuchAnswer, answers: [cname] }), 30);
});

test('does not look at glue, nor at name servers', () => {
  const ns = rrset('example.test', 'NS', 10, 'ns.example.test.');
  const glue = rrset('ns.example.test', 'A', 5, '192.0.2.53');
  assert.equal(freshness(answer({ answers: [a], authority: [ns], additional: [glue] })), 300);
});

test('of nothing is none', () => assert.equal(freshness(answer({ rcode: 'REFUSED' })), 0));
