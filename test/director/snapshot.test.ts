// The one cell that changes: swapped whole, with an epoch that grows.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findName } from '../../src/authority/zone.ts';
import { createSnapshotCell, type SnapshotCell } from '../../src/director/snapshot.ts';
import { noLoads } from '../../src/model/load.ts';
import type { Settings } from '../../src/model/settings.ts';
import { groundOf } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import {
  aName,
  anOverride,
  aRegion,
  aService,
  aSettings,
  downHealth,
  noon,
  upHealth,
} from '../support/fleet.ts';

const regions = [aRegion('ash'), aRegion('elm')];

function settingsWith(name: string): Settings {
  return aSettings({ regions, services: [aService({ name, regions })] });
}

function cellOf(epoch = 0): { cell: SnapshotCell; clock: FakeClock } {
  const clock = createFakeClock(noon);
  const ground = groundOf(settingsWith('www'), undefined);
  const first = { ground, health: new Map(), overrides: new Map(), epoch };
  return { cell: createSnapshotCell(first, clock), clock };
}

describe('the epoch', () => {
  test('goes on where the last life ended', () => {
    assert.equal(cellOf(41).cell.view.snapshot.epoch, 42);
  });

  test('grows by one at each change', () => {
    const { cell } = cellOf();
    const epochs = [cell.view.snapshot.epoch];
    cell.setHealth(new Map());
    epochs.push(cell.view.snapshot.epoch);
    cell.setOverrides(new Map());
    epochs.push(cell.view.snapshot.epoch);
    cell.setLoads(noLoads);
    epochs.push(cell.view.snapshot.epoch);
    cell.setGround(cell.ground);
    epochs.push(cell.view.snapshot.epoch);
    assert.deepEqual(epochs, [1, 2, 3, 4, 5]);
  });
});

describe('a change', () => {
  test('leaves a view that somebody holds as it was', () => {
    const { cell } = cellOf();
    const held = cell.view;
    cell.setHealth(new Map([['ash' as never, downHealth()]]));
    assert.notEqual(cell.view, held);
    assert.equal(held.snapshot.health.size, 0);
    assert.equal(held.snapshot.epoch, 1);
  });

  test('of health is in the plans and nowhere else', async () => {
    const { cell, clock } = cellOf();
    await clock.advance(5000);
    const { zones } = cell.view;
    const health = new Map(regions.map(({ id }) => [id, upHealth()]));
    cell.setHealth(health);
    const { snapshot } = cell.view;
    assert.equal(snapshot.health, health);
    assert.equal(snapshot.builtAt, noon + 5000);
    assert.equal(snapshot.plans.get(aName('www'))?.horizon.isKept, false);
    assert.equal(cell.view.zones, zones);
  });

  test('of overrides is in the plans', () => {
    const { cell } = cellOf();
    const word = anOverride('ash');
    cell.setOverrides(new Map([[word.region, word]]));
    const { snapshot } = cell.view;
    assert.equal(snapshot.overrides.get(word.region), word);
    assert.equal(snapshot.plans.get(aName('www'))?.horizon.overrideEnd, word.end);
  });

  test('of the ground changes settings, names and plans together, and keeps the rest', () => {
    const { cell } = cellOf();
    const health = new Map(regions.map(({ id }) => [id, upHealth()]));
    cell.setHealth(health);
    const ground = groundOf(settingsWith('api'), undefined);
    cell.setGround(ground);
    const { snapshot, zones } = cell.view;
    assert.equal(cell.ground, ground);
    assert.equal(snapshot.settings, ground.settings);
    assert.equal(snapshot.health, health);
    assert.deepEqual([...snapshot.plans.keys()], [aName('api')]);
    assert.equal(findName(zones, aName('www')).kind, 'missing');
    assert.equal(findName(zones, aName('api')).kind, 'node');
  });

  test('is told to every listener once it is there', () => {
    const { cell } = cellOf();
    const told: boolean[] = [];
    cell.onSwap((view) => told.push(view === cell.view));
    cell.onSwap((view) => told.push(view === cell.view));
    cell.setHealth(new Map());
    assert.deepEqual(told, [true, true]);
  });
});
