// The floor: who serves for its sake alone, and that all directors take the same.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Override, OverrideKind } from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { type Floor, floorOf, isDown, prepareFloor } from '../../src/steering/floor.ts';
import {
  anOverride,
  aRegion,
  aService,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../support/fleet.ts';

const names = ['ash', 'birch', 'cedar', 'elm'];

interface Facts {
  readonly weights?: readonly number[];
  readonly takenOut?: readonly string[];
  /** Regions on their way back, with their shares. */
  readonly back?: Readonly<Record<string, number>>;
  readonly heldUp?: readonly string[];
}

/** Four regions, of weight 100 unless they have others, some of them down for so many minutes. */
function filled(
  floor: Partial<Floor>,
  minutesDown: Readonly<Record<string, number>>,
  { weights = [100, 100, 100, 100], takenOut = [], back = {}, heldUp = [] }: Facts = {},
): string {
  const regions = names.map((id, i) => aRegion(id, { weight: weights[i] ?? 0 }));
  const rule = prepareFloor(
    { least: 2, unit: 'regions', below: 'keep', ...floor },
    aService({ regions }),
    new Map(regions.map((region) => [region.id, region])),
  );
  const healthOf = (id: string): RegionHealth => {
    const minutes = minutesDown[id];
    if (minutes !== undefined) return downHealth({ since: millis(noon - minutes * 60_000) });
    const share = back[id];
    return share === undefined ? upHealth() : returningHealth(share);
  };
  const health = new Map(regions.map(({ id }) => [id, healthOf(id)]));
  const overrides = new Map(
    heldUp.map((id): [RegionId, Override] => [id as RegionId, anOverride(id, { kind: 'up' })]),
  );
  const racing = regions.map(({ id }) => id).filter((id) => !takenOut.includes(id));
  return [...rule.fill(racing, { health, overrides })].join(' ');
}

describe('a number of regions', () => {
  test('holds in nobody while as many are alive', () => {
    assert.equal(filled({}, {}), '');
    assert.equal(filled({}, { ash: 5, birch: 9 }), '');
  });

  test('keeps those that failed last, as many as it lacks', () => {
    assert.equal(filled({}, { ash: 5, birch: 3, cedar: 9 }), 'birch');
    assert.equal(filled({ least: 3 }, { ash: 5, birch: 3, cedar: 9 }), 'birch ash');
    assert.equal(filled({ least: 4 }, { ash: 5, birch: 3 }), 'birch ash');
  });

  test('cannot be met where operators have taken out too many, and keeps all others', () => {
    const takenOut = ['cedar'];
    assert.equal(filled({ least: 4 }, { ash: 5, birch: 3 }, { takenOut }), 'birch ash');
    assert.equal(filled({}, {}, { takenOut: ['ash', 'birch', 'cedar'] }), '');
    assert.equal(filled({}, {}, { takenOut: names }), '');
  });

  test('counts whom an operator holds up, and needs nobody to hold it in', () => {
    assert.equal(filled({}, { ash: 5, birch: 3, cedar: 9 }, { heldUp: ['ash'] }), '');
    assert.equal(
      filled({ least: 3 }, { ash: 5, birch: 3, cedar: 9 }, { heldUp: ['ash'] }),
      'birch',
    );
  });
});

describe('a share', () => {
  const half: Partial<Floor> = { least: 50, unit: 'percent' };

  test('is one of the weight of all that the service lists', () => {
    const weights = [60, 20, 10, 10];
    assert.equal(filled(half, { ash: 5 }, { weights }), 'ash');
    assert.equal(filled(half, { birch: 5, cedar: 4 }, { weights }), '');
    assert.equal(filled(half, { ash: 5, birch: 3, cedar: 9 }), 'birch');
  });

  test('counts what an operator has taken out as lacking', () => {
    assert.equal(filled(half, { ash: 5 }), '');
    assert.equal(filled(half, { ash: 5, birch: 3 }, { takenOut: ['cedar'] }), 'birch');
  });

  test('keeps no region that adds nothing', () => {
    assert.equal(filled(half, { ash: 5, birch: 3 }, { weights: [100, 0, 50, 10] }), 'ash');
    assert.equal(filled(half, { ash: 5, birch: 3, cedar: 1 }, { weights: [0, 0, 0, 0] }), '');
  });
});

describe('regions on their way back', () => {
  test('get all clients before any that is down is kept, and those farthest on come first', () => {
    const back = { birch: 0.05, cedar: 0.5, elm: 0 };
    assert.equal(filled({}, {}, { back }), 'cedar');
    assert.equal(filled({ least: 3 }, {}, { back }), 'cedar birch');
    assert.equal(filled({ least: 4 }, {}, { back }), 'cedar birch elm');
    assert.equal(filled({ least: 1 }, {}, { back }), '');
    assert.equal(filled({}, { ash: 5 }, { back: { birch: 0.25, cedar: 0.25 } }), 'birch');
  });

  test('are all needed where something that is down is', () => {
    const back = { birch: 0, cedar: 0.5 };
    assert.equal(filled({ least: 4 }, { ash: 5 }, { back }), 'birch cedar ash');
    const weights = [100, 0, 20, 20];
    const half: Partial<Floor> = { least: 50, unit: 'percent' };
    assert.equal(filled(half, { ash: 5 }, { weights, back: { birch: 0 } }), 'birch ash');
  });

  test('are alive, so that nothing is down for them', () => {
    assert.equal(filled({ least: 3 }, { ash: 5 }, { back: { birch: 0 } }), 'birch');
    const overrides = { back: { birch: 0 }, heldUp: ['birch'] };
    assert.equal(filled({ least: 3 }, { ash: 5 }, overrides), '');
  });
});

describe('below a floor that fails open', () => {
  const open: Partial<Floor> = { below: 'fail-open' };

  test('no verdict counts', () => {
    assert.equal(filled(open, { ash: 5, birch: 3, cedar: 9 }), 'ash birch cedar');
    assert.equal(filled(open, { ash: 5, birch: 3 }), '');
    const back = { elm: 0.05 };
    assert.equal(filled(open, { ash: 5, birch: 3, cedar: 9 }, { back }), 'elm ash birch cedar');
  });
});

test('it is the last resort that answers when nothing is alive', () => {
  for (const below of ['keep', 'fail-open'] as const) {
    assert.equal(filled({ below }, { ash: 1, birch: 1, cedar: 1, elm: 1 }), '');
    assert.equal(filled({ below }, { ash: 1, birch: 1, cedar: 1 }, { takenOut: ['elm'] }), '');
  }
});

describe('regions that failed together', () => {
  test('are kept by their ids, since directors hear of them in any order', () => {
    assert.equal(filled({}, { ash: 5, birch: 5, cedar: 5 }), 'ash');
    assert.equal(filled({}, { ash: 5.4, birch: 5.2, cedar: 5 }), 'ash');
    assert.equal(filled({}, { ash: 6, birch: 5, cedar: 5.4 }), 'birch');
  });

  test('a director that heard of each a little later keeps the same', () => {
    const minutes = fc.constantFrom(1, 1, 2, 3, 7);
    const delays = fc.array(fc.integer({ min: 0, max: 14_000 }), { minLength: 3, maxLength: 3 });
    const ages = fc.array(minutes, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(ages, delays, fc.integer({ min: 1, max: 4 }), (each, late, least) => {
        const failed = names.slice(0, 3);
        const one = Object.fromEntries(failed.map((id, i) => [id, each[i] ?? 0]));
        const other = Object.fromEntries(
          failed.map((id, i) => [id, (each[i] ?? 0) - (late[i] ?? 0) / 60_000]),
        );
        assert.equal(filled({ least }, one), filled({ least }, other));
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

test('a service has the floor of its step alive, or none', () => {
  const floor: Floor = { least: 2, unit: 'regions', below: 'keep' };
  assert.equal(floorOf({ steps: [{ kind: 'weight' }, { kind: 'alive', floor }] }), floor);
  assert.equal(floorOf({ steps: [{ kind: 'alive' }] }), undefined);
  assert.equal(floorOf({ steps: [] }), undefined);
});

test('a region is down by the votes, unless an operator holds it up', () => {
  const ash = 'ash' as RegionId;
  const told = (health: RegionHealth | undefined, kind?: OverrideKind): boolean =>
    isDown(ash, {
      health: new Map(health === undefined ? [] : [[ash, health]]),
      overrides: new Map(kind === undefined ? [] : [[ash, anOverride(ash, { kind })]]),
    });
  assert.equal(told(undefined), false);
  assert.equal(told(upHealth({ verdict: 'unknown' })), false);
  assert.equal(told(downHealth()), true);
  assert.equal(told(downHealth(), 'up'), false);
  assert.equal(told(downHealth(), 'drain'), true);
});
