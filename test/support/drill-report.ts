// Reports of drills for tests: one in its first step at two directors, and what three measured of a whole one.

import type { DrillReport } from '../../src/model/drill.ts';
import type { DrillMeasure, ReturnMeasure, StepMeasure } from '../../src/model/drill-measure.ts';

export const someReturns: ReturnMeasure = {
  ttl: 10,
  pairs: 380,
  counts: [0, 700, 12, 20, 44, 8, 0, 0],
  late: 19,
  silent: 4,
};

/** A step in which all of its 100 networks asked again within 20 s, and those that should have moved. */
export function aStepMeasure(change: Partial<StepMeasure> = {}): StepMeasure {
  return {
    share: 1,
    heard: 0.1,
    networks: 100,
    asked: 95,
    moved: 95,
    due: 95,
    firstMoved: 0.4,
    askedAgain: { 50: 9, 90: 18.126, 99: null },
    curve: [0, 2, 5, 10, 15, 20, 30, 40],
    ...change,
  };
}

export function aMeasure(steps: readonly StepMeasure[] = [aStepMeasure()]): DrillMeasure {
  return { drill: '20260501T120000000Z-d1', steps, returns: someReturns, unnoted: 0 };
}

const { steps, returns, unnoted } = aMeasure([
  aStepMeasure({ share: 0.25, networks: 400, asked: 200, moved: 51, due: 51, firstMoved: 0.42 }),
]);

export const aDrillReport: DrillReport = {
  id: '20260501T120000000Z-d1',
  director: 'd1',
  region: 'eu-west',
  actor: 'alice',
  reason: 'quarterly drill',
  phase: 'step',
  step: 1,
  startedAt: '2026-05-01T12:00:00.000Z',
  until: '2026-05-01T12:05:00.000Z',
  plan: [
    { share: 0.25, hold: '5m' },
    { share: 1, hold: '5m' },
  ],
  steps: [
    {
      step: 1,
      startedAt: '2026-05-01T12:00:00.000Z',
      endedAt: null,
      share: 0.25,
      networks: 400,
      asked: 200,
      moved: 51,
      predicted: 0.255,
      observed: 0.255,
      firstMovedSeconds: 0.42,
      askedAgainSeconds: { 50: 9.5, 90: null, 99: null },
      curve: [
        [0, 0],
        [10, 0.5],
      ],
      predictedCurve: [
        [0, 0],
        [10, 0.92],
      ],
    },
  ],
  others: [
    {
      region: 'us-east',
      before: 'up',
      last: 'up',
      loadBefore: 0.4,
      loadMost: 0.52,
      course: [
        { seconds: 0, load: 0.4, verdict: 'up' },
        { seconds: 60, load: 0.52, verdict: 'up' },
      ],
    },
  ],
  numbers: [],
  objectives: [
    { objective: 'firstMoved', step: 1, withinSeconds: 5, seconds: 0.42, isMet: true },
    { objective: 'firstMoved', step: 2, withinSeconds: 5, seconds: null, isMet: false },
  ],
  isMet: null,
  abort: null,
  unnoted: 0,
  ttl: { stable: 60, short: 10 },
  rules: ['minRegions'],
  directors: [
    { director: 'd1', measure: { steps, returns, unnoted } },
    { director: 'd2', measure: null },
  ],
};
