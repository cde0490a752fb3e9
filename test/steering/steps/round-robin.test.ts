import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareRoundRobin } from '../../../src/steering/steps/round-robin.ts';
import { runStep } from '../../support/race.ts';

const step = prepareRoundRobin();

describe('step round-robin', () => {
  test('gives a resolver one region after the other, each in its turn', () => {
    const answers = [0, 1, 2, 3].map(
      (turn) => runStep(step, 'ash = birch = cedar', { turn }).tiers,
    );
    assert.deepEqual(answers, [
      'ash = birch = cedar',
      'birch = cedar = ash',
      'cedar = ash = birch',
      'ash = birch = cedar',
    ]);
  });

  test('gives a known network the same region each time', () => {
    const { tiers, summary } = runStep(step, 'ash = birch', { networkHash: 7 });
    assert.equal(tiers, 'birch = ash');
    assert.equal(summary, "it is birch's turn for the client's network");
  });

  test('shares evenly among networks', () => {
    const count = 3000;
    const counts = new Map<string, number>();
    for (let networkHash = 0; networkHash < count; networkHash++) {
      const first = runStep(step, 'ash = birch = cedar', { networkHash }).tiers.split(' ')[0] ?? '';
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    assert.deepEqual([...counts.values()], [count / 3, count / 3, count / 3]);
  });

  test('leaves better tiers better', () => {
    const { tiers, summary } = runStep(step, 'ash > birch = cedar', { turn: 1 });
    assert.equal(tiers, 'ash > cedar = birch');
    assert.equal(summary, "it is cedar's turn for this resolver");
    assert.equal(runStep(step, 'ash > birch').summary, 'no two regions are equally good');
    assert.equal(runStep(step, '').tiers, '');
  });

  test('depends on who asks only where two are equally good', () => {
    assert.equal(runStep(step, 'ash > birch').picks, false);
    assert.equal(runStep(step, 'ash > birch = cedar').picks, true);
  });
});
