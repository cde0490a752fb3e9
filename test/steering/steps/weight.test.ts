import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ipv4 } from '../../../src/model/ip.ts';
import { noLoads } from '../../../src/model/load.ts';
import type { Region } from '../../../src/model/region.ts';
import { hashNetwork } from '../../../src/steering/hash.ts';
import type { Moment, Race } from '../../../src/steering/step.ts';
import { prepareWeight } from '../../../src/steering/steps/weight.ts';
import { aRegion } from '../../support/fleet.ts';
import { arbitraryRegions } from '../../support/random-fleet.ts';
import { type Ran, runStep } from '../../support/race.ts';

const ash = aRegion('ash', { weight: 70 });
const birch = aRegion('birch', { weight: 30 });
const spare = aRegion('spare', { weight: 0 });

/** What one network draws among regions that are tiered as `ash = birch`. */
function drawn(tiers: string, regions: readonly Region[], networkHash = 0): Ran {
  const step = prepareWeight(new Map(regions.map((region) => [region.id, region])));
  return runStep(step, tiers, { networkHash });
}

const regions = [ash, birch, spare];

describe('step weight', () => {
  test('orders a tier by the network, the same each time', () => {
    const orders = new Set<string>();
    for (let networkHash = 0; networkHash < 20; networkHash++) {
      const { tiers } = drawn('ash = birch', regions, networkHash);
      assert.equal(drawn('ash = birch', regions, networkHash).tiers, tiers);
      assert.equal(drawn('birch = ash', regions, networkHash).tiers, tiers);
      orders.add(tiers);
    }
    assert.deepEqual([...orders].sort(), ['ash = birch', 'birch = ash']);
  });

  test('says whom the network falls to', () => {
    const { tiers, summary } = drawn('ash = birch', regions, 1);
    const [first] = tiers.split(' = ');
    assert.equal(summary, `by weight (ash 70, birch 30) the client's network falls to ${first}`);
  });

  test('gives a resolver one region after the other, as often as it weighs', () => {
    const step = prepareWeight(new Map(regions.map((region) => [region.id, region])));
    const firsts = Array.from({ length: 10 }, (_, turn) => {
      const { tiers, summary } = runStep(step, 'ash = birch', { networkHash: 1, turn });
      const [first = ''] = tiers.split(' = ');
      assert.equal(summary, `by weight (ash 70, birch 30) it is ${first}'s turn for this resolver`);
      return first;
    });
    assert.equal(firsts.filter((first) => first === 'ash').length, 7);
    assert.equal(runStep(step, 'spare = birch', { turn: 3 }).tiers, 'birch');
  });

  test('weight 0 gives way to others of the tier', () => {
    const { tiers, left } = drawn('spare = ash', regions);
    assert.equal(tiers, 'ash');
    assert.deepEqual(left, [
      { region: 'spare', code: 'weight-zero', detail: 'its weight is 0 and others can serve' },
    ]);
  });

  test('weight 0 serves where no other of the tier is left', () => {
    const idle = aRegion('idle', { weight: 0 });
    assert.equal(drawn('spare > ash', regions).tiers, 'spare > ash');
    const { tiers, left } = drawn('spare = idle', [spare, idle]);
    assert.equal(tiers, 'spare = idle');
    assert.deepEqual(left, []);
  });

  test('leaves tiers of one region alone', () => {
    const { tiers, summary } = drawn('birch > ash', regions);
    assert.equal(tiers, 'birch > ash');
    assert.equal(summary, 'no two regions are equally good');
  });

  test('never moves a region from its tier', () => {
    const cedar = aRegion('cedar', { weight: 1 });
    const elm = aRegion('elm', { weight: 1000 });
    const all = [ash, birch, cedar, elm];
    for (let networkHash = 0; networkHash < 50; networkHash++) {
      const { race } = drawn('ash = birch > cedar = elm', all, networkHash);
      assert.deepEqual([...(race.tiers[0] ?? [])].sort(), ['ash', 'birch']);
      assert.deepEqual([...(race.tiers[1] ?? [])].sort(), ['cedar', 'elm']);
    }
  });

  test('a region that leaves moves only its own networks', () => {
    fc.assert(
      fc.property(arbitraryRegions(2), fc.nat(), fc.nat(), (fleet, networkHash, n) => {
        const ids = fleet.map(({ id }) => id);
        const gone = ids[n % ids.length];
        const rest = ids.filter((id) => id !== gone);
        const before = drawn(ids.join(' = '), fleet, networkHash).race.tiers.flat();
        const after = drawn(rest.join(' = '), fleet, networkHash).race.tiers.flat();
        const isAnyWeighted = fleet.some(({ id, weight }) => id !== gone && weight > 0);
        // Where only weights of 0 are left, these serve at last.
        if (isAnyWeighted)
          assert.deepEqual(
            after,
            before.filter((id) => id !== gone),
          );
        else assert.deepEqual(after, rest);
      }),
    );
  });
});

/** How many of the first million /20 networks fall to each region, as shares. */
function sharesOf(fleet: readonly Region[]): Map<string, number> {
  const count = 1_000_000;
  const step = prepareWeight(new Map(fleet.map((region) => [region.id, region])));
  const tier = fleet.map(({ id }) => id);
  const race: Race = { tiers: [tier], reserve: [tier], floored: new Set(), isFailOpen: false };
  const counts = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    const networkHash = hashNetwork(ipv4(n << 12));
    const moment: Moment = {
      health: new Map(),
      overrides: new Map(),
      loads: noLoads,
      networkHash,
      turn: undefined,
    };
    const [first = ''] = step.apply(race, moment).tiers[0] ?? [];
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return new Map([...counts].map(([id, own]) => [id, own / count]));
}

describe('shares over a million networks', () => {
  for (const weights of [
    [70, 30],
    [1, 99],
    [100, 100, 100],
    [5, 10, 20, 40, 80],
  ]) {
    test(`follow the weights ${weights.join(', ')}`, () => {
      const fleet = weights.map((weight, i) => aRegion(`region-${i}`, { weight }));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const shares = sharesOf(fleet);
      for (const { id, weight } of fleet) {
        const off = Math.abs((shares.get(id) ?? 0) - weight / total);
        assert.ok(off < 0.002, `${id} has ${shares.get(id)} of the networks, off by ${off}`);
      }
    });
  }
});
