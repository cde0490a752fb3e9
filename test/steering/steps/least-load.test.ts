import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipv4 } from '../../../src/model/ip.ts';
import type { RegionLoad } from '../../../src/model/load.ts';
import type { Region, RegionId } from '../../../src/model/region.ts';
import { hashNetwork } from '../../../src/steering/hash.ts';
import type { Moment, Race } from '../../../src/steering/step.ts';
import { prepareLeastLoad } from '../../../src/steering/steps/least-load.ts';
import { aLoad, aRegion, aService } from '../../support/fleet.ts';
import { type Ran, runStep } from '../../support/race.ts';

/** Shares of regions that are known to be so busy. */
type Shares = Readonly<Record<string, number>>;

function prepare(regions: readonly Region[]) {
  return prepareLeastLoad({
    service: aService({ regions }),
    regions: new Map(regions.map((region) => [region.id, region])),
  });
}

const plain = ['ash', 'birch', 'cedar'].map((id) => aRegion(id));

function loadsOf(shares: Shares): Record<string, RegionLoad> {
  return Object.fromEntries(Object.entries(shares).map(([id, share]) => [id, aLoad({ share })]));
}

function ran(tiers: string, shares: Shares, networkHash = 1, regions = plain): Ran {
  return runStep(prepare(regions), tiers, { loads: loadsOf(shares), networkHash });
}

/** Whom a million networks draw first. */
function sharesOf(regions: readonly Region[], shares: Shares): Map<string, number> {
  const count = 1_000_000;
  const step = prepare(regions);
  const tiers = [regions.map(({ id }) => id)];
  const race: Race = { tiers, reserve: tiers, floored: new Set(), isFailOpen: false };
  const loads = new Map(Object.entries(loadsOf(shares)) as [RegionId, RegionLoad][]);
  const calm = { health: new Map(), overrides: new Map(), loads, turn: undefined };
  const counts = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    const moment: Moment = { ...calm, networkHash: hashNetwork(ipv4(n << 12)) };
    const first = step.apply(race, moment).tiers[0]?.[0] ?? '';
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return new Map([...counts].map(([id, own]) => [id, own / count]));
}

describe('step least-load', () => {
  test('draws by weight and what is free, with half a region more', () => {
    const regions = [aRegion('ash'), aRegion('birch', { weight: 50 }), aRegion('cedar')];
    const shares = sharesOf(regions, { ash: 0.5, birch: 0, cedar: 0.9 });
    const wanted = { ash: 100 * (1.5 - 0.5), birch: 50 * 1.5, cedar: 100 * (1.5 - 0.9) };
    const total = wanted.ash + wanted.birch + wanted.cedar;
    for (const [id, part] of Object.entries(wanted)) {
      const off = Math.abs((shares.get(id) ?? 0) - part / total);
      assert.ok(off < 0.01, `${id} has ${shares.get(id)}, off by ${off}`);
    }
  });

  test('never moves a region from its tier', () => {
    for (let networkHash = 0; networkHash < 50; networkHash++) {
      const { race } = ran('ash > birch = cedar', { ash: 3, birch: 0.2 }, networkHash);
      assert.deepEqual(race.tiers[0], ['ash']);
      assert.deepEqual(race.tiers[1]?.toSorted(), ['birch', 'cedar']);
    }
  });

  test('moves nobody for what a load moves within a twentieth, and few for more', () => {
    const hashes = Array.from({ length: 2000 }, (_, i) => hashNetwork(ipv4(i << 12)));
    const firsts = (ash: number): string[] =>
      hashes.map((hash) => ran('ash = birch = cedar', { ash, birch: 0.5, cedar: 0.5 }, hash).tiers);
    const before = firsts(0.5);
    assert.deepEqual(firsts(0.524), before);
    const after = firsts(0.6);
    const moved = after.filter((tiers, i) => tiers.split(' = ')[0] !== before[i]?.split(' = ')[0]);
    assert.ok(moved.length > 0 && moved.length < 100, `${moved.length}`);
    // Only away from the one that became busier.
    assert.ok(moved.every((tiers) => !tiers.startsWith('ash')));
  });

  test('gives a resolver turns by the same shares', () => {
    const step = prepare(plain);
    const loads = loadsOf({ ash: 0, birch: 0.5, cedar: 1 });
    const firsts = Array.from(
      { length: 250 },
      (_, turn) => runStep(step, 'ash = birch', { loads, turn }).race.tiers[0]?.[0],
    );
    assert.equal(firsts.filter((first) => first === 'ash').length, 150);
    assert.match(
      runStep(step, 'ash = birch', { loads, turn: 0 }).summary,
      /^by free capacity \(ash 0 % in use, birch 50 % in use\) it is ash's turn for this resolver$/,
    );
  });

  test('takes one of which nothing is known for the median of the others, and says so', () => {
    const { summary } = ran('ash = birch = cedar', { ash: 0.4, birch: 0.4 });
    assert.match(summary, /cedar not known, so taken for 40 % like the median\) the client's /);
    const shares = sharesOf(plain, { ash: 0.4, birch: 0.4 });
    assert.ok(Math.abs((shares.get('cedar') ?? 0) - 1 / 3) < 0.01);
    assert.match(ran('ash = birch', {}).summary, /^by free capacity \(ash not known, birch not/);
  });

  test('says whom the network falls to, and who is full', () => {
    const { tiers, summary } = ran('ash = birch = cedar', { ash: 1.1, birch: 0.1, cedar: 1.2 });
    assert.match(tiers, /^[a-z]+ = /);
    assert.match(summary, /^by free capacity \(ash 110 % in use, birch 10 % in use, cedar 120 % /);
    const alone = ran('ash = birch = cedar', { ash: 1, birch: 0.1, cedar: 0.3 });
    assert.match(alone.summary, / falls to (birch|cedar); ash full, so behind the others$/);
    assert.match(alone.tiers, / = ash$/);
    assert.equal(ran('ash > birch', {}).summary, 'no two regions are equally good');
    assert.ok(!ran('ash = birch', { ash: 1.2, birch: 2 }).summary.includes('behind'));
  });

  test('keeps weight 0 for last', () => {
    const regions = [aRegion('ash', { weight: 0 }), aRegion('birch')];
    assert.equal(ran('ash = birch', { birch: 0.9 }, 1, regions).tiers, 'birch = ash');
    assert.equal(ran('ash = birch', { birch: 2 }, 1, regions).tiers, 'birch = ash');
    assert.equal(ran('ash = oak', {}, 1, regions).tiers, 'ash = oak');
  });
});
