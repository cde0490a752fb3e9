// The floor: who stays though the votes say down, and that all directors keep the same.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { type Floor, prepareFloor } from '../../src/steering/floor.ts';
import { aRegion, aService, downHealth, noon } from '../support/fleet.ts';

const names = ['ash', 'birch', 'cedar', 'elm'];

/** Four regions of these weights, some of them down for so many minutes. */
function spared(
  floor: Partial<Floor>,
  minutesDown: Readonly<Record<string, number>>,
  weights: readonly number[] = [100, 100, 100, 100],
  takenOut: readonly string[] = [],
): string {
  const regions = names.map((id, i) => aRegion(id, { weight: weights[i] ?? 0 }));
  const book = new Map<RegionId, Region>(regions.map((region) => [region.id, region]));
  const rule = prepareFloor(
    { least: 2, unit: 'regions', below: 'keep', ...floor },
    aService({ regions }),
    book,
  );
  const racing = regions.map(({ id }) => id).filter((id) => !takenOut.includes(id));
  const down = racing.filter((id) => id in minutesDown);
  const alive = racing.filter((id) => !down.includes(id));
  const health = new Map(
    down.map((id): [RegionId, RegionHealth] => {
      const since = millis(noon - (minutesDown[id] ?? 0) * 60_000);
      return [id, downHealth({ since })];
    }),
  );
  return [...rule.spare(alive, down, health)].join(' ');
}

describe('a number of regions', () => {
  test('spares nobody while as many are alive', () => {
    assert.equal(spared({}, {}), '');
    assert.equal(spared({}, { ash: 5, birch: 9 }), '');
  });

  test('keeps those that failed last, as many as it lacks', () => {
    assert.equal(spared({}, { ash: 5, birch: 3, cedar: 9 }), 'birch');
    assert.equal(spared({}, { ash: 5, birch: 3, cedar: 9, elm: 7 }), 'birch ash');
    assert.equal(spared({ least: 4 }, { ash: 5, birch: 3 }), 'birch ash');
  });

  test('cannot be met where operators have taken out too many, and keeps all others', () => {
    assert.equal(spared({ least: 4 }, { ash: 5, birch: 3 }, [], ['cedar', 'elm']), 'birch ash');
    assert.equal(spared({}, {}, [], ['ash', 'birch', 'cedar']), '');
    assert.equal(spared({}, {}, [], names), '');
  });
});

describe('a share', () => {
  const half: Partial<Floor> = { least: 50, unit: 'percent' };

  test('is one of the weight of all that the service lists', () => {
    assert.equal(spared(half, { ash: 5 }, [60, 20, 10, 10]), 'ash');
    assert.equal(spared(half, { birch: 5, cedar: 4 }, [60, 20, 10, 10]), '');
    assert.equal(spared(half, { ash: 5, birch: 3, cedar: 9 }), 'birch');
  });

  test('counts what an operator has taken out as lacking', () => {
    assert.equal(spared(half, { ash: 5 }), '');
    assert.equal(spared(half, { ash: 5, birch: 3 }, undefined, ['cedar']), 'birch');
  });

  test('keeps no region that adds nothing', () => {
    assert.equal(spared(half, { ash: 5, birch: 3 }, [100, 0, 50, 10]), 'ash');
    assert.equal(spared(half, { ash: 5, birch: 3, cedar: 1, elm: 1 }, [0, 0, 0, 0]), '');
  });
});

describe('below a floor that fails open', () => {
  const open: Partial<Floor> = { below: 'fail-open' };

  test('no verdict counts', () => {
    assert.equal(spared(open, { ash: 5, birch: 3, cedar: 9 }), 'ash birch cedar');
    assert.equal(spared(open, { ash: 5, birch: 3 }), '');
  });

  test('it is the last resort that answers when nothing is alive', () => {
    assert.equal(spared(open, { ash: 1, birch: 1, cedar: 1, elm: 1 }), '');
  });
});

describe('regions that failed together', () => {
  test('are kept by their ids, since directors hear of them in any order', () => {
    assert.equal(spared({}, { ash: 5, birch: 5, cedar: 5 }), 'ash');
    assert.equal(spared({}, { ash: 5.4, birch: 5.2, cedar: 5 }), 'ash');
    assert.equal(spared({}, { ash: 6, birch: 5, cedar: 5.4 }), 'birch');
  });

  test('a director that heard of each a little later keeps the same', () => {
    const minutes = fc.constantFrom(1, 1, 2, 3, 7);
    const delays = fc.array(fc.integer({ min: 0, max: 14_000 }), { minLength: 4, maxLength: 4 });
    const ages = fc.array(minutes, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(ages, delays, fc.integer({ min: 1, max: 4 }), (each, late, least) => {
        const one = Object.fromEntries(names.map((id, i) => [id, each[i] ?? 0]));
        const other = Object.fromEntries(
          names.map((id, i) => [id, (each[i] ?? 0) - (late[i] ?? 0) / 60_000]),
        );
        assert.equal(spared({ least }, one), spared({ least }, other));
      }),
    );
  });
});

test('the words name the floor', () => {
  const words = (floor: Partial<Floor>): string =>
    prepareFloor(
      { least: 2, unit: 'regions', below: 'keep', ...floor },
      aService({ regions: [] }),
      new Map(),
    ).words;
  assert.equal(words({}), 'the floor is 2 regions');
  assert.equal(words({ least: 1 }), 'the floor is 1 region');
  assert.equal(words({ least: 30, unit: 'percent' }), 'the floor is 30 % of the weight');
});
