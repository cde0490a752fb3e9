import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noLoads } from '../../src/model/load.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import { prepareChain, stepKinds } from '../../src/steering/chain.ts';
import { aRegion, aService, returningHealth } from '../support/fleet.ts';

const regions = [aRegion('ash')];

/** The names of a chain's steps: those that order, then those that thin. */
function chainOf(...steps: StepSettings[]): [string[], string[]] {
  const service: Service = aService({ regions, steps });
  const { ordering, thinning } = prepareChain(service, new Map());
  return [ordering.map(({ name }) => name), thinning.map(({ name }) => name)];
}

describe('a chain', () => {
  test('always heeds operators, skips what is down, spares what comes back, and has a last resort', () => {
    assert.deepEqual(chainOf(), [[], ['overrides', 'alive', 'half-open', 'last-resort']]);
  });

  test('runs its steps in the one order, however they are listed', () => {
    const nothing = { cities: {}, subdivisions: {}, countries: {}, continents: {} };
    const steps: StepSettings[] = [
      { kind: 'take', count: 1 },
      { kind: 'consistent-hash' },
      { kind: 'ip-hash' },
      { kind: 'round-robin' },
      { kind: 'least-connections' },
      { kind: 'least-load' },
      { kind: 'weight' },
      { kind: 'last-resort' },
      { kind: 'shed' },
      { kind: 'half-open' },
      { kind: 'alive' },
      { kind: 'overrides' },
      { kind: 'nearest', withinKm: 0 },
      { kind: 'priority' },
      { kind: 'latency', rows: [], withinMs: 0 },
      { kind: 'geo-map', ...nothing, standard: [], only: false },
      { kind: 'fence', fences: [] },
      { kind: 'rules', rules: [] },
    ];
    const expected = [
      ['fence', 'rules', 'geo-map', 'priority', 'latency', 'nearest'],
      'overrides alive half-open shed last-resort weight least-load least-connections round-robin ip-hash consistent-hash take'.split(
        ' ',
      ),
    ];
    assert.deepEqual(chainOf(...steps), expected);
    assert.deepEqual(chainOf(...steps.toReversed()), expected);
    const order = stepKinds.map(({ kind }) => kind);
    assert.deepEqual(expected.flat(), order);
  });

  test('names each step as its settings do', () => {
    assert.deepEqual(chainOf({ kind: 'nearest', withinKm: 0 }, { kind: 'take', count: 2 }), [
      ['nearest'],
      ['overrides', 'alive', 'half-open', 'last-resort', 'take'],
    ]);
  });

  test('gives the step alive the floor of the service', () => {
    const floor = { least: 1, unit: 'regions', below: 'fail-open' } as const;
    const { thinning } = prepareChain(
      aService({ regions, steps: [{ kind: 'alive', floor }] }),
      new Map(),
    );
    const race = { tiers: [], reserve: [], floored: new Set<RegionId>(), isFailOpen: false };
    const moment = {
      health: new Map(),
      overrides: new Map(),
      loads: noLoads,
      networkHash: 0,
      turn: undefined,
    };
    const alive = thinning.find(({ name }) => name === 'alive');
    const tiers = [['ash' as RegionId]];
    const after = { ...race, tiers };
    assert.match(alive?.describe(after, after, moment) ?? '', /the floor is 1 region/);
  });

  test('knows how far an answer reaches, and that weights may draw any order', () => {
    const health = new Map([['birch' as RegionId, returningHealth(0.25)]]);
    const picks = (...steps: StepSettings[]): boolean => {
      const { thinning } = prepareChain(aService({ regions, steps }), new Map());
      const tiers = [['ash'], ['birch']] as RegionId[][];
      const race = { tiers, reserve: tiers, floored: new Set<RegionId>(), isFailOpen: false };
      const moment = {
        health,
        overrides: new Map(),
        loads: noLoads,
        networkHash: 0,
        turn: undefined,
      };
      return thinning.some((step) => step.picksByNetwork(race, moment));
    };
    assert.equal(picks({ kind: 'take', count: 1 }), false);
    assert.equal(picks({ kind: 'take', count: 2 }), true);
    assert.equal(picks(), true);
    assert.equal(picks({ kind: 'weight' }, { kind: 'take', count: 1 }), true);
  });
});
