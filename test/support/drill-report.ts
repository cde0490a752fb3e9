// Reports of drills for tests: one in its first step at two directors, and what three measured of a whole one.

import { predictedShare } from '../../src/drill/predicted.ts';
import type { DrillReport } from '../../src/model/drill.ts';
import {
  curveMoments,
  type DrillMeasure,
  type ReturnMeasure,
  type StepMeasure,
} from '../../src/model/drill-measure.ts';

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
  judgements: [null, 0, 1].map((step) => ({
    step,
    at: '2026-05-01T12:00:00.000Z',
    rule: 'minRegions',
    isAllowed: true,
    figures: 'the fleet has 2 whole regions of 3, and 1 must serve',
  })),
  directors: [
    { director: 'd1', measure: { steps, returns, unnoted } },
    { director: 'd2', measure: null },
  ],
};

const asked = [
  0, 0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.41, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94, 0.95, 0.95, 0.96,
  0.97,
];

function stepsOf(size: number): StepMeasure[] {
  return [0.25, 1].map((share, i) => {
    const networks = Math.round(size * (1 - i / 4));
    const curve = asked.map((each) => Math.round(each * networks));
    const returned = curve.at(-1) ?? 0;
    const moved = Math.round(returned * (i === 0 ? 0.25 : 1));
    const askedAgain = { 50: 5.2, 90: 9.31, 99: null };
    return aStepMeasure({ share, networks, asked: returned, moved, due: moved, askedAgain, curve });
  });
}

const seconds = Array.from({ length: 40 }, (_, i) => i * 2);

/** Done as planned: two steps at three directors, with loads of two other regions. */
export const wholeDrillReport: DrillReport = {
  ...aDrillReport,
  phase: 'done',
  step: 2,
  startedAt: '2026-05-01T12:00:00.000Z',
  until: '2026-05-01T12:01:20.000Z',
  plan: [
    { share: 0.25, hold: '20s' },
    { share: 1, hold: '20s' },
  ],
  steps: stepsOf(800).map(({ share, networks, asked: returned, moved, curve }, i) => ({
    step: i + 1,
    startedAt: `2026-05-01T12:00:${i === 0 ? '40' : '59'}.000Z`,
    endedAt: `2026-05-01T12:${i === 0 ? '00:59' : '01:20'}.000Z`,
    share,
    networks,
    asked: returned,
    moved,
    predicted: share,
    observed: share,
    firstMovedSeconds: 0.4,
    askedAgainSeconds: { 50: 6, 90: 10, 99: null },
    curve: curve.map((count, k) => [curveMoments[k] ?? 0, count / networks] as const),
    predictedCurve: curve.map((_, k) => {
      return [curveMoments[k] ?? 0, predictedShare(curveMoments[k] ?? 0, 10)] as const;
    }),
  })),
  others: ['us-east', 'ap-northeast'].map((region, k) => ({
    region,
    before: 'up',
    last: 'up',
    loadBefore: 0.3,
    loadMost: 0.61,
    course: seconds.map((at) => ({
      seconds: at,
      load: 0.3 + (at > 40 ? 0.31 / (k + 1) : 0),
      verdict: 'up',
    })),
  })),
  numbers: [
    {
      number: 'errors at https://metrics.example.test/ratio',
      bound: 'above',
      limit: 0.05,
      forSeconds: 0,
      onSilence: 'abort',
      before: 0.001,
      last: 0.002,
      worst: 0.004,
      readings: 16,
      failures: 0,
      reason: '',
    },
  ],
  objectives: [1, 2].flatMap((step) => [
    { objective: 'firstMoved', step, withinSeconds: 5, seconds: 0.4, isMet: true },
    { objective: 'drained', step, withinSeconds: 30, seconds: 10, isMet: true },
  ]),
  isMet: true,
  directors: ['eu-west-1', 'us-east-1', 'ap-northeast-1'].map((director, i) => ({
    director,
    measure: { steps: stepsOf(400 - 100 * i), returns: someReturns, unnoted: 0 },
  })),
};
