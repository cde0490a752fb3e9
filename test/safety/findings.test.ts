// What each rule found, in figures: also where nothing stands against a change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWindows } from '../../src/model/window.ts';
import { aRegion, aService } from '../support/fleet.ts';
import { aWord, found } from '../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us'), aRegion('ap')];
const drain = { word: aWord('eu', { actor: 'alice' }) };

test('every kind of rule tells its figures where it lets a change be', () => {
  const rules = [
    { kind: 'minRegions', fleet: 2, service: 1 },
    { kind: 'notTogether', groups: [['eu', 'us']], isByContinent: false },
    { kind: 'minCapacity', declared: 0.5, load: 0 },
    { kind: 'gate', isClosed: false },
    { kind: 'windows', maintenance: readWindows('daily 11:00-14:00'), blocked: [] },
    { kind: 'minInterval', interval: 600_000 },
  ];
  assert.deepEqual(found(rules, { regions }, drain), [
    'minRegions: the fleet has 2 whole regions of 3, and 2 must serve',
    'notTogether: the fleet is without eu (drained by alice) alone of eu and us, and one at a time may be out',
    'minCapacity: the fleet has 200 of 300 of weight, 66.7 %, and 50 % must serve',
    'gate: the gate is open',
    'windows: from 2026-05-01 12:00:00 UTC to 2026-05-01 13:00:00 UTC, within the maintenance window daily 11:00-14:00',
    'minInterval: 10m must pass between two changes, and none is known here',
  ]);
});

test('the figures of a rule that refuses are those of its refusal', () => {
  const rules = [{ kind: 'minRegions', fleet: 3, service: 3 }];
  assert.match(
    found(rules, { regions }, drain)[0] ?? '',
    /^!minRegions: .* would be left with 2 whole regions \(us, ap\) of 3, and 3 must serve/,
  );
});

test('the service that comes nearest to the limit is told, of those that change', () => {
  const services = [
    aService({ regions }),
    aService({ name: 'api.example.test', regions: regions.slice(0, 2) }),
    aService({ name: 'far.example.test', regions: regions.slice(1, 2) }),
  ];
  const rules = [{ kind: 'minRegions', fleet: 1, service: 1 }];
  assert.deepEqual(found(rules, { regions, services }, drain), [
    'minRegions: api.example.test has 1 whole region of 2, and 1 must serve',
  ]);
});

test('capacity is told against the load of late, and a step of a drill waits for nobody', () => {
  const load = { connections: undefined, capacity: 100, lifetime: 60_000 };
  const sized = regions.map((region) => ({ ...region, load }) as typeof region);
  const busy = { share: 0.3, connections: undefined };
  const loads = { eu: busy, us: busy, ap: busy } as never;
  const rules = [
    { kind: 'minCapacity', declared: 0, load: 1.5 },
    { kind: 'minInterval', interval: 60_000 },
  ];
  assert.deepEqual(found(rules, { regions: sized, loads, isStep: true }, drain), [
    'minCapacity: the fleet has 200 of 300 requests a second, 66.7 %; for a load of 90, of which 150 % must',
    'minInterval: 1m must pass between two changes, and a drill is one: its steps do not wait',
  ]);
});

test('without rules there is nothing to tell, and an unknown kind has no figures', () => {
  assert.deepEqual(found([], { regions }, drain), []);
  assert.deepEqual(found([{ kind: 'strange' }], { regions }, drain), ['strange: ']);
});
