import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Positions, positionsOf } from '../../src/steering/positions.ts';
import type { Detail } from '../../src/steering/step.ts';
import type { Atlas } from '../../src/model/atlas.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import { arbitraryEntries } from '../support/random-fleet.ts';

function numberToEnd(atlas: Atlas, details: readonly Detail[] = []): Positions {
  const numbering = positionsOf(atlas, details);
  for (;;) {
    const step = numbering.next();
    if (step.done === true) return step.value;
  }
}

function numbered(...entries: Omit<Entry, 'prefix'>[]): number[] {
  const atlas = anAtlas(entries.map((entry) => ({ prefix: '8.8.8.0/24', ...entry })));
  return [...numberToEnd(atlas).of];
}

describe('positions', () => {
  test('are numbered in order of appearance, the unknown place first', () => {
    const berlin = { country: 'DE', lat: 52, lon: 13 };
    const quito = { country: 'EC', lat: 0, lon: -78 };
    assert.deepEqual(numbered(berlin, quito, berlin), [0, 1, 2, 1]);
    assert.deepEqual(numbered(), [0]);
  });

  test('tell country, latitude and longitude apart, and nothing else', () => {
    const first = { country: 'DE', lat: 10, lon: 20, radius: 5, city: 'One' };
    assert.deepEqual(numbered(first, { ...first, radius: 100, city: 'Two' }), [0, 1, 1]);
    assert.deepEqual(numbered(first, { ...first, country: 'FR' }), [0, 1, 2]);
    assert.deepEqual(numbered(first, { ...first, lat: 20, lon: 10 }), [0, 1, 2]);
    assert.deepEqual(numbered(first, { ...first, lon: 20.0001 }), [0, 1, 2]);
  });

  test('a place at 0, 0 without a country is not the unknown place', () => {
    assert.deepEqual(numbered({ lat: 0, lon: 0 }), [0, 1]);
  });

  test('agree with a comparison of every two places', () => {
    fc.assert(
      fc.property(arbitraryEntries(), (entries) => {
        const atlas = anAtlas(entries);
        const { of, count } = numberToEnd(atlas);
        const words = entries.map(({ country, lat, lon }) => `${country} ${lat} ${lon}`);
        assert.equal(count, new Set(words).size + 1);
        for (const [i, word] of words.entries()) {
          assert.equal(of[i + 1], of[words.indexOf(word) + 1]);
        }
      }),
    );
  });

  test('tell apart what a step looks at, where it looks', () => {
    const place = { country: 'US', lat: 10, lon: 20, subdivision: 'CA', city: 'One', radius: 5 };
    const abroad = { ...place, country: 'FR' };
    const atlas = anAtlas(
      [
        place,
        { ...place, city: 'Two' },
        { ...place, subdivision: 'NY' },
        { ...place, radius: 100 },
        abroad,
        { ...abroad, city: 'Two' },
      ].map((entry) => ({ prefix: '8.8.8.0/24', ...entry })),
    );
    const of = (...details: Detail[]): number[] => [...numberToEnd(atlas, details).of];
    assert.deepEqual(of(), [0, 1, 1, 1, 1, 2, 2]);
    assert.deepEqual(of({ countries: new Set() }), [0, 1, 1, 1, 1, 2, 2]);
    assert.deepEqual(of({ countries: new Set(['US']) }), [0, 1, 2, 3, 1, 4, 4]);
    assert.deepEqual(of({ isRadius: true }), [0, 1, 1, 1, 2, 3, 3]);
    const both = of({ countries: new Set(['US']) }, { isRadius: true });
    assert.deepEqual(both, [0, 1, 2, 3, 4, 5, 5]);
  });

  test('are worked out once for an atlas', () => {
    const atlas = anAtlas([{ prefix: '8.8.8.0/24', lat: 1, lon: 1 }]);
    assert.equal(numberToEnd(atlas), numberToEnd(atlas));
  });

  test('of a large atlas are numbered with pauses', () => {
    const size = 50_000;
    const latitudes = Int32Array.from({ length: size }, (_, i) => i % 900_000);
    const longitudes = new Int32Array(size);
    const countries = new Uint16Array(size);
    const atlas = { ...anAtlas([]), size, latitudes, longitudes, countries };
    const pauses = [...positionsOf(atlas)];
    assert.ok(pauses.length >= 3, `${pauses.length} pauses`);
    assert.equal(numberToEnd(atlas).count, size);
  });
});
