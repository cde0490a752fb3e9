import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionId } from '../../src/model/region.ts';
import { filterTiers, flattenTiers } from '../../src/steering/step.ts';

const tiers = [['a', 'b'], ['c'], ['d']] as RegionId[][];

test('filterTiers keeps order and grouping, and drops tiers that become empty', () => {
  assert.deepEqual(
    filterTiers(tiers, (region) => region !== 'c'),
    [['a', 'b'], ['d']],
  );
  assert.deepEqual(
    filterTiers(tiers, (region) => region === 'b'),
    [['b']],
  );
  assert.deepEqual(
    filterTiers(tiers, () => false),
    [],
  );
});

test('filterTiers asks about each region once', () => {
  const asked: string[] = [];
  filterTiers(tiers, (region) => {
    asked.push(region);
    return region !== 'b';
  });
  assert.deepEqual(asked, ['a', 'b', 'c', 'd']);
});

test('flattenTiers lists the regions of all tiers in order', () => {
  assert.deepEqual(flattenTiers(tiers), ['a', 'b', 'c', 'd']);
  assert.deepEqual(flattenTiers([]), []);
});
