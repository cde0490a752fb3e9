// Words for what a shape wants and for what stands in its place.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Type } from 'typebox';
import { describeValue, knownKeys, wishAt } from '../../src/config/wish.ts';

describe('a value is described', () => {
  const cases: [unknown, string][] = [
    [undefined, 'nothing'],
    [null, 'nothing'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{ a: 1 }, 'a block of settings'],
    ['30', '"30"'],
    ['a\nb', '"a\\nb"'],
    [30, '30'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [true, 'true'],
  ];
  for (const [value, words] of cases) {
    test(words, () => assert.equal(describeValue(value), words));
  }

  test('in at most 60 characters', () => {
    const words = describeValue('x'.repeat(1000));
    assert.ok(words.length <= 60 && words.endsWith('…'));
  });
});

const shape = Type.Object({
  words: Type.String({ description: 'a word' }),
  inner: Type.Object({ list: Type.Array(Type.Integer(), { description: 'a list of numbers' }) }),
  key: Type.String({ description: 'a key', writeOnly: true }),
});

test('the nearest description is the wish, and a block without one is a block', () => {
  const wish = (steps: string): string => wishAt(shape, steps.split('/')).wish;
  assert.equal(wish('properties/words'), 'a word');
  assert.equal(wish('properties/inner'), 'a block of settings');
  assert.equal(wish('properties/inner/properties/list'), 'a list of numbers');
  assert.equal(wish('properties/inner/properties/list/items'), 'a list of numbers');
  assert.equal(wishAt(shape.properties.words, []).wish, 'a word');
  assert.equal(wish('properties/nobody/properties/knows'), 'a block of settings');
});

test('what is for writing only is a secret', () => {
  assert.equal(wishAt(shape, ['properties', 'key']).isSecret, true);
  assert.equal(wishAt(shape, ['properties', 'words']).isSecret, false);
});

test('a block knows its settings', () => {
  assert.deepEqual(knownKeys(shape, []), ['words', 'inner', 'key']);
  assert.deepEqual(knownKeys(shape, ['properties', 'inner']), ['list']);
  assert.deepEqual(knownKeys(shape, ['properties', 'words']), []);
});
