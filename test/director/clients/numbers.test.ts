import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Numbers } from '../../../src/director/clients/numbers.ts';

test('each word has one number, and the number its word', () => {
  const numbers = new Numbers(10);
  assert.deepEqual(
    ['eu', 'us', 'eu', ''].map((word) => numbers.of(word)),
    [1, 2, 1, 0],
  );
  assert.deepEqual(
    [0, 1, 2, 3].map((number) => numbers.word(number)),
    ['', 'eu', 'us', ''],
  );
});

test('words beyond the last number share number 0 and are not kept', () => {
  const numbers = new Numbers(3);
  for (const word of ['a', 'b', 'c', 'd']) numbers.of(word);
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'b'].map((word) => numbers.of(word)),
    [1, 2, 0, 0, 2],
  );
});
