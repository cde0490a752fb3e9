// The fleet's directors at a terminal: what is odd about them, and the table of who sees what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFleet, formatMatrix } from '../../src/cli/matrix.ts';
import type { HealthReport, ObserverReport } from '../../src/model/report.ts';
import { createFakeApi } from '../support/fake-api.ts';

const [known] = createFakeApi().health().observers;
assert.ok(known);
const observer: ObserverReport = known;

function reportOf(change: Partial<HealthReport>): HealthReport {
  return { ...createFakeApi().health(), isMixed: false, observers: [], ...change };
}

test('a fleet that is well needs no words', () => {
  assert.deepEqual(describeFleet(reportOf({ observers: [observer] })), []);
});

test('one line names who runs what, and others who is isolated', () => {
  const lines = describeFleet(
    reportOf({
      isMixed: true,
      observer: 'isolated',
      observers: [
        { ...observer, observer: 'd1', isIsolated: true },
        { ...observer, isIsolated: true },
      ],
    }),
  );
  assert.deepEqual(lines, [
    'configurations differ: abcdef012345 on d1, ffffffffffff on d2',
    'this director is isolated: it alone sees every other region down, its votes are left out',
    'observer d2 in us-east is isolated',
  ]);
});

test('the matrix has a row for each observer and a column for each region', () => {
  const older = { configuration: null, epoch: null, release: null, missing: null };
  const table = formatMatrix(
    reportOf({
      observers: [
        { ...observer, isIsolated: true, missing: ['ap', 'sa'], lostBoards: 2 },
        { ...observer, ...older, observer: 'd3', ageSeconds: 7200.4, isHeard: false, sees: {} },
      ],
    }),
  );
  assert.deepEqual(table, [
    'OBSERVER  IN       AGE  RELEASE  CONFIGURATION  EPOCH  EU-WEST  NOTES',
    'd2        us-east  1s   0.1.0    ffffffffffff   3      up       isolated; does not hear ap sa; boards lost: 2',
    'd3        us-east  2h   ?        ?              ?      -        silent',
  ]);
});
