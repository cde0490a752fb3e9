// Rule minInterval: a change waits for the one before it, and taking back waits for nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRegion, noon } from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us')];
const rules = [{ kind: 'minInterval', interval: 600_000 }];

test('a change too soon after another is refused with the moment from which it may be made', () => {
  const fleet = { regions, lastAt: noon - 90_000 };
  assert.equal(
    against(rules, fleet, { word: aWord('eu') }),
    'the last change was 90s ago, and 10m must pass between two: it may be made at 2026-05-01 12:08:30 UTC',
  );
  assert.match(against(rules, fleet, { files: { regions: [aRegion('eu')] } }), /10m must pass/);
  assert.equal(against(rules, { regions, lastAt: noon - 600_000 }, { word: aWord('eu') }), '');
  assert.equal(against(rules, { regions }, { word: aWord('eu') }), '');
});

test('a word may be taken back at once', () => {
  const fleet = { regions, lastAt: noon, words: [aWord('eu')] };
  assert.equal(against(rules, fleet, { word: aWord('eu', { isLifted: true }) }), '');
});

test('a drill waits before it begins, and its steps wait for nothing', () => {
  const fleet = { regions, lastAt: noon - 1000 };
  assert.match(against(rules, fleet, { word: aWord('eu', { actor: 'alice' }) }), /10m must pass/);
  assert.equal(against(rules, { ...fleet, isStep: true }, { word: aWord('eu') }), '');
});
