// News for the log: what is told once, at the moment it changes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tellReturns } from '../../src/director/news.ts';
import { openRecovery } from '../../src/health/recover.ts';
import type { HealthView, Recovery } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { noon, upHealth } from '../support/fleet.ts';
import { createRecordLog } from '../support/record-log.ts';

function viewOf(recovery: Partial<Recovery>): HealthView {
  const health = upHealth({ recovery: { ...openRecovery, ...recovery } });
  return new Map([['eu' as RegionId, health]]);
}

function told(before: Partial<Recovery>, after: Partial<Recovery>): unknown[] {
  const log = createRecordLog();
  tellReturns(viewOf(before), viewOf(after), log);
  return log.lines.flatMap((line, i) => [line, log.fields[i]]);
}

const out = { stage: 'out', share: 0 } as const;
const holding = { stage: 'holding', share: 0, nextAt: millis(noon + 1000) } as const;
const quarter = { stage: 'half-open', share: 0.25, nextAt: millis(noon + 2000) } as const;

describe('a return', () => {
  test('is told at each of its stages', () => {
    assert.deepEqual(told(out, holding), [
      'info region.returning',
      { region: 'eu', stage: 'holding', share: 0, until: '2026-05-01T12:00:01.000Z', trips: 0 },
    ]);
    assert.deepEqual(told(holding, { ...quarter, trips: 1 }), [
      'info region.returning',
      {
        region: 'eu',
        stage: 'half-open',
        share: 0.25,
        until: '2026-05-01T12:00:02.000Z',
        trips: 1,
      },
    ]);
    assert.deepEqual(told(quarter, { trips: 1 }), [
      'info region.returned',
      { region: 'eu', trips: 1 },
    ]);
  });

  test('is not told again, nor where there is none', () => {
    assert.deepEqual(told(quarter, { ...quarter, nextAt: millis(noon) }), []);
    assert.deepEqual(told({}, out), []);
    // Back at once: the verdict has been told.
    assert.deepEqual(told(out, {}), []);
    const log = createRecordLog();
    tellReturns(new Map(), viewOf(quarter), log);
    assert.deepEqual(log.lines, []);
  });

  test('that fails three times warns once', () => {
    assert.deepEqual(told({ ...out, trips: 1 }, { ...out, trips: 2 }), []);
    assert.deepEqual(told({ ...out, trips: 2 }, { ...out, trips: 3 }), [
      'warn region.trips',
      { region: 'eu', trips: 3 },
    ]);
    assert.deepEqual(told({ ...out, trips: 3 }, { ...out, trips: 4 }), []);
  });
});
