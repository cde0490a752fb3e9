// Push probes: what the newest report comes to, and what silence does.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { samplePush } from '../../src/health/push.ts';
import type { Sample } from '../../src/model/health.ts';
import type { PushProbe, RegionId } from '../../src/model/region.ts';
import type { SelfReport } from '../../src/model/self-report.ts';
import { millis } from '../../src/model/time.ts';

const region = 'eu' as RegionId;
const probe: PushProbe = {
  kind: 'push',
  region,
  name: 'app',
  lifetime: millis(45_000),
  token: undefined,
};

/** Said at second 1000, for as long as the probe allows unless told otherwise. */
function said(state: SelfReport['state'], extra: Partial<SelfReport> = {}): SelfReport {
  const start = millis(1_000_000);
  return {
    region,
    name: 'app',
    state,
    load: undefined,
    connections: undefined,
    reason: '',
    start,
    end: millis(1_045_000),
    clock: { wall: start, counter: 0, node: 'eu-1' },
    ...extra,
  };
}

interface Facts {
  /** In seconds, like those below. */
  readonly at: number;
  readonly since?: number;
  /** Just now, unless told otherwise; never where it is undefined. */
  readonly heard?: number | undefined;
}

function sampleAt(report: SelfReport | undefined, facts: Facts): Sample {
  const { at, since = 0 } = facts;
  const heard = 'heard' in facts ? facts.heard : at;
  const heardAt = heard === undefined ? undefined : millis(heard * 1000);
  const hearsay = { report, since: millis(since * 1000), heardAt };
  return samplePush(probe, hearsay, millis(at * 1000));
}

/** `healthy`, or the reason, with what becomes of it. */
function tell(sample: Sample): string {
  if (sample.isHealthy) return 'healthy';
  const marks = [
    sample.isFinal === true ? ' (final)' : '',
    sample.isBlind === true ? ' (blind)' : '',
  ];
  return `${sample.reason}${marks.join('')}`;
}

describe('a report that speaks', () => {
  test('of up is healthy, and took no time', () => {
    assert.deepEqual(sampleAt(said('up', { reason: 'all is well' }), { at: 1010 }), {
      isHealthy: true,
      latency: undefined,
      reason: '',
    });
  });

  test('of draining or down is final, in the words of the application', () => {
    assert.equal(tell(sampleAt(said('draining'), { at: 1000 })), 'draining (final)');
    const full = said('down', { reason: 'disk full' });
    assert.equal(tell(sampleAt(full, { at: 1044.9 })), 'down: disk full (final)');
  });

  test('is believed also by whoever can hear nothing else', () => {
    const cutOff = { at: 1044, since: 1043, heard: undefined };
    assert.equal(tell(sampleAt(said('up'), cutOff)), 'healthy');
    assert.equal(tell(sampleAt(said('down'), cutOff)), 'down (final)');
  });

  test('speaks for as long as it said, and no longer than the probe allows', () => {
    const brief = said('up', { end: millis(1_010_000) });
    const long = said('up', { end: millis(1_500_000) });
    assert.equal(tell(sampleAt(brief, { at: 1009 })), 'healthy');
    assert.equal(tell(sampleAt(brief, { at: 1010 })), 'no report for 10s');
    assert.equal(tell(sampleAt(long, { at: 1044 })), 'healthy');
    assert.equal(tell(sampleAt(long, { at: 1045 })), 'no report for 45s');
  });
});

describe('silence', () => {
  test('is a failure like any other, whatever was said last', () => {
    assert.equal(tell(sampleAt(said('up'), { at: 1051 })), 'no report for 51s');
    assert.equal(tell(sampleAt(said('draining'), { at: 1051 })), 'no report for 51s');
    assert.equal(tell(sampleAt(undefined, { at: 1000 })), 'no report');
  });

  test('says nothing before somebody has listened for that long', () => {
    assert.equal(tell(sampleAt(undefined, { at: 44 })), 'no report (blind)');
    assert.equal(tell(sampleAt(undefined, { at: 45 })), 'no report');
    assert.equal(tell(sampleAt(said('up'), { at: 1060, since: 1016 })), 'no report for 1m (blind)');
    assert.equal(tell(sampleAt(said('up'), { at: 1061, since: 1016 })), 'no report for 61s');
  });

  test('says nothing while no board is heard, and what it said before that stands', () => {
    const up = said('up');
    assert.equal(tell(sampleAt(up, { at: 1060, heard: 1020 })), 'no report for 1m (blind)');
    assert.equal(tell(sampleAt(up, { at: 9000, heard: 1044 })), 'no report for 8000s (blind)');
    assert.equal(tell(sampleAt(up, { at: 9000, heard: 1045 })), 'no report for 8000s');
    assert.equal(tell(sampleAt(up, { at: 9000, heard: undefined })), 'no report for 8000s (blind)');
  });
});
