// A change held against rules: which are asked, and what is said of the state as it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenNow } from '../../src/safety/judge.ts';
import { ruleKinds } from '../../src/safety/rules.ts';
import { aRegion, aSnapshot, downHealth } from '../support/fleet.ts';
import { aWord, judged } from '../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us')];
const two = { kind: 'minRegions', fleet: 2, service: 2 };
const half = { kind: 'minCapacity', declared: 0.5, load: 0 };

test('every rule that stands against a change is named, and all that were asked', () => {
  const fleet = { regions, health: { us: downHealth() } };
  const { checked, refusals } = judged([two, half], fleet, { word: aWord('eu') });
  assert.deepEqual(checked, ['minRegions', 'minCapacity']);
  assert.deepEqual(
    refusals.map(({ rule }) => rule),
    ['minRegions', 'minCapacity'],
  );
  const only = judged([two, half], { regions }, { word: aWord('eu') });
  assert.deepEqual(
    only.refusals.map(({ rule }) => rule),
    ['minRegions'],
  );
});

test('without rules nothing is refused, and a kind that is not known says nothing', () => {
  assert.deepEqual(judged([], { regions }, { word: aWord('eu') }), { checked: [], refusals: [] });
  const strange = judged([{ kind: 'strange' }], { regions }, { word: aWord('eu') });
  assert.deepEqual(strange.refusals, []);
});

test('a rule is broken by whoever does it, and said as it is', () => {
  const {
    settings,
    health,
    loads,
    overrides: words,
  } = aSnapshot({
    regions,
    health: { us: downHealth() },
  });
  const broken = brokenNow([two, half], { settings, health, loads, words });
  assert.deepEqual(
    [...broken],
    [
      [
        'minRegions',
        'www.example.test is left with 1 whole region (eu) of 2, and 2 must serve: it takes 1 more of us (down)',
      ],
    ],
  );
});

test('each kind judges who serves, or the time, and has a word of its own', () => {
  for (const { state, time } of ruleKinds) {
    assert.notEqual(state === undefined, time === undefined);
  }
  const words = ruleKinds.map(({ kind }) => kind);
  assert.equal(new Set(words).size, words.length);
});
