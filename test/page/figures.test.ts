import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatChange, formatCount, formatShare, formatTime } from '../../src/page/figures.ts';

test('shares are told in tenths of a percent, and little is not nothing', () => {
  assert.deepEqual([0, 0.0001, 0.0005, 0.1234, 1].map(formatShare), [
    '0.0 %',
    '< 0.1 %',
    '0.1 %',
    '12.3 %',
    '100.0 %',
  ]);
});

test('changes have a sign', () => {
  assert.deepEqual([0.084, -0.084, 0, -0.0001].map(formatChange), ['+8.4', '−8.4', '±0.0', '±0.0']);
});

test('thousands stand apart', () => {
  assert.equal(formatCount(5_400_000_000), '5\u202f400\u202f000\u202f000');
  assert.equal(formatCount(999.4), '999');
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
