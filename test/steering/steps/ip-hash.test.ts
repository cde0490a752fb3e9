import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareIpHash } from '../../../src/steering/steps/ip-hash.ts';
import { runStep } from '../../support/race.ts';

const step = prepareIpHash();

describe('step ip-hash', () => {
  test('takes the remainder of the network’s hash, whoever’s turn it is', () => {
    for (const turn of [undefined, 0, 1, 2]) {
      const { tiers, summary } = runStep(step, 'ash = birch = cedar', {
        networkHash: 5,
        ...(turn === undefined ? {} : { turn }),
      });
      assert.equal(tiers, 'cedar = ash = birch');
      assert.equal(summary, "the hash of the client's network falls to cedar");
    }
  });

  test('leaves single regions alone', () => {
    const { tiers, summary, picks } = runStep(step, 'ash > birch', { networkHash: 5 });
    assert.deepEqual(
      [tiers, summary, picks],
      ['ash > birch', 'no two regions are equally good', false],
    );
    assert.equal(runStep(step, '', { networkHash: 5 }).tiers, '');
    assert.equal(runStep(step, 'ash = birch').picks, true);
  });
});
