import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareTake } from '../../../src/steering/steps/take.ts';
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

  test('cannot take from nothing', () => {
    const { tiers, summary } = runStep(prepareTake(1), '');
    assert.equal(tiers, '');
    assert.equal(summary, 'nothing is left to take');
  });
});
