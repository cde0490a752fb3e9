// The keyed hash: spreads whatever keys strangers choose, and is the same for the same key.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Seed, Tabulation } from '../../../src/director/clients/tabulation.ts';

const seed: Seed = [1, 2, 3, 4];
const ours = new Tabulation(seed);
const other = new Tabulation([5, 6, 7, 8]);
const slots = 1024;

/** How many of the keys fall into the fullest of the slots. */
function fullest(hashes: readonly number[]): number {
  const counts = new Uint32Array(slots);
  for (const hash of hashes) counts[hash % slots] = (counts[hash % slots] as number) + 1;
  return Math.max(...counts);
}

describe('the hash', () => {
  test('is the same for the same seed and key, and 32 bits without a sign', () => {
    const again = new Tabulation(seed);
    const word = fc.nat(0xffffffff);
    fc.assert(
      fc.property(fc.nat(255), word, word, fc.nat(0xffff), (tag, a, b, asked) => {
        const hash = ours.withAsked(ours.ofNetwork(tag, a, b), asked);
        assert.equal(hash, again.withAsked(again.ofNetwork(tag, a, b), asked));
        assert.ok(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff);
      }),
    );
  });

  test('tells every part of a key', () => {
    const of = (tag: number, a: number, b: number, asked: number): number =>
      ours.withAsked(ours.ofNetwork(tag, a, b), asked);
    const base = of(24, 0x01020300, 0, 2);
    for (const different of [
      of(23, 0x01020300, 0, 2),
      of(24, 0x01020400, 0, 2),
      of(24, 0x01020300, 256, 2),
      of(24, 0x01020300, 0, 3),
      of(24, 0x01020300, 0, 258),
    ]) {
      assert.notEqual(different, base);
    }
  });

  test('spreads networks that follow each other', () => {
    const hashes = Array.from({ length: 8 * slots }, (_, i) => ours.ofNetwork(24, i << 8, 0));
    assert.ok(fullest(hashes) < 32, `${fullest(hashes)} in one slot of 8 on average`);
  });

  test('spreads networks that were chosen to fall together under another seed', () => {
    const chosen: number[] = [];
    for (let a = 0; chosen.length < 4 * slots; a += 256) {
      if (other.ofNetwork(24, a, 0) % slots === 0) chosen.push(a);
    }
    const hashes = chosen.map((a) => ours.ofNetwork(24, a, 0));
    assert.ok(fullest(hashes) < 24, `${fullest(hashes)} in one slot of 4 on average`);
  });
});
