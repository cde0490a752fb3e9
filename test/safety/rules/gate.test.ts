// Rule gate: while it is closed nothing is changed, not even for the better.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRegion } from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us')];

test('a closed gate refuses words, ends and files, and an open one nothing', () => {
  const closed = [{ kind: 'gate', isClosed: true }];
  const fleet = { regions, words: [aWord('eu')] };
  assert.match(against(closed, fleet, { word: aWord('us') }), /safety.gate: open/);
  assert.match(against(closed, fleet, { word: aWord('eu', { isLifted: true }) }), /closed/);
  assert.match(against(closed, fleet, { files: { regions: [aRegion('eu')] } }), /closed/);
  assert.equal(against([{ kind: 'gate', isClosed: false }], fleet, { word: aWord('us') }), '');
});
