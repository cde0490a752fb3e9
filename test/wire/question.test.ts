// Queries of ours: our own decoder takes them for what was meant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPrefix, parsePrefix } from '../../src/model/ip.ts';
import { parseName } from '../../src/model/name.ts';
import { writeQuery } from '../../src/wire/question.ts';
import { decoded } from '../support/outcome.ts';

const name = parseName('WWW.a\\.b.example.test') ?? assert.fail();
const plain = { id: 7, name, type: 28, subnet: undefined, cookie: undefined };

test('a plain one has its question and an OPT record that asks for nothing', () => {
  const query = decoded(writeQuery({ ...plain, wantsNsid: false, wantsDnssec: false }));
  assert.deepEqual([query.id, query.type, query.class, query.recursionDesired], [7, 28, 1, true]);
  assert.equal(query.name, '\x03www\x03a.b\x07example\x04test\0');
  assert.deepEqual(
    [query.edns?.udpSize, query.edns?.asks, query.edns?.subnet],
    [1232, undefined, undefined],
  );
});

test('options are what was asked for', () => {
  for (const text of ['141.20.0.0/14', '203.0.113.7/32', '2001:db8::/56', '0.0.0.0/0']) {
    const subnet = parsePrefix(text);
    const cookie = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const asking = { ...plain, subnet, cookie, wantsNsid: true, wantsDnssec: true };
    const { edns } = decoded(writeQuery(asking));
    assert.equal(edns?.subnet && formatPrefix(edns.subnet.source), text);
    assert.deepEqual(edns?.asks?.cookie, cookie);
    assert.deepEqual([edns?.asks?.nsid, edns?.wantsDnssec], [true, true]);
  }
});
