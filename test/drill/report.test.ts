// The report: objectives that are met, missed and never seen.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { abortDrill, beginDrill, type DrillState } from '../../src/drill/next.ts';
import { firstOthers, lookAtOthers, reportDrill } from '../../src/drill/report.ts';
import type { StepRecord } from '../../src/drill/step-records.ts';
import type { StepMeasure } from '../../src/model/drill-measure.ts';
import { millis } from '../../src/model/time.ts';
import { aPlan, baselineOf, sightOf } from '../support/drill.ts';
import { aMeasure, aStepMeasure } from '../support/drill-report.ts';
import { noon } from '../support/fleet.ts';

const plan = aPlan({
  steps: [{ share: 1, hold: millis(30_000) }],
  objectives: { firstMoved: millis(5000), drained: millis(20_000), noAbort: false },
});

const done: DrillState = {
  ...beginDrill(plan, baselineOf(), noon).state,
  phase: 'done',
  step: 1,
  until: millis(noon + 90_000),
};

function reportOf(
  state: DrillState,
  change: Partial<StepMeasure> = {},
  { isSeen = true, isHeardOut = true } = {},
) {
  const startedAt = millis(noon + 60_000);
  const record: StepRecord = {
    step: 1,
    share: 1,
    startedAt,
    endedAt: millis(noon + 90_000),
  };
  const steps = isSeen ? [record] : [];
  const measures = new Map([
    ['eu-1', aMeasure([aStepMeasure(change)])],
    ['us-1', undefined],
  ]);
  const ttl = { stable: 60, short: 10 };
  const facts = {
    id: 'x',
    director: 'eu-1',
    others: [],
    numbers: [],
    judgements: [],
    rules: ['minRegions'],
    ttl,
  };
  return reportDrill({ ...facts, state, steps, measures, isHeardOut });
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
    assert.equal(reportOf(done, { firstMoved: null }).isMet, false);
    assert.equal(reportOf(done, {}, { isSeen: false }).isMet, false);
    assert.equal(reportOf(done, { asked: 0 }).steps[0]?.observed, null);
  });

  test('that is over has neither passed nor failed before the others were heard out', () => {
    const early = { isHeardOut: false };
    assert.equal(reportOf(done, {}, early).isMet, null);
    const stop = { code: 'asked', message: 'by alice' } as const;
    const { state } = beginDrill(plan, baselineOf(), noon);
    assert.equal(reportOf(abortDrill(state, stop, noon).state, {}, early).isMet, null);
  });

  test('that was to end without an abort tells that beside what it was to show', () => {
    const stated = { ...plan, objectives: { ...plan.objectives, noAbort: true } };
    const whole = { objective: 'noAbort', step: null, withinSeconds: null, seconds: null };
    const last = (state: DrillState) => reportOf({ ...state, plan: stated }).objectives.at(-1);
    assert.deepEqual(last(done), { ...whole, isMet: true });
    const abort = { code: 'asked', message: 'by alice' } as const;
    assert.deepEqual(last(abortDrill(done, abort, noon).state), { ...whole, isMet: true });
    const { state } = beginDrill(plan, baselineOf(), noon);
    assert.deepEqual(last(abortDrill(state, abort, noon).state), { ...whole, isMet: false });
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
  const busy = lookAtOthers(first, sightOf({ us: { load: 0.7 } }), 5);
  const last = lookAtOthers(busy, sightOf({ us: { load: 0.5 }, ap: { verdict: 'down' } }), 5.5);
  assert.deepEqual(last, [
    {
      region: 'us',
      before: 'up',
      last: 'up',
      loadBefore: 0.4,
      loadMost: 0.7,
      course: [
        { seconds: 0, load: 0.4, verdict: 'up' },
        { seconds: 5, load: 0.7, verdict: 'up' },
      ],
    },
    {
      region: 'ap',
      before: 'up',
      last: 'down',
      loadBefore: null,
      loadMost: null,
      course: [
        { seconds: 0, load: null, verdict: 'up' },
        { seconds: 5, load: null, verdict: 'up' },
        // A verdict that turns is told at once.
        { seconds: 5.5, load: null, verdict: 'down' },
      ],
    },
  ]);
});

test('the course of a long drill stays short, and spread over all of it', () => {
  let others = firstOthers(plan, { sight: sightOf(), words: new Set() });
  for (let second = 1; second < 4000; second++) others = lookAtOthers(others, sightOf(), second);
  const seconds = others[0]?.course.map(({ seconds: at }) => at) ?? [];
  assert.ok(seconds.length > 40 && seconds.length <= 121, `${seconds.length} points`);
  assert.ok((seconds.at(-1) ?? 0) > 3900 && seconds[0] === 0);
});

test('a director that told nothing is listed as such', () => {
  const { directors } = reportOf(done);
  assert.deepEqual(
    directors.map(({ director, measure }) => [director, measure?.steps.length ?? null]),
    [
      ['eu-1', 1],
      ['us-1', null],
    ],
  );
});
