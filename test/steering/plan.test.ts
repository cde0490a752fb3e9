import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { areaKey } from '../../src/steering/order.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import {
  aName,
  aRegion,
  aService,
  aSettings,
  aSnapshot,
  compileToEnd,
  planOf,
} from '../support/fleet.ts';

const regions = [aRegion('ash'), aRegion('birch', { longitude: 90 })];
const www = aService({ regions });
const api = aService({ name: 'api', regions, steps: [...www.steps].slice(0, 1) });

describe('plans', () => {
  const settings = aSettings({ regions, services: [www, api] });
  const areas = compileToEnd(www, settings.regions, undefined);
  const health = new Map();

  test('there is one for each service, and services of one geography share their map', () => {
    const maps = new Map([[areaKey(www, settings.regions), areas]]);
    const plans = preparePlans(settings, maps, health, new Map());
    assert.deepEqual([...plans.keys()], [aName('www'), aName('api')]);
    assert.equal(plans.get(aName('www'))?.areas, areas);
    assert.equal(plans.get(aName('api'))?.areas, areas);
  });

  test('a service without a map gets none', () => {
    assert.equal(preparePlans(settings, new Map(), health, new Map()).size, 0);
  });

  test('each starts with nothing decided, and with the steps that thin', () => {
    const snapshot = aSnapshot({ regions, services: [www, api] });
    assert.equal(planOf(snapshot).findings.memo.size + planOf(snapshot).findings.starts.size, 0);
    const names = (name: string): string[] => planOf(snapshot, name).steps.map((step) => step.name);
    assert.deepEqual(names('www'), ['overrides', 'alive', 'half-open', 'last-resort', 'take']);
    assert.deepEqual(names('api'), ['overrides', 'alive', 'half-open', 'last-resort']);
  });
});
