import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixTable, ratioOf } from './contest-page.ts';
import type { Result, Round } from './rounds.ts';
import type { Kind } from './servers/program.ts';

function resultOf(name: string, micros: readonly number[], lack?: string, busy = 1): Result {
  const kind: Kind = { name, needs: [], given: '', start: () => Promise.reject(new Error('no')) };
  const running = { name, pid: 0, port: 0, readyMs: 0, [Symbol.asyncDispose]: async () => {} };
  const rounds = micros.map((each): Round => {
    const codes = { NOERROR: 1000 };
    return { micros: each, busy, answered: 1000, lost: 1, perSecond: 1e6 / each, codes };
  });
  return {
    entrant: {
      kind,
      running,
      cookie: undefined,
      isBySubnet: true,
      loadPrefix: [],
      processors: 1,
    },
    lack,
    rounds,
    halfLoad: rounds.map(() => ({ half: 50, p99: 400 })),
  };
}

test('a ratio is taken round by round, so that a slow round of both counts for neither', () => {
  // The machine was half as fast in the second round, and both suffered.
  const results = [resultOf('Meridian', [10, 20, 11]), resultOf('gdnsd', [5, 10, 5])];
  assert.equal(ratioOf(results, 'Meridian', 'gdnsd'), 2);
});

test('without figures on both sides there is no ratio', () => {
  const results = [resultOf('Meridian', [10]), resultOf('gdnsd', [], 'no DoH')];
  assert.equal(ratioOf(results, 'Meridian', 'gdnsd'), undefined);
  assert.equal(ratioOf(results, 'Meridian', 'somebody else'), undefined);
});

test('a table says why somebody has no figures, and where the load was the slower side', () => {
  const table = mixTable('one', [
    resultOf('Meridian', [10, 10]),
    resultOf('gdnsd', [5, 5], undefined, 0.5),
    resultOf('bare dgram echo', [], 'UDP alone'),
    resultOf('dns2 README server', [50, 50]),
  ]);
  const cells = table
    .split('\n')
    .slice(4)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  assert.deepEqual(cells[0], [
    '',
    'Meridian',
    '10.0',
    '2.00',
    '–',
    '5.00',
    '100000',
    '50 µs',
    '400 µs',
    '2',
    '',
  ]);
  assert.equal(cells[1]?.[6], '≥ 200000');
  assert.equal(cells[2]?.[2], 'UDP alone');
});
