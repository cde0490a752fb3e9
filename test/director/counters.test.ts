// Counters: they begin at nothing, one for each outcome.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCounters, outcomes } from '../../src/director/counters.ts';

test('everything begins at 0, and no outcome is without a count', () => {
  const counters = createCounters();
  assert.deepEqual(Object.keys(counters.outcomes), [...outcomes]);
  assert.deepEqual(new Set(Object.values(counters.outcomes)), new Set([0]));
  assert.deepEqual(counters.received, { udp: 0, tcp: 0, tls: 0, https: 0 });
  assert.equal(counters.withSubnet + counters.failedOpen + counters.chosen.size, 0);
});

test('no two directors share their counts', () => {
  const one = createCounters();
  one.outcomes.static++;
  one.received.udp++;
  assert.deepEqual(createCounters().received, { udp: 0, tcp: 0, tls: 0, https: 0 });
  assert.equal(createCounters().outcomes.static, 0);
});
