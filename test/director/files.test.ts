// The record of the files: when they were last good, and what is wrong with them now.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFiles } from '../../src/director/files.ts';
import type { Fault } from '../../src/model/fault.ts';
import { millis } from '../../src/model/time.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { noon } from '../support/fleet.ts';

const position = { file: 'meridian.yaml', line: 3, column: 5 };
const fault: Fault = { code: 'config.value', path: '/zones', message: 'bad', position };

test('faults are named until the files are good again, with when they last were', async () => {
  const clock = createFakeClock(noon);
  const files = recordFiles(clock, { goodAt: millis(noon - 3_600_000), faults: [fault] });
  assert.deepEqual(files.report(), {
    areGood: false,
    goodAt: '2026-05-01T11:00:00.000Z',
    faultCount: 1,
    faults: ['meridian.yaml:3:5: /zones: bad (config.value)'],
  });
  await clock.advance(1000);
  files.good();
  const goodAt = '2026-05-01T12:00:01.000Z';
  assert.deepEqual(files.report(), { areGood: true, goodAt, faultCount: 0, faults: [] });
  await clock.advance(1000);
  files.refused(Array.from({ length: 150 }, () => fault));
  const { faults, ...rest } = files.report();
  assert.deepEqual(rest, { areGood: false, goodAt, faultCount: 150 });
  assert.equal(faults.length, 100);
});
