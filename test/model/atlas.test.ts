import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Atlas,
  coordinatesAt,
  countryAt,
  packCountry,
  placeAt,
  placeOf,
} from '../../src/model/atlas.ts';
import { ipv4, ipv6 } from '../../src/model/ip.ts';
import { RangeBuilder } from '../../src/model/ranges.ts';
import { millis } from '../../src/model/time.ts';
import { labelsOf } from '../support/atlas.ts';

/** 1.0.0.0/8 and 2600::/16 are in Dublin, the rest is unknown. */
function atlasWithDublin(): Atlas {
  const v4 = new RangeBuilder(4);
  v4.append(0x01000000, 0, 1);
  v4.append(0x02000000, 0, 0);
  const v6 = new RangeBuilder(6);
  v6.append(0x26000000, 0, 1);
  v6.append(0x26010000, 0, 0);
  return {
    source: 'a test',
    dataDate: millis(0),
    attribution: '',
    ranges: { v4: v4.finish(), v6: v6.finish() },
    size: 2,
    countries: Uint16Array.of(0, packCountry('IE')),
    latitudes: Int32Array.of(0, 533_498),
    longitudes: Int32Array.of(0, -62_603),
    radii: Uint16Array.of(0, 20),
    labels: labelsOf([{ subdivision: 'L', city: 'Dublin' }]),
  };
}

describe('a country in 16 bits', () => {
  const atlasIn = (packed: number): Atlas => ({
    ...atlasWithDublin(),
    countries: Uint16Array.of(packed),
  });

  test('reads back the same', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{2}$/), (code) => {
        assert.equal(countryAt(atlasIn(packCountry(code)), 0), code);
      }),
    );
  });

  test('is 0, and no country, for anything but two capital letters', () => {
    for (const code of ['', 'I', 'IRL', 'ie', '1E', 'ÄÖ', 'IE\n'])
      assert.equal(packCountry(code), 0);
    assert.equal(countryAt(atlasIn(0), 0), '');
  });
});

describe('the place of an address', () => {
  const atlas = atlasWithDublin();
  const dublin = {
    country: 'IE',
    subdivision: 'L',
    city: 'Dublin',
    coordinates: { latitude: 53.3498, longitude: -6.2603 },
    radiusKm: 20,
  };

  test('is everything the atlas has on it', () => {
    assert.deepEqual(placeOf(atlas, ipv4(0x01ffffff)), dublin);
    assert.deepEqual(placeOf(atlas, ipv6(0x2600ffff, 1, 2, 3)), dublin);
    assert.deepEqual(placeAt(atlas, 1), dublin);
    assert.deepEqual(coordinatesAt(atlas, 1), dublin.coordinates);
  });

  test('is undefined where the atlas knows none, never a point in the sea', () => {
    assert.equal(placeOf(atlas, ipv4(0x00ffffff)), undefined);
    assert.equal(placeOf(atlas, ipv4(0x02000000)), undefined);
    assert.equal(placeOf(atlas, ipv6(0x26010000, 0, 0, 0)), undefined);
    assert.equal(placeAt(atlas, 0), undefined);
  });
});
