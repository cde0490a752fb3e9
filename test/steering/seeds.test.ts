import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpecialAt, SeedBuilder, seedAt } from '../../src/steering/seeds.ts';

test('seeds are numbered as they come, however many, and read back in shared memory', () => {
  const builder = new SeedBuilder();
  const seeds = Array.from({ length: 1000 }, (_, i) => ({
    place: i,
    rule: i % 3,
    asn: 0xffffffff - i,
    network: i % 7,
    isSpecial: i % 2 === 1,
  }));
  assert.deepEqual(
    seeds.map((seed) => builder.append(seed)),
    seeds.map((_, i) => i),
  );
  const words = builder.finish();
  assert.ok(words.buffer instanceof SharedArrayBuffer);
  assert.deepEqual(
    seeds.map((_, i) => seedAt(words, i)),
    seeds,
  );
  assert.ok(isSpecialAt(words, 1) && !isSpecialAt(words, 2));
});
