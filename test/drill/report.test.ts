// The report: objectives that are met, missed and never seen.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Measured } from '../../src/drill/measure.ts';
import { abortDrill, beginDrill, type DrillState } from '../../src/drill/next.ts';
import { firstOthers, lookAtOthers, reportDrill, type StepRecord } from '../../src/drill/report.ts';
import { millis } from '../../src/model/time.ts';
import { aPlan, baselineOf, sightOf } from '../support/drill.ts';
import { noon } from '../support/fleet.ts';

const plan = aPlan({
  steps: [{ share: 1, hold: millis(30_000) }],
  objectives: { firstMoved: millis(5000), drained: millis(20_000) },
});

const measured: Measured = {
  networks: 100,
  asked: 95,
  moved: 95,
  due: 95,
  firstMoved: 0.4,
  askedAgain: { 50: 9, 90: 18.126, 99: undefined },
  curve: [],
};

const done: DrillState = {
  ...beginDrill(plan, baselineOf(), noon).state,
  phase: 'done',
  step: 1,
  until: millis(noon + 90_000),
};

function reportOf(state: DrillState, change: Partial<Measured> = {}, isSeen = true) {
  const startedAt = millis(noon + 60_000);
  const record: StepRecord = {
    step: 1,
    share: 1,
    startedAt,
    endedAt: millis(noon + 90_000),
    measured: { ...measured, ...change },
  };
  const steps = isSeen ? [record] : [];
  return reportDrill({
    id: 'x',
    director: 'eu-1',
    state,
    steps,
    others: [],
    numbers: [],
    unnoted: 0,
  });
}

describe('a drill', () => {
  test('that is done and met every objective has passed', () => {
    const report = reportOf(done);
    assert.equal(report.isMet, true);
    assert.deepEqual(
      report.objectives.map(({ objective, seconds, isMet }) => [objective, seconds, isMet]),
      [
        ['firstMoved', 0.4, true],
        ['drained', 18.13, true],
      ],
    );
    assert.equal(report.steps[0]?.observed, 1);
  });

  test('has not passed where an objective was missed, or nobody asked', () => {
    assert.equal(reportOf(done, { firstMoved: 5.1 }).isMet, false);
    assert.equal(reportOf(done, { firstMoved: undefined }).isMet, false);
    assert.equal(reportOf(done, {}, false).isMet, false);
    assert.equal(reportOf(done, { asked: 0 }).steps[0]?.observed, null);
  });

  test('has not passed where it was aborted, whatever it met', () => {
    const { state } = beginDrill(plan, baselineOf(), noon);
    assert.equal(reportOf(state).isMet, null);
    const stop = { code: 'asked', message: 'by alice' } as const;
    assert.equal(reportOf(abortDrill(state, stop, noon).state).isMet, false);
  });
});

test('other regions are told as they were, as they are, and at their busiest', () => {
  const sight = sightOf({ us: { load: 0.4 } });
  const first = firstOthers(plan, { sight, words: new Set() });
  const busy = lookAtOthers(first, sightOf({ us: { load: 0.7 } }));
  const last = lookAtOthers(busy, sightOf({ us: { load: 0.5 }, ap: { verdict: 'down' } }));
  assert.deepEqual(last, [
    { region: 'us', before: 'up', last: 'up', loadBefore: 0.4, loadMost: 0.7 },
    { region: 'ap', before: 'up', last: 'down', loadBefore: null, loadMost: null },
  ]);
});
