import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RegionId } from '../../../src/model/region.ts';
import { preparePriority } from '../../../src/steering/steps/priority.ts';
import { areaNowhere } from '../../support/area.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

const nowhere = areaNowhere();

function ordered(groups: string, tiers: string): string {
  return tellTiers(preparePriority(readTiers(groups)).apply(readTiers(tiers), nowhere));
}

describe('step priority', () => {
  test('orders groups as the operator does, and leaves equals equal', () => {
    assert.equal(ordered('cedar > ash = birch', 'ash = birch = cedar'), 'cedar > ash = birch');
  });

  test('puts regions of no group last, together', () => {
    assert.equal(ordered('cedar', 'ash = birch = cedar'), 'cedar > ash = birch');
    assert.equal(ordered('', 'ash = birch'), 'ash = birch');
  });

  test('undoes nothing that an earlier step settled', () => {
    assert.equal(ordered('cedar > ash', 'ash = birch > cedar'), 'ash > birch > cedar');
  });

  test('says the order', () => {
    const step = preparePriority([['ash' as RegionId]]);
    const after = readTiers('ash > birch = cedar');
    assert.equal(
      step.describe([], after, nowhere),
      "in the operator's order: ash, then birch or cedar",
    );
  });
});
