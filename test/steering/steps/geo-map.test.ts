import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Departure } from '../../../src/model/decision.ts';
import { type GeoMap, geoMapStep, prepareGeoMap } from '../../../src/steering/steps/geo-map.ts';
import type { Area, OrderingStep } from '../../../src/steering/step.ts';
import { areaIn, areaNowhere } from '../../support/area.ts';
import { aRegion, aService } from '../../support/fleet.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

function aMap(facts: Partial<GeoMap>): GeoMap {
  const nothing = { cities: {}, subdivisions: {}, countries: {}, continents: {} };
  return { ...nothing, standard: [], only: false, ...facts };
}

/** The order that a map gives, what it says, and who is out. */
function ordered(
  map: GeoMap,
  area: Area,
  tiers = 'ash = birch = cedar = elm',
): readonly [string, string, string[]] {
  const step = prepareGeoMap(map);
  const before = readTiers(tiers);
  const left: Departure[] = [];
  const after = step.apply(before, area, left);
  const out = left.map(({ region, code }) => `${region} ${code}`);
  return [tellTiers(after), step.describe(before, after, area), out];
}

const map = aMap({
  cities: { 'US-CA/Fresno': readTiers('elm'), 'FR/Nice': readTiers('cedar') },
  subdivisions: { 'US-CA': readTiers('cedar > ash') },
  countries: { US: readTiers('ash > birch') },
  continents: { NA: readTiers('birch'), EU: readTiers('birch = cedar') },
});
const fresno = areaIn({ country: 'US', subdivision: 'CA', city: 'Fresno' });

describe('step geo-map', () => {
  test('where nothing is mapped, goes by where the regions are: the country first, then the continent', () => {
    const countries = { ash: 'DE', birch: 'FR', cedar: 'US', elm: 'DE', oak: 'ZZ' };
    const regions = Object.entries(countries).map(([id, country]) => aRegion(id, { country }));
    const step = geoMapStep.prepare(
      { kind: 'geo-map', ...aMap({}) },
      {
        service: aService({ regions }),
        regions: new Map(regions.map((region) => [region.id, region])),
        reach: 1,
      },
    ) as OrderingStep;
    const order = (area: Area): string =>
      tellTiers(step.apply(readTiers('ash = birch = cedar = elm = oak'), area));
    assert.equal(order(areaIn({ country: 'DE' })), 'ash = elm > birch > cedar = oak');
    assert.equal(order(areaIn({ country: 'PL' })), 'ash = birch = elm > cedar = oak');
    assert.equal(order(areaIn({ country: 'BR' })), 'ash = birch = cedar = elm = oak');
    assert.equal(order(areaNowhere()), 'ash = birch = cedar = elm = oak');
  });

  test("the most specific area's list comes first, then those around it", () => {
    assert.deepEqual(ordered(map, fresno).slice(0, 2), [
      'elm > cedar > ash > birch',
      'mapped by US-CA/Fresno, then US-CA, then US, then North America: elm, then cedar, ash, birch',
    ]);
    const others = areaIn({ country: 'US', subdivision: 'NY', city: 'Fresno' });
    assert.equal(ordered(map, others)[0], 'ash > birch > cedar = elm');
    assert.equal(ordered(map, areaIn({ country: 'CA' }))[0], 'birch > ash = cedar = elm');
  });

  test('a city may be named by country alone', () => {
    const nice = areaIn({ country: 'FR', subdivision: 'PAC', city: 'Nice' });
    assert.equal(ordered(map, nice)[0], 'cedar > birch > ash = elm');
  });

  test('groups are equally good, for the next step to order', () => {
    const [order, words] = ordered(map, areaIn({ country: 'PT' }));
    assert.equal(order, 'birch = cedar > ash = elm');
    assert.equal(words, 'mapped by Europe: birch or cedar, then ash or elm');
  });

  test('where nothing is mapped the default counts, and else the order stays', () => {
    const japan = areaIn({ country: 'JP' });
    assert.deepEqual(ordered(map, japan).slice(0, 2), [
      'ash = birch = cedar = elm',
      'nothing is mapped for this client',
    ]);
    const more = { ...map, standard: readTiers('elm') };
    for (const area of [japan, areaNowhere()]) {
      assert.deepEqual(ordered(more, area).slice(0, 2), [
        'elm > ash = birch = cedar',
        'by the default alone: elm, then ash or birch or cedar',
      ]);
    }
    assert.equal(ordered(more, areaIn({ country: 'PT' }))[0], 'birch = cedar > elm > ash');
  });

  test('only what is mapped, where the policy says so', () => {
    const only = { ...map, standard: readTiers('ash'), only: true };
    const [order, , out] = ordered(only, areaIn({ country: 'PT' }));
    assert.equal(order, 'birch = cedar > ash');
    assert.deepEqual(out, ['elm not-mapped']);
    // A fence before it may leave none of those: the client keeps what there is.
    assert.equal(ordered(only, areaIn({ country: 'PT' }), 'elm')[0], 'elm');
  });

  test('keeps what earlier steps settled', () => {
    assert.equal(ordered(map, fresno, 'birch > ash = elm')[0], 'birch > elm > ash');
  });

  test('names of JavaScript are no areas', () => {
    const step = prepareGeoMap(aMap({ cities: { 'US/Fresno': readTiers('elm') } }));
    const odd = areaIn({ country: 'US', city: '__proto__', subdivision: 'constructor' });
    assert.equal(tellTiers(step.apply(readTiers('ash = elm'), odd)), 'ash = elm');
  });

  test('loses nobody and names nobody twice', () => {
    const places = fc.record({
      country: fc.constantFrom('US', 'FR', 'PT', 'JP'),
      subdivision: fc.constantFrom('CA', 'NY', ''),
      city: fc.constantFrom('Fresno', 'Nice', ''),
    });
    const ids = ['ash', 'birch', 'cedar', 'elm'];
    fc.assert(
      fc.property(places, fc.shuffledSubarray(ids, { minLength: 1 }), (place, tier) => {
        const step = prepareGeoMap(map);
        const after = step.apply(readTiers(tier.join(' = ')), areaIn(place)).flat();
        assert.deepEqual([...after].sort(), [...tier].sort());
      }),
    );
  });
});
