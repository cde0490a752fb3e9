import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Place } from '../../src/model/place.ts';
import { AreaBook, namesAreas } from '../../src/steering/areas.ts';
import { areaIn } from '../support/area.ts';

function placeIn(country: string, subdivision = ''): Place {
  return areaIn({ country, subdivision }).place ?? assert.fail();
}

describe('a book of areas', () => {
  const book = new AreaBook<string>()
    .add({ continents: ['EU', 'NA'] }, 'wide')
    .add({ countries: ['US', 'DE'] }, 'country')
    .add({ subdivisions: ['US-CA'] }, 'part')
    .add({ countries: ['US'], subdivisions: ['US-CA'] }, 'late');

  test('finds what is said of the most specific area, first come first served', () => {
    assert.deepEqual(book.find(placeIn('US', 'CA')), { of: 'part', area: 'US-CA' });
    assert.deepEqual(book.find(placeIn('US', 'NY')), { of: 'country', area: 'US' });
    assert.deepEqual(book.find(placeIn('CA')), { of: 'wide', area: 'North America' });
    assert.equal(book.find(placeIn('JP')), undefined);
    assert.equal(book.find(placeIn('')), undefined);
    assert.equal(book.find(undefined), undefined);
  });

  test('tells all of them, outwards', () => {
    const found = [...book.findAll(placeIn('US', 'CA'))].map(({ of }) => of);
    assert.deepEqual(found, ['part', 'country', 'wide']);
  });

  test('never asks for a subdivision where none is named', () => {
    const silent: Place = {
      ...placeIn('DE'),
      get subdivision(): string {
        return assert.fail();
      },
    };
    assert.equal(book.find(silent)?.of, 'country');
    assert.deepEqual(book.detailed, new Set(['US']));
  });

  test('no words of GeoIP find what nobody named', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (country, subdivision) => {
        const known = ['US', 'DE'].includes(country);
        const found = new AreaBook<string>().add({ countries: ['US', 'DE'] }, 'x');
        assert.equal(found.find(placeIn(country, subdivision)) !== undefined, known);
      }),
    );
  });
});

test('empty lists name no area', () => {
  assert.equal(namesAreas({ continents: [], countries: [], subdivisions: [] }), false);
  assert.equal(namesAreas({ subdivisions: ['US-CA'] }), true);
});
