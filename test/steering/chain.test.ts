import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import { stepOrder } from '../../src/model/settings.ts';
import { prepareChain } from '../../src/steering/chain.ts';
import { aRegion, aService } from '../support/fleet.ts';

const regions = [aRegion('ash')];

/** The names of a chain's steps: those that order, then those that thin. */
function chainOf(...steps: StepSettings[]): [string[], string[]] {
  const service: Service = aService({ regions, steps });
  const { ordering, thinning } = prepareChain(service, new Map());
  return [ordering.map(({ name }) => name), thinning.map(({ name }) => name)];
}

describe('a chain', () => {
  test('always heeds operators, skips what is down, and has a last resort', () => {
    assert.deepEqual(chainOf(), [[], ['overrides', 'alive', 'last-resort']]);
  });

  test('runs its steps in the one order, however they are listed', () => {
    const steps: StepSettings[] = [
      { kind: 'take', count: 1 },
      { kind: 'weight' },
      { kind: 'last-resort' },
      { kind: 'alive' },
      { kind: 'overrides' },
      { kind: 'nearest', withinKm: 0 },
      { kind: 'rules', rules: [] },
    ];
    const expected = [
      ['rules', 'nearest'],
      ['overrides', 'alive', 'last-resort', 'weight', 'take'],
    ];
    assert.deepEqual(chainOf(...steps), expected);
    assert.deepEqual(chainOf(...steps.toReversed()), expected);
    assert.deepEqual(expected.flat(), [...stepOrder]);
  });

  test('names each step as its settings do', () => {
    assert.deepEqual(chainOf({ kind: 'nearest', withinKm: 0 }, { kind: 'take', count: 2 }), [
      ['nearest'],
      ['overrides', 'alive', 'last-resort', 'take'],
    ]);
  });

  test('knows that only weights pick by network', () => {
    const service = aService({ regions, steps: [{ kind: 'weight' }, { kind: 'take', count: 1 }] });
    const { thinning } = prepareChain(service, new Map());
    const picking = thinning.filter((step) => step.picksByNetwork).map(({ name }) => name);
    assert.deepEqual(picking, ['weight']);
  });
});
