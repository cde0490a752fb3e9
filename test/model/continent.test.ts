import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { continentOf, continents } from '../../src/model/continent.ts';

describe('continents', () => {
  test('every country lies in one of them', () => {
    const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(65 + i));
    const codes = letters.flatMap((first) => letters.map((second) => first + second));
    const found = codes.map(continentOf).filter((code) => code !== undefined);
    assert.equal(found.length, 252);
    assert.deepEqual(new Set(found), new Set(Object.keys(continents)));
  });

  test('a code may be that of a country elsewhere', () => {
    assert.equal(continentOf('AS'), 'OC');
    assert.equal(continentOf('NA'), 'AF');
    assert.equal(continentOf('SA'), 'AS');
    assert.equal(continentOf('AF'), 'AS');
  });

  test('a country on two continents lies where GeoIP has it', () => {
    assert.deepEqual(['RU', 'TR', 'EG', 'CY'].map(continentOf), ['EU', 'AS', 'AF', 'EU']);
  });

  test('what is no country lies nowhere', () => {
    for (const code of ['', 'EU', 'ZZ', 'de', 'DEU']) assert.equal(continentOf(code), undefined);
  });
});
