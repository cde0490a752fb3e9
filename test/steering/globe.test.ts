import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Globe } from '../../src/steering/globe.ts';
import { prepareNearest } from '../../src/steering/steps/nearest.ts';
import { aRegion } from '../support/fleet.ts';
import { arbitraryCoordinates } from '../support/random-fleet.ts';

/** On a coarse grid, where distances are often equal, or anywhere, often next to one another. */
const anywhere = fc.oneof(
  arbitraryCoordinates(),
  fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  }),
  fc.record({
    latitude: fc.double({ min: 48, max: 48.000_01, noNaN: true }),
    longitude: fc.double({ min: 11, max: 11.000_01, noNaN: true }),
  }),
);

const fleet = fc
  .array(fc.tuple(anywhere, fc.constantFrom(0, 0, 0, 0, 0, 40, -40)), {
    minLength: 1,
    maxLength: 90,
  })
  .map((rows) => rows.map(([coordinates, bias], i) => aRegion(`r${i}`, { ...coordinates, bias })));

test('the first regions of an order are those that measuring to all of them gives, ties and all', () => {
  fc.assert(
    fc.property(fleet, anywhere, fc.integer({ min: 1, max: 16 }), (regions, coordinates, count) => {
      const step = prepareNearest({ withinKm: 0 }, new Map(regions.map((each) => [each.id, each])));
      const place = { country: '', subdivision: '', city: '', coordinates, radiusKm: 1 };
      const area = { place, networkRule: undefined, asn: 0, network: 0 };
      const ids = regions.map(({ id }) => id);
      const tiers = [ids.slice(0, 3), ids.slice(3)].filter((tier) => tier.length > 0);
      const all = step.apply(tiers, area);
      const first = step.first?.(tiers, area, count) ?? [];
      assert.ok(first.flat().length >= Math.min(count, ids.length));
      // More than are wanted may come along, but nobody before its turn is left out.
      assert.deepEqual(first.flat().slice(0, count), all.flat().slice(0, count));
    }),
    { numRuns: 500 },
  );
});

test('few of many regions are measured', () => {
  const regions = Array.from({ length: 1000 }, (_, i) =>
    aRegion(`r${i}`, { latitude: ((i * 37) % 180) - 90, longitude: ((i * 101) % 360) - 180 }),
  );
  const globe = new Globe(new Map(regions.map((each) => [each.id, each])));
  const found = globe.nearest(
    regions.map(({ id }) => id),
    { latitude: 48.1, longitude: 11.5 },
    3,
  );
  assert.ok(found.length >= 3 && found.length < 10, `${found.length}`);
});

test('a region that there is not is among no nearest ones', () => {
  const regions = Array.from({ length: 20 }, (_, i) => aRegion(`r${i}`, { latitude: i }));
  const globe = new Globe(new Map(regions.slice(1).map((each) => [each.id, each])));
  const ids = regions.map(({ id }) => id);
  assert.deepEqual(globe.nearest(ids, { latitude: 0, longitude: 0 }, 1), ['r1']);
});
