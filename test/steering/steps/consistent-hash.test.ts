import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Region } from '../../../src/model/region.ts';
import { prepareConsistentHash } from '../../../src/steering/steps/consistent-hash.ts';
import { aRegion } from '../../support/fleet.ts';
import { arbitraryRegions } from '../../support/random-fleet.ts';
import { type Ran, runStep } from '../../support/race.ts';

function hashed(tiers: string, fleet: readonly Region[], networkHash: number, turn?: number): Ran {
  const step = prepareConsistentHash(new Map(fleet.map((region) => [region.id, region])));
  return runStep(step, tiers, { networkHash, ...(turn === undefined ? {} : { turn }) });
}

describe('step consistent-hash', () => {
  test('keeps a network, and a resolver too, at its region through unrelated changes', () => {
    fc.assert(
      fc.property(arbitraryRegions(2), fc.nat(), fc.nat(), fc.nat(), (fleet, hash, n, turn) => {
        const ids = fleet.map(({ id }) => id);
        const [home = '', ...others] = hashed(ids.join(' = '), fleet, hash).race.tiers.flat();
        assert.deepEqual(hashed(ids.join(' = '), fleet, hash, turn).race.tiers.flat(), [
          home,
          ...others,
        ]);
        const gone = others[n % others.length];
        const rest = ids.filter((id) => id !== gone);
        assert.equal(hashed(rest.join(' = '), fleet, hash).race.tiers.flat()[0], home);
      }),
    );
  });

  test('puts regions without weight behind the others, and leaves them where there are none', () => {
    const fleet = [aRegion('none', { weight: 0 }), aRegion('idle', { weight: 0 }), aRegion('ash')];
    assert.equal(hashed('none = idle = ash', fleet, 3).tiers, 'ash = none = idle');
    assert.equal(hashed('none = idle', fleet, 3).tiers, 'none = idle');
  });

  test('says whose the network is and who would be next', () => {
    const fleet = [aRegion('ash'), aRegion('birch')];
    const { tiers, summary, picks } = hashed('ash = birch', fleet, 1);
    assert.equal(summary, `the client's network belongs to ${tiers.replace(' = ', ', then ')}`);
    assert.equal(picks, true);
    assert.equal(hashed('ash > birch', fleet, 1).summary, 'no two regions are equally good');
  });
});
