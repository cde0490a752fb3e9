// How a service is answered, whoever asks: the worst of any territory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Override } from '../../src/model/override.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { serviceStates } from '../../src/steering/service-state.ts';
import { aName, anOverride, aRegion, aService, aSnapshot, downHealth } from '../support/fleet.ts';

const regions = ['eu', 'us', 'ap'].map((id) => aRegion(id));

interface Facts {
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
}

function stateOf(steps: readonly StepSettings[], facts: Facts): string {
  const services = [aService({ regions, steps })];
  return [...serviceStates(aSnapshot({ regions, services, ...facts })).values()].join();
}

const down = (...ids: string[]) => ({
  health: Object.fromEntries(ids.map((id) => [id, downHealth()])),
});
const drained = (...ids: string[]) => ({ overrides: ids.map((id) => anOverride(id)) });
const nearest = { kind: 'nearest' };

test('it is healthy as long as a region may serve, whichever is chosen for somebody', () => {
  for (const facts of [{}, down('eu'), down('eu', 'us'), drained('eu'), drained('eu', 'us')]) {
    assert.equal(stateOf([nearest, { kind: 'take', count: 1 }], facts), 'healthy');
  }
});

test('it fails open where nothing is alive, or does what its last resort says', () => {
  const all = down('eu', 'us', 'ap');
  assert.equal(stateOf([nearest], all), 'fail-open');
  assert.equal(stateOf([nearest, { kind: 'last-resort', answer: 'nodata' }], all), 'fail-closed');
  assert.equal(stateOf([nearest, { kind: 'last-resort', answer: [] }], all), 'stand-in');
});

test('it is withheld where operators took out every region, also inside one fence alone', () => {
  assert.equal(stateOf([nearest], drained('eu', 'us', 'ap')), 'withheld');
  const fences = [{ countries: ['DE'], regions: ['eu'] }];
  const fence = { kind: 'fence', fences };
  assert.equal(stateOf([fence, nearest], drained('eu')), 'withheld');
  assert.equal(stateOf([fence, nearest], drained('us')), 'healthy');
});

test('it is below its floor where that names a region that is down', () => {
  const floor = { least: 2, unit: 'regions', below: 'keep' };
  const steps = [nearest, { kind: 'alive', floor }];
  assert.equal(stateOf(steps, down('eu')), 'healthy');
  assert.equal(stateOf(steps, down('eu', 'us')), 'below-floor');
});

test('words on a part count for that part, and the worst off are drained for a share', () => {
  const all = ['eu', 'us', 'ap'];
  const shared = { overrides: all.map((id) => anOverride(id, { share: 0.25 })) };
  assert.equal(stateOf([nearest], shared), 'withheld');
  const { name } = aService({ regions });
  const inside = { overrides: all.map((id) => anOverride(id, { service: name })) };
  assert.equal(stateOf([nearest], inside), 'withheld');
  const elsewhere = { overrides: all.map((id) => anOverride(id, { service: aName('other') })) };
  assert.equal(stateOf([nearest], elsewhere), 'healthy');
});
