import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../src/simulation/compare.ts';
import type { Comparison } from '../../src/simulation/comparison.ts';
import { openRegionBook, quantileKm } from '../../src/simulation/totals.ts';
import { anAtlas } from '../support/atlas.ts';
import { aRegion, aSnapshot, downHealth } from '../support/fleet.ts';
import { aCrowd, replayAll } from '../support/population.ts';

const dublin = aRegion('dublin', { latitude: 53, longitude: -6 });
const ashburn = aRegion('ashburn', { latitude: 39, longitude: -77 });
const regions = [dublin, ashburn];
const atlas = anAtlas(
  [
    { prefix: '8.0.0.0/8', country: 'US', lat: 40, lon: -75 },
    { prefix: '81.0.0.0/8', country: 'GB', lat: 51, lon: 0 },
    { prefix: '82.0.0.0/8', country: 'FR', lat: 47, lon: 2 },
  ],
  [{ prefix: '81.0.0.0/8', asn: 2856 }],
);
const before = aSnapshot({ regions, atlas });
const after = aSnapshot({ regions, atlas, health: { dublin: downHealth() } });
const crowd = aCrowd({ '8.8.8.0/24': 30, '81.2.0.0/16': 50, '82.0.0.0/24': 15, '9.9.9.0/24': 5 });

function compared(rate: number | undefined, crowds = [crowd]): Comparison {
  const services = crowds.map((each, i) => ({
    name: `s${i}`,
    totals: replayAll({ before, after, crowd: each }),
    usesSubnet: i === 0,
  }));
  return compare(services, {
    source: 'a test',
    unitsPerClient: 10,
    units: 100,
    book: openRegionBook(before.settings.regions, after.settings.regions),
    capacities: new Map([['ashburn', 400]]),
    load: rate,
    farKm: 1000,
    slowMs: 50,
    added: [],
    removed: [],
  });
}

describe('a comparison', () => {
  test('says in shares who moves, from where to where, and in which countries and networks', () => {
    const { services, total, population } = compared(undefined);
    assert.deepEqual(population, { source: 'a test', clients: 10 });
    const [service] = services;
    assert.equal(service?.moved, 0.7);
    assert.deepEqual(service.moves, [
      {
        from: 'dublin',
        to: 'ashburn',
        share: 0.7,
        countries: [
          { of: 'GB', share: 0.5 },
          { of: 'FR', share: 0.15 },
          { of: '', share: 0.05 },
        ],
        systems: [{ of: 'AS2856', share: 0.5 }],
      },
    ]);
    assert.deepEqual(total.moves, service.moves);
    assert.deepEqual(service.countries[0], {
      country: 'GB',
      share: 0.5,
      moved: 0.5,
      before: 'dublin',
      after: 'ashburn',
    });
    assert.deepEqual([service.unlocated, service.farther.share], [0.05, 0.65]);
  });

  test('projects the load of a region onto its capacity, where it states one', () => {
    const [one, two] = compared(1000).regions;
    assert.deepEqual(one, {
      region: 'dublin',
      before: 0.7,
      after: 0,
      load: {
        before: 700,
        after: 0,
        capacity: undefined,
        shareBefore: undefined,
        shareAfter: undefined,
      },
    });
    assert.deepEqual(two?.load, {
      before: 300,
      after: 1000,
      capacity: 400,
      shareBefore: 0.75,
      shareAfter: 2.5,
    });
    assert.equal(compared(undefined).regions[0]?.load, undefined);
  });

  test('the load of all services is shared among them by their clients', () => {
    const { services, regions: all } = compared(1000, [crowd, aCrowd({ '8.8.8.0/24': 300 })]);
    assert.equal(services[0]?.regions.find(({ region }) => region === 'dublin')?.load?.before, 175);
    assert.equal(services[1]?.regions[0]?.load?.after, 750);
    assert.equal(all.find(({ region }) => region === 'ashburn')?.load?.after, 1000);
  });

  test('cells of the map are squares of two degrees, from the south-west on', () => {
    const cells = compared(undefined).services[0]?.cells.map((cell) => [
      cell.latitude,
      cell.longitude,
      cell.share,
      cell.after,
    ]);
    assert.deepEqual(cells, [
      [40, -76, 0.3, 'ashburn'],
      [46, 2, 0.15, 'ashburn'],
      [50, 0, 0.5, 'ashburn'],
    ]);
  });

  test('a name that does not steer by subnet is one entry of a cache', () => {
    const [one, two] = compared(undefined, [crowd, crowd]).services;
    assert.ok((one?.scopes.before ?? 0) > 1);
    assert.deepEqual(two?.scopes, { before: 1, after: 1 });
  });

  test('nobody at all makes no shares that are no numbers', () => {
    const [service] = compared(1000, [aCrowd({})]).services;
    assert.deepEqual(
      [service?.moved, service?.regions, service?.distance.before.median],
      [0, [], undefined],
    );
  });
});

test('a quantile is the end of the bucket in which it falls', () => {
  const counts = new Float64Array(10);
  counts[0] = 1;
  counts[4] = 1;
  assert.equal(quantileKm(counts, 0.5), 25);
  assert.equal(quantileKm(counts, 0.95), 125);
});
