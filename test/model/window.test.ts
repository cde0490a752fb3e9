// Windows of the week and of the calendar, in UTC.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import { endAfter, isWithin, nextStart, readWindows } from '../../src/model/window.ts';

const at = (text: string) => millis(Date.parse(text));

function holds(window: string, moment: string): boolean {
  return readWindows(window)?.some((each) => isWithin(each, at(moment))) ?? false;
}

test('a weekly window begins on its days and may end on the next', () => {
  assert.ok(holds('sat,sun 02:00-04:00', '2026-05-02T02:00Z'));
  assert.ok(!holds('sat,sun 02:00-04:00', '2026-05-02T04:00Z'));
  assert.ok(!holds('sat,sun 02:00-04:00', '2026-05-04T03:00Z'));
  assert.ok(holds('sun 22:00-06:00', '2026-05-03T23:00Z'));
  assert.ok(holds('sun 22:00-06:00', '2026-05-04T05:59Z'), 'round the end of the week');
  assert.ok(!holds('sun 22:00-06:00', '2026-05-03T05:00Z'));
  assert.ok(holds('daily 22:00-24:00', '2026-05-05T23:59Z'));
  assert.ok(holds('mon 00:00-24:00', '1969-12-29T00:00Z'), 'before the epoch');
});

test('a dated window holds its beginning and not its end', () => {
  const window = '2026-12-24T00:00Z/2026-12-27T00:00Z';
  assert.ok(holds(window, '2026-12-24T00:00Z'));
  assert.ok(!holds(window, '2026-12-27T00:00Z'));
});

test('its next beginning and its end are told', () => {
  const [sunday] = readWindows('sun 22:00-06:00') ?? [];
  assert.ok(sunday);
  assert.equal(nextStart(sunday, at('2026-05-01T12:00Z')), at('2026-05-03T22:00Z'));
  assert.equal(endAfter(sunday, at('2026-05-03T23:00Z')), at('2026-05-04T06:00Z'));
  assert.equal(endAfter(sunday, at('2026-05-04T05:00Z')), at('2026-05-04T06:00Z'));
  const [dated] = readWindows('2026-12-24T00:00Z/2026-12-27T00:00Z') ?? [];
  assert.ok(dated);
  assert.equal(nextStart(dated, at('2026-05-01T12:00Z')), at('2026-12-24T00:00Z'));
  assert.equal(nextStart(dated, at('2027-05-01T12:00Z')), undefined);
});

test('anything else is no window', () => {
  for (const text of [
    '',
    'sat',
    'sat 2:00-4:00',
    'sat 02:00-02:00',
    'sat 24:00-02:00',
    'sat 02:00-25:00',
    'sat 02:60-03:00',
    'sat,sat 02:00-04:00',
    'some 02:00-04:00',
    '2026-12-27T00:00Z/2026-12-24T00:00Z',
    '2026-12-24/2026-12-27',
    '2026-13-24T00:00Z/2027-12-27T00:00Z',
    '2026-12-24T00:00+01:00/2026-12-27T00:00Z',
  ]) {
    assert.equal(readWindows(text), undefined, text);
  }
});
