import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareTake, prepareTakeBest } from '../../../src/steering/steps/take.ts';
import { runStep } from '../../support/race.ts';

describe('step take', () => {
  test('answers with the best, however they are tiered', () => {
    const { tiers, left, summary } = runStep(prepareTake(2), 'ash = birch = cedar > elm');
    assert.equal(tiers, 'ash > birch');
    assert.equal(summary, 'the best 2: ash, birch');
    assert.deepEqual(left, [
      { region: 'cedar', code: 'not-needed', detail: 'others are better' },
      { region: 'elm', code: 'not-needed', detail: 'others are better' },
    ]);
  });

  test('answers with one', () => {
    const { tiers, summary } = runStep(prepareTake(1), 'ash > birch');
    assert.equal(tiers, 'ash');
    assert.equal(summary, 'the best one: ash');
  });

  test('answers with all when fewer are left than wanted', () => {
    const { tiers, left, summary } = runStep(prepareTake(3), 'ash > birch');
    assert.equal(tiers, 'ash > birch');
    assert.deepEqual(left, []);
    assert.equal(summary, 'all that is left: ash, birch');
  });

  test('answers with all that are equally good as the best, and no more than an answer holds', () => {
    const best = prepareTakeBest();
    const one = runStep(best, 'ash > birch = cedar');
    assert.deepEqual([one.tiers, one.summary], ['ash', 'the best one: ash']);
    assert.deepEqual(
      one.left.map(({ region, code }) => `${region} ${code}`),
      ['birch not-needed', 'cedar not-needed'],
    );
    const several = runStep(best, 'birch = ash > cedar');
    assert.equal(several.tiers, 'birch > ash');
    assert.equal(several.summary, 'the best, which are equally good: birch, ash');
    assert.equal(runStep(best, '').summary, 'nothing is left to take');
    const crowd = Array.from({ length: 17 }, (_, i) => `r${i}`).join(' = ');
    assert.equal(runStep(best, crowd).race.tiers.length, 16);
  });

  test('cannot take from nothing', () => {
    const { tiers, summary } = runStep(prepareTake(1), '');
    assert.equal(tiers, '');
    assert.equal(summary, 'nothing is left to take');
  });
});
