import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatChange, formatTime } from '../../src/page/figures.ts';

test('changes have a sign', () => {
  assert.deepEqual([0.084, -0.084, 0, -0.0001].map(formatChange), ['+8.4', '−8.4', '±0.0', '±0.0']);
});

test('times are in words that fit their length', () => {
  const times = [
    0,
    2500,
    9999,
    12_400,
    59_900,
    60_000,
    78_000,
    3_600_000,
    Number.POSITIVE_INFINITY,
  ];
  assert.deepEqual(times.map(formatTime), [
    '0.0 s',
    '2.5 s',
    '10.0 s',
    '12 s',
    '1 min',
    '1 min',
    '1 min 18 s',
    '1 h',
    'never',
  ]);
});
