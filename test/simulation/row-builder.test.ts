import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CrowdBuilder } from '../../src/simulation/row-builder.ts';
import { boundsOfSlice, crowdOf, sizeOf, unitsOf } from '../../src/simulation/population.ts';
import { aName, aPrefix } from '../support/fleet.ts';
import { aCrowd } from '../support/population.ts';

test('rows come in the order of their addresses, however many there are and however they came', () => {
  const builder = new CrowdBuilder();
  for (let i = 2000; i > 0; i--) builder.add(aPrefix(`8.${i >>> 8}.${i & 255}.0/24`), i / 4);
  builder.add(aPrefix('2001:470::/32'), 1);
  builder.add(aPrefix('2001:470::1/128'), 2);
  const crowd = builder.finish(4);
  assert.deepEqual([builder.size, sizeOf(crowd), builder.weight], [2002, 2002, 500_250 + 3]);
  assert.deepEqual(crowd.v4.units.slice(0, 3), Float64Array.of(1, 2, 3));
  assert.equal(crowd.v4.high[0], 0x08000100);
  assert.equal(crowd.v4.lastHigh[0], 0x080001ff);
  assert.deepEqual([...crowd.v6.units], [4, 8]);
  assert.deepEqual([...(crowd.v6.lastLow ?? [])], [0xffffffff, 0]);
});

test('slices are runs of rows that leave none out', () => {
  const { v4 } = aCrowd({ '8.0.0.0/24': 1, '9.0.0.0/24': 1, '10.0.0.0/24': 1 });
  const cuts = [0, 1].map((index) => boundsOfSlice({ index, of: 2 }, v4));
  assert.deepEqual(cuts, [
    [0, 1],
    [1, 3],
  ]);
});

test('a name may have a crowd of its own', () => {
  const [all, own] = [aCrowd({}), aCrowd({ '8.0.0.0/24': 1 })];
  const population = {
    source: 'a test',
    unitsPerClient: 1,
    crowd: all,
    byName: new Map([[aName('www'), own]]),
  };
  assert.equal(crowdOf(population, aName('www')), own);
  assert.equal(crowdOf(population, aName('api')), all);
  assert.equal(unitsOf(population), 1);
});
