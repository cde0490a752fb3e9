// Slots: a number for each hash, in bounded room.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slots } from '../../src/drill/slots.ts';

test('each hash keeps its number, also where many fall on one place, until there is no room', () => {
  const slots = new Slots(100);
  const hashes = Array.from({ length: 100 }, (_, i) => (i * 0x0100_0000 + (i % 3)) >>> 0);
  for (const [i, hash] of hashes.entries()) {
    assert.equal(slots.find(hash), -1);
    assert.equal(slots.add(hash), i);
  }
  for (const [i, hash] of hashes.entries()) {
    assert.equal(slots.find(hash), i);
  }
  assert.equal(slots.add(12_345_678), -1);
  slots.clear();
  assert.equal(slots.find(hashes[0] ?? 0), -1);
  assert.equal(slots.add(0xffff_ffff), 0);
  assert.equal(slots.find(0xffff_ffff), 0);
});
