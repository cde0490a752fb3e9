// A limit in one sentence.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNumberWish } from '../../src/drill/number-wish.ts';

test('a sentence says what, where, how much and for how long', () => {
  assert.deepEqual(
    parseNumberWish('metric errors{code="500", at="x"} at http://h/m above 5 for 30s'),
    { http: 'http://h/m', metric: 'errors{code="500", at="x"}', above: 5, for: '30s' },
  );
  assert.deepEqual(parseNumberWish(' json pool.free  at https://h below 0.5 or silence is fine'), {
    http: 'https://h',
    json: 'pool.free',
    below: 0.5,
    onSilence: 'continue',
  });
  assert.deepEqual(parseNumberWish('header x-load at http://h/ above 80'), {
    http: 'http://h/',
    answerHeader: 'x-load',
    above: 80,
  });
});

test('any other text is none', () => {
  for (const text of [
    '',
    'errors at http://h above 5',
    'json a at h above 5',
    'json a at http://h above x',
  ]) {
    assert.equal(parseNumberWish(text), undefined, text);
  }
});
