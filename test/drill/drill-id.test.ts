// Names of drills: in the order of their beginnings, and nobody else's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drillActor, drillId, drillOfActor } from '../../src/drill/drill-id.ts';
import { millis } from '../../src/model/time.ts';
import { noon } from '../support/fleet.ts';

test('the earlier drill has the smaller name, at whichever director', () => {
  const [first, second] = [drillId('us-1', noon), drillId('eu-1', millis(noon + 1))];
  assert.ok(first < second);
  assert.ok(drillId('eu-1', noon) < first);
});

test('an actor tells its drill, and no person is taken for one', () => {
  const id = drillId('eu-1', noon);
  assert.equal(drillOfActor(drillActor(id)), id);
  for (const actor of ['alice', 'drill sergeant', `drill ${id} `, id]) {
    assert.equal(drillOfActor(actor), undefined);
  }
});
