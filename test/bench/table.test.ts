import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable, median, percentile } from './table.ts';

test('a percentile is a value that was there, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile([7], 0.99), 7);
  assert.equal(percentile([1, 2, 3], 0), 1);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('a median goes by number, not by spelling', () => {
  assert.equal(median([10, 9, 100]), 10);
  assert.ok(Number.isNaN(median([])));
});

test('columns line up', () => {
  assert.equal(
    formatTable('Title', ['a', 'long head'], [['1', '2'], ['333']]),
    `## Title

| a   | long head |
| --- | --------- |
| 1   | 2         |
| 333 |
`,
  );
});
