import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionId } from '../../src/model/region.ts';
import { type SelfReport, startedAt } from '../../src/model/self-report.ts';
import { millis } from '../../src/model/time.ts';

test('a report that is given another start speaks as long as before', () => {
  const report: SelfReport = {
    region: 'eu' as RegionId,
    name: 'app',
    state: 'up',
    load: 0.7,
    connections: undefined,
    reason: '',
    start: millis(0),
    end: millis(45_000),
    clock: { wall: millis(5), counter: 0, node: 'eu-1' },
  };
  assert.deepEqual(startedAt(report, millis(1000)), { ...report, start: 1000, end: 46_000 });
});
