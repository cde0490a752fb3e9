// The memory of gossip on disk: it comes back as it was, and damage costs no more than it touches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Memory } from '../../../src/director/gossip/ledger.ts';
import { decodeMemory, encodeMemory } from '../../../src/director/gossip/memory.ts';
import { createStage, wordOf } from '../../support/gossip-stage.ts';

const a = createStage().join('a', []);
const memory: Memory = {
  marks: new Map([
    ['a', { incarnation: 5, sequence: 0 }],
    ['b', { incarnation: 6, sequence: 7 }],
  ]),
  registers: [wordOf(a), wordOf(a, { isLifted: true })],
};

test('a memory comes back as it was', () => {
  assert.deepEqual(decodeMemory(encodeMemory(memory)), memory);
});

test('no text makes it throw, and what is no memory is none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(decodeMemory(text), undefined);
    }),
  );
  for (const text of ['', '{}', '{"marks":[]}', '{"marks":{},"registers":[]}']) {
    assert.equal(decodeMemory(text), undefined, text);
  }
});

test('entries that cannot be are left out', () => {
  const json = JSON.parse(encodeMemory(memory)) as { marks: unknown[]; registers: unknown[] };
  json.marks.push(null, ['c'], ['', 1, 1], ['d', -1, 1], ['e', 1, 'x']);
  json.registers.push(null, {}, 'x');
  assert.deepEqual(decodeMemory(JSON.stringify(json)), memory);
});
