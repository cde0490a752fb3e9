// Schedules: due within a window, once, and of the region that was not drilled for longest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Drilled, drilledKey, type Logbook } from '../../src/drill/logbook.ts';
import { dueNow } from '../../src/drill/schedule.ts';
import type { DrillSchedule } from '../../src/model/drill-schedule.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { readWindows } from '../../src/model/window.ts';
import { noon } from '../support/fleet.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Noon of the tests is on a Friday. */
const schedule: DrillSchedule = {
  name: 'weekly',
  regions: ['eu', 'us'].map((id) => id as RegionId),
  windows: readWindows('fri 11:00-13:00') ?? [],
  every: millis(0),
  request: { steps: [{ share: 1, hold: '5m' }], reason: 'weekly drill' },
};

/** Hours before noon at which the drills of regions began. */
function bookOf(begun: Readonly<Record<string, number>>): Logbook {
  return new Map(
    Object.entries(begun).map(([region, ago]) => {
      const begunAt = millis(noon - ago * hour);
      const entry: Drilled = { region, service: undefined, drill: 'x', begunAt, doneAt: begunAt };
      return [drilledKey(region, undefined), entry];
    }),
  );
}

const due = (change: Partial<DrillSchedule>, book: Logbook, now = noon) =>
  dueNow({ ...schedule, ...change }, book, now);

test('a drill is due within its window, of the region that was not drilled for longest', () => {
  assert.deepEqual(due({}, bookOf({})), { region: 'eu', closesAt: noon + hour });
  assert.equal(due({}, bookOf({ eu: 200 }))?.region, 'us');
  assert.equal(due({}, bookOf({ eu: 200, us: 400 }))?.region, 'us');
  assert.equal(due({}, bookOf({ eu: 400, us: 200 }))?.region, 'eu');
  assert.equal(due({}, bookOf({}), millis(noon + hour)), undefined);
});

test('once in a window, whoever began it, and whatever became of it', () => {
  assert.equal(due({}, bookOf({ us: 0.5 })), undefined);
  assert.notEqual(due({}, bookOf({ us: 1.5 })), undefined);
});

test('no sooner than so long after the last one', () => {
  const monthly = { every: millis(28 * day) };
  assert.equal(due(monthly, bookOf({ eu: 21 * 24 })), undefined);
  // It began some minutes into its window four weeks ago.
  assert.equal(due(monthly, bookOf({ eu: 28 * 24 - 0.9 }))?.region, 'us');
});

test('within one service, drills of that one count alone', () => {
  const request = { ...schedule.request, service: 'www.example.test' };
  assert.notEqual(due({ request }, bookOf({ us: 0.5 })), undefined);
});
