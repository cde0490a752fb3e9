import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAtlas } from '../../src/model/kept-atlas.ts';
import { anAtlas } from '../support/atlas.ts';

describe('an atlas that is kept', () => {
  const entries = [
    { prefix: '81.0.0.0/8', country: 'FR', lat: 49, lon: 2, city: 'Orléans', subdivision: 'CVL' },
    { prefix: '2400::/12', country: 'JP', lat: 35, lon: 135 },
  ];
  const atlas = anAtlas(entries, [{ prefix: '81.0.0.0/8', asn: 64_500 }]);

  test('reads back equal, with autonomous systems and without', () => {
    assert.deepEqual(readAtlas(structuredClone(atlas)), atlas);
    assert.deepEqual(readAtlas(structuredClone(anAtlas(entries))), anAtlas(entries));
  });

  const { labels, ranges } = atlas;
  const odd: Readonly<Record<string, unknown>> = {
    nothing: undefined,
    null: null,
    'a size that is no number': { ...atlas, size: '3' },
    'no places': { ...atlas, size: 0 },
    'more places than there are': { ...atlas, size: 4 },
    'no date': { ...atlas, dataDate: Number.NaN },
    'no source': { ...atlas, source: undefined },
    'countries of another kind': { ...atlas, countries: new Uint32Array(3) },
    'latitudes that are a list': { ...atlas, latitudes: [0, 0, 0] },
    'a place that there is not': {
      ...atlas,
      ranges: { ...ranges, v4: { ...ranges.v4, values: ranges.v4.values.map(() => 3) } },
    },
    'a label that there is not': { ...atlas, labels: { ...labels, of: Uint32Array.of(0, 1, 3) } },
    'labels of half a place': { ...atlas, labels: { ...labels, of: Uint32Array.of(0) } },
    'labels without an end': { ...atlas, labels: { ...labels, starts: labels.starts.subarray(1) } },
    'odd autonomous systems': { ...atlas, asns: { v4: ranges.v4 } },
  };
  for (const [what, value] of Object.entries(odd)) {
    test(`is not believed with ${what}`, () => {
      assert.equal(readAtlas(value), undefined);
    });
  }
});
