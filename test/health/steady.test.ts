import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadySheds } from '../../src/health/steady.ts';
import type { RegionId } from '../../src/model/region.ts';
import { aRegion, someLoadSettings } from '../support/fleet.ts';

const load = someLoadSettings({ low: 0.75, high: 0.9 });
const one = aRegion('one', { load });
const two = aRegion('two', { load });
const silent = aRegion('silent');

function shedsOf(demand: Readonly<Record<string, number>>, regions = [one, two]) {
  const asked = new Map(Object.entries(demand) as [RegionId, number][]);
  return Object.fromEntries(steadySheds(regions, asked));
}

test('what is too much is passed on until the rest lies between the watermarks', () => {
  for (const demand of [1, 1.2, 1.5, 2, 3]) {
    const { one: shed = 0 } = shedsOf({ one: demand });
    const rest = demand * (1 - shed);
    assert.ok(rest > 0.75 && rest < 0.9 * 1.08, `${demand} comes down to ${rest}`);
  }
});

test('below the high mark nothing is passed on, nor a hair above it, which a report may be wrong by', () => {
  assert.deepEqual(shedsOf({ one: 0.9 }), { one: 0 });
  assert.deepEqual(shedsOf({ one: 0.92 }), { one: 0 });
});

test('however much it is, a region keeps a twentieth', () => {
  assert.deepEqual(shedsOf({ one: 100 }), { one: 0.95 });
});

test('two that are both too busy pass on nothing, where no other could take it', () => {
  assert.deepEqual(shedsOf({ one: 1.5, two: 1.5 }), { one: 0, two: 0 });
  const { one: shed = 0 } = shedsOf({ one: 1.5, two: 1.5 }, [one, two, silent]);
  assert.ok(shed > 0.3);
});

test('who says nothing of load passes on nothing', () => {
  assert.deepEqual(shedsOf({ silent: 5 }, [one, silent]), {});
});
