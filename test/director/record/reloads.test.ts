// Reloads: taken, taken in spite of a rule, or refused; with what has changed, and never a secret.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellReloads } from '../../../src/director/record/reloads.ts';
import type { GateChange, ReloadChange } from '../../../src/model/reload.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { aRegion, aService, aSettings } from '../../support/fleet.ts';

const approval = { rules: [], moved: [], forced: [] };

function told(before: Settings, after: Settings, given: Partial<ReloadChange> = {}) {
  const changes: (ReloadChange | GateChange)[] = [];
  tellReloads((change) => void changes.push(change)).taken(before, after, {
    ...approval,
    ...given,
  });
  return changes;
}

const eu = aRegion('eu');
const us = aRegion('us');
const base = aSettings({ regions: [eu, us], services: [aService({ regions: [eu, us] })] });

test('names the parts that are another', () => {
  const next = {
    ...aSettings({ regions: [{ ...eu, weight: 7 }], services: [aService({ regions: [eu] })] }),
    configuration: 'bbbbbbbbbbbb',
    http: { ...base.http, tokens: [{ sha256: 'hidden', scope: 'operate' as const }] },
  };
  const [change, ...others] = told(base, next);
  assert.ok(change?.type === 'reload');
  assert.deepEqual(change.changed, [
    'region eu',
    'region us',
    'service www.example.test',
    'secrets',
  ]);
  assert.deepEqual(
    [change.state, change.from, change.to],
    ['taken', '0123456789ab', 'bbbbbbbbbbbb'],
  );
  assert.doesNotMatch(JSON.stringify(change), /hidden/);
  assert.deepEqual(others, []);
  assert.deepEqual(told(base, base)[0], { ...change, to: '0123456789ab', changed: [] });
});

test('says what was overridden, by the limit on moves or by the rules that the files name', () => {
  const [byForce] = told(base, base, { forced: ['reload.maxMoved'] });
  assert.ok(byForce?.type === 'reload' && byForce.state === 'forced');
  const breakGlass = {
    configuration: base.configuration,
    rules: ['minRegions', 'gate'],
    reason: 'x',
  };
  const next = { ...base, safety: { rules: [], breakGlass } };
  const rules = [{ rule: 'minRegions', isAllowed: false, figures: 'too few' }];
  const [change] = told(base, next, { rules });
  assert.ok(change?.type === 'reload');
  assert.deepEqual([change.state, change.forced, change.rules], ['forced', ['minRegions'], rules]);
});

test('tells of the gate when it is switched', () => {
  const withGate = (isClosed: boolean) => ({
    ...base,
    safety: { rules: [{ kind: 'gate', isClosed }] },
  });
  assert.deepEqual(told(base, withGate(true))[1], { type: 'gate', isClosed: true });
  assert.deepEqual(told(withGate(true), withGate(false))[1], { type: 'gate', isClosed: false });
  assert.equal(told(withGate(true), withGate(true)).length, 1);
});

test('names why files were refused, as much as anybody reads', () => {
  const changes: (ReloadChange | GateChange)[] = [];
  const faults = Array.from({ length: 30 }, (_, i) => {
    return { code: 'config.value', message: `wrong ${i}` } as const;
  });
  tellReloads((change) => void changes.push(change)).refused(base, faults);
  const [change] = changes;
  assert.ok(change?.type === 'reload' && change.state === 'refused');
  assert.equal(change.faults.length, 11);
  assert.equal(change.faults.at(-1), '20 more');
});
