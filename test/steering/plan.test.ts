import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StepSettings } from '../../src/model/settings.ts';
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

  test('each starts with an empty memo and the steps that thin', () => {
    const snapshot = aSnapshot({ regions, services: [www, api] });
    assert.equal(planOf(snapshot).memo.size + planOf(snapshot).races.size, 0);
    const names = (name: string): string[] =>
      planOf(snapshot, name).common.map((step) => step.name);
    assert.deepEqual(names('www'), ['overrides', 'alive', 'last-resort', 'take']);
    assert.deepEqual(names('api'), ['overrides', 'alive', 'last-resort']);
  });

  test('what comes after a pick by network is no longer common to a class', () => {
    const steps: StepSettings[] = [{ kind: 'weight' }, { kind: 'take', count: 1 }];
    const weighted = aService({ name: 'static', regions, steps });
    const snapshot = aSnapshot({ regions, services: [www, weighted] });
    const { common, individual } = planOf(snapshot, 'static');
    assert.deepEqual(
      common.map(({ name }) => name),
      ['overrides', 'alive', 'last-resort'],
    );
    assert.deepEqual(
      individual.map(({ name }) => name),
      ['weight', 'take'],
    );
    assert.deepEqual(planOf(snapshot, 'www').individual, []);
  });
});
