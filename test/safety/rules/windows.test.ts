// Rule windows: changes and their ends keep to maintenance windows, and out of blocked ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millis } from '../../../src/model/time.ts';
import { readWindows } from '../../../src/model/window.ts';
import { aRegion, noon } from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us')];
const none: readonly string[] = [];

/** Noon of the tests is on a Friday. */
function rule({ maintenance = none, blocked = none }) {
  const read = (texts: readonly string[]) => texts.flatMap((text) => readWindows(text) ?? []);
  return [{ kind: 'windows', maintenance: read(maintenance), blocked: read(blocked) }];
}

const ending = (minutes: number) => ({
  word: aWord('eu', { end: millis(noon + minutes * 60_000) }),
});

test('outside of maintenance a change is refused with the next window', () => {
  const rules = rule({ maintenance: ['sat,sun 02:00-04:00', 'fri 08:00-12:00'] });
  assert.equal(
    against(rules, { regions }, ending(60)),
    'it is 2026-05-01 12:00:00 UTC, outside of every maintenance window: the next begins at 2026-05-02 02:00:00 UTC',
  );
  const past = rule({ maintenance: ['2026-04-01T00:00Z/2026-04-02T00:00Z'] });
  assert.match(against(past, { regions }, ending(60)), /still to come/);
});

test('a word must also end within maintenance', () => {
  const rules = rule({ maintenance: ['fri 12:00-13:00'] });
  assert.equal(against(rules, { regions }, ending(59)), '');
  assert.match(
    against(rules, { regions }, ending(60)),
    /^it would end at .* 13:00:00 UTC, .*: it takes an end before 2026-05-01 13:00:00 UTC$/,
  );
});

test('every step of a drill must lie within maintenance', () => {
  const rules = rule({ maintenance: ['fri 12:00-13:00'] });
  const turns = [noon + 600_000, noon + 3_600_000];
  assert.equal(against(rules, { regions, turns: turns.slice(0, 1) }, ending(59)), '');
  assert.match(against(rules, { regions, turns }, ending(59)), /^a step would be at .* 13:00:00/);
});

test('a blocked window is kept out of by changes, their ends, and files', () => {
  const later = rule({ blocked: ['2026-05-01T12:30Z/2026-05-03T00:00Z'] });
  assert.equal(against(later, { regions }, ending(20)), '');
  assert.match(
    against(later, { regions }, ending(30)),
    /^it would end at .* from 2026-05-03 00:00:00/,
  );
  const now = rule({ blocked: ['daily 11:00-14:00'], maintenance: ['fri 00:00-24:00'] });
  const files = { files: { regions: [aRegion('eu')] } };
  assert.match(against(now, { regions }, files), /blocked window daily .* 14:00:00 UTC on$/);
  const lifted = aWord('eu', { isLifted: true });
  assert.match(against(now, { regions, words: [aWord('eu')] }, { word: lifted }), /blocked/);
});
