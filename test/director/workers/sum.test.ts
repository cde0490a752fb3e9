// Counts of several threads: every one of them is in the sum.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDnsCounts } from '../../../src/director/counters.ts';
import { sumCounts } from '../../../src/director/workers/sum.ts';

/** The same tree with another number in every place. */
function numbered(value: unknown, next: () => number): unknown {
  if (typeof value === 'number') return next();
  if (value instanceof Map) return new Map([['eu', next()]]);
  const entries = Object.entries(value as object);
  return Object.fromEntries(entries.map(([key, each]) => [key, numbered(each, next)]));
}

function counted(start: number) {
  let number = start;
  return numbered(createDnsCounts(), () => number++) as ReturnType<typeof createDnsCounts>;
}

test('nothing comes to zeros', () => {
  assert.deepEqual(sumCounts([]), createDnsCounts());
});

test('one is itself, whatever it counts', () => {
  assert.deepEqual(sumCounts([counted(1)]), counted(1));
});

test('two are added in every place, and stay as they are', () => {
  const one = counted(1);
  const other = counted(1000);
  const sum = sumCounts([one, other]);
  let number = 0;
  const doubled = numbered(createDnsCounts(), () => 1001 + 2 * number++);
  assert.deepEqual(sum, doubled);
  assert.deepEqual([one, other], [counted(1), counted(1000)]);
});

test('regions that only one has chosen are in the sum', () => {
  const one = createDnsCounts();
  const other = createDnsCounts();
  one.counters.chosen.set('eu', 2);
  other.counters.chosen.set('us', 3);
  const { chosen } = sumCounts([one, other]).counters;
  assert.deepEqual(Object.fromEntries(chosen), { eu: 2, us: 3 });
});
