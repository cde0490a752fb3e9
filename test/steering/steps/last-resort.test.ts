import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareLastResort } from '../../../src/steering/steps/last-resort.ts';
import { readTiers, runOn, startRace } from '../../support/race.ts';

describe('step last-resort', () => {
  const step = prepareLastResort();
  const after = (tiers: string, reserve: string): ReturnType<typeof runOn> =>
    runOn(step, { ...startRace(tiers), reserve: readTiers(reserve) });

  test('does nothing while a region is left', () => {
    const { tiers, race, summary } = after('birch', 'ash > birch');
    assert.equal(tiers, 'birch');
    assert.equal(race.isFailOpen, false);
    assert.equal(summary, 'not needed');
  });

  test('brings back the reserve when none is', () => {
    const { tiers, race, summary } = after('', 'ash = birch > cedar');
    assert.equal(tiers, 'ash = birch > cedar');
    assert.equal(race.isFailOpen, true);
    assert.equal(summary, 'nothing is alive, so geography alone decides');
  });

  test('cannot bring back what operators have taken out', () => {
    const { tiers, summary } = after('', '');
    assert.equal(tiers, '');
    assert.equal(summary, 'operators have taken out every region');
  });
});
