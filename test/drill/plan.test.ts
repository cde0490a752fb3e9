// Plans: what is taken, and what is refused with the field that is at fault.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlan } from '../../src/drill/plan.ts';
import type { DrillRequest } from '../../src/model/drill.ts';
import { aRegion, aService, aSettings } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const both = aService({ regions });
const settings = aSettings({ regions, services: [both] });

const request: DrillRequest = {
  region: 'eu',
  steps: [
    { share: 0.25, hold: '1m' },
    { share: 1, hold: '2m' },
  ],
  actor: 'alice',
  reason: 'quarterly drill',
};

test('a plan lowers the TTL for as long as an old answer may be held', () => {
  const plan = readPlan(request, settings);
  assert.ok(!('code' in plan), JSON.stringify(plan));
  assert.equal(plan.notice, both.ttl.stable * 1000);
  assert.deepEqual(plan.others, ['us']);
  assert.deepEqual(
    plan.steps.map(({ share, hold }) => [share, Number(hold)]),
    [
      [0.25, 60_000],
      [1, 120_000],
    ],
  );
  const hasty = readPlan({ ...request, lowerTtl: false, objectives: { noAbort: true } }, settings);
  assert.ok(!('code' in hasty));
  assert.equal(hasty.notice, 0);
});

describe('a plan is refused', () => {
  const refused: readonly (readonly [what: string, change: Partial<DrillRequest>, path: string])[] =
    [
      ['for a region that does not exist', { region: 'xx' }, '/region'],
      ['for a service that does not exist', { service: 'nope.example.test' }, '/service'],
      ['without steps', { steps: [] }, '/steps'],
      [
        'of too many steps',
        { steps: Array.from({ length: 11 }, () => ({ share: 1, hold: '1m' })) },
        '/steps',
      ],
      [
        'whose shares do not grow',
        { steps: [request.steps[0] as never, request.steps[0] as never] },
        '/steps/1/share',
      ],
      ['of a share beyond all', { steps: [{ share: 1.1, hold: '1m' }] }, '/steps/0/share'],
      ['of no share', { steps: [{ share: Number.NaN, hold: '1m' }] }, '/steps/0/share'],
      ['with a hold too short', { steps: [{ share: 1, hold: '1s' }] }, '/steps/0/hold'],
      ['with a hold that is none', { steps: [{ share: 1, hold: 'soon' }] }, '/steps/0/hold'],
      ['with a load that is none', { abortIf: { load: 0 } }, '/abortIf/load'],
      ['with an objective that is none', { objectives: { drained: 'x' } }, '/objectives/drained'],
      [
        'with a time that its first step could not meet',
        { lowerTtl: false, objectives: { firstMoved: '30s' } },
        '/objectives/firstMoved',
      ],
      [
        'with a drain that nobody would see',
        { lowerTtl: false, objectives: { drained: '2m', noAbort: true } },
        '/objectives/drained',
      ],
      ['without a reason', { reason: ' ' }, '/reason'],
      ['without an actor', { actor: '' }, '/actor'],
    ];
  for (const [what, change, path] of refused) {
    test(what, () => {
      const fault = readPlan({ ...request, ...change }, settings);
      assert.ok('code' in fault);
      assert.equal(fault.path, path);
    });
  }

  test('where a service has no other region', () => {
    const alone = aService({ regions: [regions[0] as never] });
    const fault = readPlan(request, aSettings({ regions, services: [alone] }));
    assert.ok('code' in fault);
    assert.match(fault.message, /no other region/);
  });
});
