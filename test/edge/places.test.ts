import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PlaceTable } from '../../src/edge/places.ts';

type Key = [label: number, latitude: number, longitude: number, radius: number, country: number];

/** Few distinct values, so that many places share some of their numbers. */
const key: fc.Arbitrary<Key> = fc.tuple(
  fc.constantFrom(0, 1, 0x7fffffff),
  fc.constantFrom(-900_000, 0, 534_980),
  fc.constantFrom(-1_800_000, -62_603, 1_800_000),
  fc.constantFrom(1, 1000, 0xffff),
  fc.constantFrom(0x4945, 0x5a5a),
);

test('equal places have one number, others their own, counted from 1 as they come', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
      const table = new PlaceTable(2);
      const numbers = new Map<string, number>();
      for (const each of keys) {
        const text = each.join();
        const number = table.numberOf(...each);
        assert.equal(number, numbers.get(text) ?? numbers.size + 1);
        numbers.set(text, number);
      }
      assert.equal(table.finish().size, numbers.size + 1);
    }),
  );
});

test('the columns hold what each place was made of', () => {
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      const table = new PlaceTable(2);
      const numbers = keys.map((each) => table.numberOf(...each));
      const { labels, latitudes, longitudes, radii, countries } = table.finish();
      const columns = [labels, latitudes, longitudes, radii, countries];
      for (const [i, number] of numbers.entries()) {
        assert.deepEqual(
          columns.map((column) => column[number]),
          keys[i],
        );
      }
    }),
  );
});

test('a table without places has only the unknown one', () => {
  const { size, countries } = new PlaceTable().finish();
  assert.equal(size, 1);
  assert.deepEqual([...countries], [0]);
});

test('a radius too large for its column becomes the largest', () => {
  const table = new PlaceTable();
  table.numberOf(1, 2, 3, 70_000, 0x4945);
  assert.deepEqual([...table.finish().radii], [0, 0xffff]);
});
