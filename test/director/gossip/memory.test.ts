// The memory of gossip on disk: it comes back as it was, and damage costs no more than it touches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Memory } from '../../../src/director/gossip/ledger.ts';
import { decodeMemory, encodeMemory } from '../../../src/director/gossip/memory.ts';
import { millis } from '../../../src/model/time.ts';
import { reportJson } from '../../../src/director/gossip/report-json.ts';
import { createStage, reportBy, wordOf } from '../../support/gossip-stage.ts';

const a = createStage().join('a', []);
const memory: Memory = {
  marks: new Map([
    ['a', { incarnation: 5, sequence: 0 }],
    ['b', { incarnation: 6, sequence: 7 }],
  ]),
  registers: [wordOf(a), wordOf(a, { isLifted: true })],
  reports: [reportBy(a), reportBy(a, { name: 'other', load: 0.7, connections: 12, reason: 'x' })],
  savedAt: millis(7_000_000),
};

test('a memory comes back as it was', () => {
  assert.deepEqual(decodeMemory(encodeMemory(memory)), memory);
});

/** Those of whoever damaged the file, not of a release that had none. */
const noReports = '{"marks":[],"registers":[],"reports":{}}';

test('no text makes it throw, and what is no memory is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(decodeMemory(text), undefined);
    }),
  );
  for (const text of ['', '{}', '{"marks":[]}', '{"marks":{},"registers":[]}', noReports]) {
    assert.equal(decodeMemory(text), undefined, text);
  }
});

test('entries that cannot be are left out', () => {
  const json = JSON.parse(encodeMemory(memory)) as Record<string, unknown[]>;
  json['marks']?.push(null, ['c'], ['', 1, 1], ['d', -1, 1], ['e', 1, 'x']);
  json['registers']?.push(null, {}, 'x');
  json['reports']?.push(null, {}, [1], [1, {}], [-1, reportJson(reportBy(a))]);
  assert.deepEqual(decodeMemory(JSON.stringify(json)), memory);
});

test('the memory of a release that knew no reports and no time is one without any', () => {
  const { marks, registers } = JSON.parse(encodeMemory(memory)) as Record<string, unknown>;
  const older = JSON.stringify({ marks, registers });
  assert.deepEqual(decodeMemory(older), { ...memory, reports: [], savedAt: undefined });
});
