// The predicted drain curve is the simulation's, of a drain that everybody hears of at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predictedShare } from '../../src/drill/predicted.ts';
import { seconds } from '../../src/model/time.ts';
import { millis } from '../../src/model/time.ts';
import { assumedCaches } from '../../src/simulation/caches.ts';
import { curveOf } from '../../src/simulation/curve.ts';

test('it is the share that the simulation says is gone', () => {
  const { remaining } = curveOf({
    detection: {
      cause: 'drained',
      probes: undefined,
      observers: 3,
      hasOwnObserver: true,
      voteLifetime: millis(17_000),
      postEvery: millis(5000),
      news: [0, 0],
    },
    ttl: { stable: seconds(30), short: seconds(30) },
    caches: { ...assumedCaches, clients: [] },
  });
  for (const second of [0, 1, 10, 29, 30, 45, 60, 200, 3600]) {
    const gone = 1 - (remaining[second] ?? 1);
    assert.ok(Math.abs(predictedShare(second, 30) - gone) < 1e-6, `${second} s: ${gone}`);
  }
});
