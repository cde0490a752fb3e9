import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Coordinates } from '../../../src/model/place.ts';
import type { Region } from '../../../src/model/region.ts';
import type { Area } from '../../../src/steering/step.ts';
import { biasedKm, prepareNearest } from '../../../src/steering/steps/nearest.ts';
import { areaIn, areaNowhere } from '../../support/area.ts';
import { aRegion } from '../../support/fleet.ts';
import { naiveKm } from '../../support/naive.ts';
import { arbitraryCoordinates, arbitraryRegions } from '../../support/random-fleet.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

function at(latitude: number, longitude: number): Area {
  return areaIn({ coordinates: { latitude, longitude } });
}

/** The order by distance, and what the step says. */
function ordered(
  regions: readonly Region[],
  area: Area,
  { withinKm = 0, tiers = regions.map(({ id }) => id).join(' = ') } = {},
): readonly [string, string] {
  const step = prepareNearest({ withinKm }, new Map(regions.map((region) => [region.id, region])));
  const before = readTiers(tiers);
  const after = step.apply(before, area);
  return [tellTiers(after), step.describe(before, after, area)];
}

// A degree of longitude is 111 km at the equator.
const ash = aRegion('ash', { longitude: 0 });
const birch = aRegion('birch', { longitude: 10 });
const cedar = aRegion('cedar', { longitude: 40 });
const unknown = areaNowhere();

describe('step nearest', () => {
  test('orders by distance and tells it', () => {
    assert.deepEqual(ordered([ash, birch, cedar], at(0, 30)), [
      'cedar > birch > ash',
      'cedar 1112 km, then birch 2224 km, ash 3336 km',
    ]);
  });

  test('measures over the date line', () => {
    const west = aRegion('west', { longitude: -179 });
    assert.equal(ordered([cedar, west], at(0, 179))[0], 'west > cedar');
  });

  test('where the place is not known the configured order decides', () => {
    assert.deepEqual(ordered([cedar, ash, birch], unknown), [
      'cedar > ash > birch',
      'the place is not known, so the configured order decides: cedar, then ash, birch',
    ]);
  });

  test('regions hardly farther than the nearest share its tier', () => {
    assert.deepEqual(ordered([ash, birch, cedar], at(0, 4), { withinKm: 300 }), [
      'ash = birch > cedar',
      'up to 300 km farther is as good: ash 445 km or birch 667 km, then cedar 4003 km',
    ]);
  });

  test('the margin is counted from the nearest of a tier, so that tiers do not chain', () => {
    const row = [0, 10, 20, 30].map((longitude) => aRegion(`r${longitude}`, { longitude }));
    assert.equal(ordered(row, at(0, 0), { withinKm: 1500 })[0], 'r0 = r10 > r20 = r30');
  });

  test('equally far regions share a tier in the configured order', () => {
    assert.equal(ordered([birch, ash], at(0, 5))[0], 'birch = ash');
  });

  test('a bias bends distances, and the words show by how much', () => {
    const drawn = aRegion('drawn', { longitude: 40, bias: 50 });
    const pushed = aRegion('pushed', { longitude: 0, bias: -50 });
    assert.deepEqual(ordered([pushed, drawn], at(0, 15)), [
      'drawn > pushed',
      'drawn 2780 km (counts as 1390, bias +50), then pushed 1668 km (counts as 3336, bias -50)',
    ]);
  });

  test('leaves alone what an earlier step put first, and says so', () => {
    assert.deepEqual(ordered([ash, birch, cedar], at(0, 30), { tiers: 'ash > birch = cedar' }), [
      'ash > cedar > birch',
      'after ash 3336 km: cedar 1112 km, then birch 2224 km',
    ]);
    assert.deepEqual(ordered([ash, cedar], at(0, 30), { tiers: 'ash > cedar' }), [
      'ash > cedar',
      'nothing is left to distance: ash 3336 km, then cedar 1112 km',
    ]);
  });

  test('tells the distance of a region that stands alone', () => {
    assert.deepEqual(ordered([cedar], at(0, 30)), ['cedar', 'cedar 1112 km']);
  });

  test('each region is at least as near as those after it, and none is lost', () => {
    fc.assert(
      fc.property(arbitraryRegions(), arbitraryCoordinates(), (regions, coordinates) => {
        const byId = new Map(regions.map((region) => [region.id, region]));
        const area = areaIn({ coordinates });
        const order = prepareNearest({ withinKm: 0 }, byId)
          .apply([regions.map(({ id }) => id)], area)
          .flat();
        assert.deepEqual([...order].sort(), [...byId.keys()].sort());
        const distances = order.map((id) => naiveKm({ coordinates }, byId.get(id) as Region));
        assert.deepEqual(
          distances,
          distances.toSorted((x, y) => x - y),
        );
      }),
    );
  });
});

describe('step nearest where GeoIP is vague', () => {
  const home = aRegion('home', { longitude: 12, country: 'GA' });
  const fleet = [ash, birch, home, cedar].map((region) => ({ ...region }));
  const byId = new Map(fleet.map((region) => [region.id, region]));
  type When = 'distance' | 'country' | 'equal';

  function told(whenVague: When, radiusKm: number, country = 'GA'): readonly [string, string] {
    const step = prepareNearest({ withinKm: 0, whenVague }, byId);
    const coordinates = { latitude: 0, longitude: 9 };
    const area = areaIn({ country, radiusKm, coordinates });
    const before = readTiers('ash = birch = cedar = home');
    const after = step.apply(before, area);
    return [tellTiers(after), step.describe(before, after, area)];
  }

  test('believes the distance unless it is told otherwise', () => {
    assert.equal(told('distance', 1000)[0], 'birch > home > ash > cedar');
    assert.equal(prepareNearest({ withinKm: 0 }, byId).detail, undefined);
  });

  test('puts those in the own country first, of all that may be the nearest', () => {
    assert.deepEqual(told('country', 200), [
      'home > birch > ash > cedar',
      'the place is vague, so of the regions that may be the nearest those in its country come first: home 334 km, then birch 111 km, ash 1001 km, cedar 3447 km',
    ]);
    assert.equal(told('country', 200, 'CM')[0], 'birch > home > ash > cedar');
  });

  test('may hold all that may be the nearest for equally good', () => {
    assert.equal(told('equal', 200)[0], 'birch = home > ash > cedar');
    assert.equal(told('equal', 500)[0], 'birch = home = ash > cedar');
    assert.match(told('equal', 500)[1], /^the place is vague, so all that may be the nearest/);
  });

  test('changes nothing where the place is sure', () => {
    for (const when of ['country', 'equal'] as const) {
      assert.deepEqual(told(when, 100), told('distance', 100));
      assert.deepEqual(told(when, 0), told('distance', 0));
      assert.deepEqual(prepareNearest({ withinKm: 0, whenVague: when }, byId).detail, {
        isRadius: true,
      });
    }
  });

  test('never puts first whom an error within the radius could not make the nearest', () => {
    fc.assert(
      fc.property(
        arbitraryRegions(2),
        arbitraryCoordinates(),
        fc.constantFrom<When[]>('country', 'equal'),
        fc.nat(5000),
        (regions, coordinates, whenVague, radiusKm) => {
          const all = new Map(regions.map((region) => [region.id, region]));
          const area = areaIn({ country: 'DE', coordinates, radiusKm });
          const step = prepareNearest({ withinKm: 0, whenVague }, all);
          const [first = []] = step.apply([[...all.keys()]], area);
          const km = (id: string): number =>
            naiveKm({ coordinates }, all.get(id as Region['id']) as Region);
          const least = Math.min(...[...all.keys()].map(km));
          assert.ok(first.every((id) => km(id) === least || km(id) - least < 2 * radiusKm));
        },
      ),
    );
  });
});

describe('biased distance', () => {
  const from: Coordinates = { latitude: 0, longitude: 0 };
  const km = (bias: number): number => biasedKm(from, aRegion('far', { longitude: 90, bias }));

  test('is the distance itself without a bias', () => {
    assert.equal(Math.round(km(0)), 10_008);
  });

  test('is halved by +50, doubled by -50, and never negative', () => {
    assert.equal(km(50), km(0) / 2);
    assert.equal(km(-50), km(0) * 2);
    assert.ok(km(99) > 0);
  });

  test('shrinks as the bias grows', () => {
    const row = [-99, -50, -1, 0, 1, 50, 99].map(km);
    assert.deepEqual(
      row,
      row.toSorted((x, y) => y - x),
    );
  });
});
