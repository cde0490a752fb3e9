import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const main = (block: string): string => `${mainText}clients: ${block}\n`;

test('nobody is counted unless it is asked for', () => {
  const day = 86_400_000;
  const off = { isCollected: false, keep: 10_000, sample: 1, halfLife: 7 * day };
  assert.deepEqual(settingsOf({}).clients, off);
  assert.deepEqual(settingsOf({ main: main('{}') }).clients, off);
  const block = '{ collect: true, keep: 500, sample: 10, halfLife: 1d }';
  assert.deepEqual(settingsOf({ main: main(block) }).clients, {
    isCollected: true,
    keep: 500,
    sample: 10,
    halfLife: day,
  });
});

test('what cannot work is refused with what is wanted', () => {
  for (const [block, words] of [
    ['{ keep: 99 }', '/clients/keep: got 99, want a number from 100 to 100000'],
    ['{ keep: 1000000 }', 'want a number from 100 to 100000'],
    ['{ sample: 0 }', 'want a number from 1 to 100000'],
    ['{ halfLife: 1m }', '/clients/halfLife: got 1m, want a time from 1h to 366d'],
    ['{ collect: sure }', '/clients/collect: got "sure", want true or false'],
    ['{ colect: true }', '/clients/colect'],
  ] as const) {
    const faults = faultsOf({ main: main(block) });
    assert.equal(faults.length, 1);
    assert.ok(faults[0]?.includes(words), faults[0]);
  }
});

test('each director counts for itself: the fleet is alike all the same', () => {
  const configuration = (block: string): string => settingsOf({ main: main(block) }).configuration;
  assert.equal(configuration('{ collect: true }'), configuration('{ collect: false, keep: 200 }'));
});
