import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipv4 } from '../../../src/model/ip.ts';
import type { RegionLoad } from '../../../src/model/load.ts';
import type { Region } from '../../../src/model/region.ts';
import { hashNetwork } from '../../../src/steering/hash.ts';
import { prepareLeastConnections } from '../../../src/steering/steps/least-connections.ts';
import { aLoad, aRegion, aService, someLoadSettings } from '../../support/fleet.ts';
import { type Ran, runStep } from '../../support/race.ts';

type Counts = Readonly<Record<string, number>>;

const hashes = Array.from({ length: 6000 }, (_, i) => hashNetwork(ipv4(i << 12)));

function prepare(regions: readonly Region[]) {
  return prepareLeastConnections({
    service: aService({ regions }),
    regions: new Map(regions.map((region) => [region.id, region])),
  });
}

function loadsOf(counts: Counts): Record<string, RegionLoad> {
  return Object.fromEntries(
    Object.entries(counts).map(([id, connections]) => [id, aLoad({ connections })]),
  );
}

function ran(regions: readonly Region[], counts: Counts, networkHash = 1): Ran {
  const tier = regions.map(({ id }) => id).join(' = ');
  return runStep(prepare(regions), tier, { loads: loadsOf(counts), networkHash });
}

function shareOf(id: string, regions: readonly Region[], counts: Counts): number {
  const step = prepare(regions);
  const tier = regions.map((region) => region.id).join(' = ');
  const loads = loadsOf(counts);
  const own = hashes.filter(
    (networkHash) => runStep(step, tier, { loads, networkHash }).race.tiers[0]?.[0] === id,
  );
  return own.length / hashes.length;
}

function isNear(share: number, wanted: number): void {
  assert.ok(Math.abs(share - wanted) < 0.02, `${share} is not about ${wanted}`);
}

const withPlaces = (id: string, connections: number, weight = 100): Region =>
  aRegion(id, { weight, load: someLoadSettings({ connections }) });

describe('step least-connections', () => {
  test('draws by free connections where every region declares how many fill it', () => {
    const regions = [withPlaces('ash', 1000), withPlaces('birch', 500)];
    isNear(shareOf('ash', regions, { ash: 0, birch: 0 }), 2 / 3);
    // (1500 - 800) to (750 - 100).
    isNear(shareOf('ash', regions, { ash: 800, birch: 100 }), 700 / 1350);
    const big = [withPlaces('ash', 100), withPlaces('birch', 2000)];
    const { tiers, summary } = ran(big, { ash: 100, birch: 600 });
    assert.equal(tiers, 'birch = ash');
    const told = 'ash 100 of 100, birch 600 of 2000';
    assert.equal(
      summary,
      `by connections (${told}) the client's network falls to birch; ash full, so behind the others`,
    );
  });

  test('draws by connections for their weight where some do not', () => {
    const regions = [withPlaces('ash', 1000), aRegion('birch', { weight: 50 })];
    isNear(shareOf('ash', regions, { ash: 200, birch: 100 }), 2 / 3);
    // Together 300 at weight 150: the one has 1.4 times its part, the other a fifth of it.
    isNear(shareOf('ash', regions, { ash: 280, birch: 20 }), 80 / (80 + 50 * 1.4));
    assert.equal(ran(regions, { ash: 9000, birch: 0 }).summary.includes('full'), false);
    isNear(shareOf('ash', regions, { ash: 0, birch: 0 }), 2 / 3);
  });

  test('takes one of which nothing is known for the median, and keeps weight 0 for last', () => {
    const regions = [withPlaces('ash', 100), withPlaces('birch', 100), withPlaces('oak', 100, 0)];
    const { tiers, summary } = ran(regions, { ash: 50, oak: 0 });
    assert.match(tiers, / = oak$/);
    assert.match(summary, /birch not known, so taken for 0 % like the median/);
    assert.equal(ran([aRegion('ash', { weight: 0 })], { ash: 5 }).tiers, 'ash');
    isNear(shareOf('ash', regions.slice(0, 2), { birch: 50 }), 0.5);
  });
});
