import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatShare, parseNumber, parseShare } from '../../src/model/number.ts';

test('a share that is not nothing never reads as nothing', () => {
  assert.deepEqual([0, 0.0004, 0.0005, 0.123, 1].map(formatShare), [
    '0.0 %',
    '< 0.1 %',
    '0.1 %',
    '12.3 %',
    '100.0 %',
  ]);
  assert.deepEqual([0, 999.4, 1000, 5_400_000_000, 1_234_567.4].map(formatCount), [
    '0',
    '999',
    '1,000',
    '5,400,000,000',
    '1,234,567',
  ]);
});

test('shares are read with their sign, numbers without one', () => {
  assert.deepEqual(['5%', '12.5 %', ' 90% ', '300%'].map(parseShare), [0.05, 0.125, 0.9, 3]);
  for (const text of ['', '5', '-5%', 'NaN%', '1e9%', '%', '5%%']) {
    assert.equal(parseShare(text), undefined, text);
  }
  assert.deepEqual(['0', '1000', '0.5'].map(parseNumber), [0, 1000, 0.5]);
  for (const text of ['', '-1', 'NaN', 'Infinity', '1e3', '0x10', '1,000']) {
    assert.equal(parseNumber(text), undefined, text);
  }
});
