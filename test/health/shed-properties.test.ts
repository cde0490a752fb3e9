// Shedding in a closed loop: clients whose resolvers cache, reports that are old and wrong by 30 %.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Controller,
  type Course,
  ownController,
  runCrowd,
  type Stage,
  turnsOf,
} from '../support/crowd.ts';

/** Calm for ten minutes, then busy for hours, then calm again. */
const rise = 600;

interface Trial extends Stage {
  /** From then on shares should have settled. */
  readonly settled: number;
  readonly fall: number;
}

interface TrialFacts extends Partial<Stage> {
  /** Traffic of each region's own clients while it is busy, in parts of its capacity. */
  readonly busy: readonly number[];
}

function aTrial({ busy, ...facts }: TrialFacts): Trial {
  const capacities = facts.capacities ?? busy.map(() => 1);
  const ttl = facts.ttl ?? { stable: 30, short: 10 };
  const settled = rise + 900 + 8 * ttl.stable;
  const fall = settled + 3600;
  const isBusy = (second: number): boolean => second >= rise && second < fall;
  return {
    seed: 1,
    low: 0.7,
    high: 0.9,
    every: 5,
    age: 3,
    noise: 0.3,
    demand: (region, second) =>
      (capacities[region] ?? 1) * (isBusy(second) ? (busy[region] ?? 0) : 0.4),
    seconds: fall + 1800 + 12 * ttl.stable,
    ...facts,
    capacities,
    ttl,
    settled,
    fall,
  };
}

const column = (rows: readonly (readonly number[])[], region: number): number[] =>
  rows.map((row) => row[region] ?? 0);

/** Which promises a course breaks. */
function brokenBy(trial: Trial, { shares, loads, moves }: Course): string[] {
  const { capacities, settled, fall, high, low, seconds } = trial;
  const total = capacities.reduce((sum, own) => sum + own, 0);
  const wanted = capacities.reduce((sum, _, region) => sum + trial.demand(region, rise), 0);
  const isEnough = wanted <= ((total * (low + high)) / 2) * 0.9;
  const broken = capacities.flatMap((_, region) => {
    const share = column(shares, region);
    const late = column(loads, region).slice(fall - 1200, fall);
    const mean = late.reduce((sum, load) => sum + load, 0) / late.length;
    const turns = turnsOf(share.slice(settled, fall));
    return [
      ...(turns > 1 ? [`region ${region} turns ${turns} times in an hour`] : []),
      ...(isEnough && mean > high * 1.05 ? [`region ${region} stays at ${mean.toFixed(2)}`] : []),
      ...(isEnough && (share[fall - 1] ?? 0) > 0 && mean < low * 0.93
        ? [`region ${region} sheds at ${mean.toFixed(2)}`]
        : []),
      ...(share.slice(0, rise).some((each) => each > 0) ? [`region ${region} sheds idly`] : []),
      ...(share.slice(seconds - 300).some((each) => each > 0)
        ? [`region ${region} never ends`]
        : []),
    ];
  });
  // Away and back by each region at most twice.
  const most = Math.max(...moves);
  return most > 4 * capacities.length ? [...broken, `a network moves ${most} times`] : broken;
}

/** What anybody would write first: up above the high watermark, down below the low one, at each report. */
function naiveController({ low, high, capacities }: Stage): Controller {
  const shares = capacities.map(() => 0);
  return (_second, reports) => {
    for (const [i, report] of reports.entries()) {
      const share = shares[i] ?? 0;
      if (report === undefined) continue;
      if (report.share > high) shares[i] = Math.min(1, share + 0.05);
      if (report.share < low) shares[i] = Math.max(0, share - 0.05);
    }
    return [...shares];
  };
}

const stories: readonly (readonly [title: string, facts: TrialFacts])[] = [
  ['one region is half as busy again as it can be', { busy: [1.5, 0.5, 0.5] }],
  ['a region is three times too busy for one of its size', { busy: [3, 0.2, 0.2, 0.2, 0.2, 0.2] }],
  ['busy regions spill into each other', { busy: [1.2, 1.1, 0.3, 0.3] }],
  ['those who take others in are small', { busy: [1.1, 0.5, 0.5, 0.5], capacities: [4, 1, 1, 1] }],
  ['the whole fleet is too busy', { busy: [1.4, 1.2, 1.3] }],
  ['there is room for a part', { busy: [1.4, 1.3, 0.6] }],
  ['answers live for five minutes', { busy: [1.5, 0.5, 0.4], ttl: { stable: 300, short: 60 } }],
  ['a region is just at the mark', { busy: [0.9, 0.5] }],
  ['reports are right', { busy: [1.5, 0.5, 0.5], noise: 0 }],
];

describe('shares settle where', () => {
  for (const [title, facts] of stories) {
    test(title, () => {
      const trial = aTrial(facts);
      assert.deepEqual(brokenBy(trial, runCrowd(trial, ownController(trial))), []);
    });
  }

  test('anything else is the case', () => {
    const trials = fc
      .record({
        seed: fc.nat(1_000_000),
        regions: fc.array(
          fc.record({
            capacity: fc.integer({ min: 1, max: 5 }),
            busy: fc.integer({ min: 2, max: 16 }).map((tenths) => tenths / 10),
          }),
          { minLength: 2, maxLength: 5 },
        ),
        stable: fc.integer({ min: 5, max: 300 }),
        part: fc.integer({ min: 1, max: 5 }),
        every: fc.integer({ min: 2, max: 10 }),
        age: fc.integer({ min: 0, max: 8 }),
      })
      .map(({ regions, stable, part, ...rest }) =>
        aTrial({
          ...rest,
          busy: regions.map(({ busy }) => busy),
          capacities: regions.map(({ capacity }) => capacity),
          ttl: { stable, short: Math.max(5, Math.floor(stable / part)) },
        }),
      );
    fc.assert(
      fc.property(trials, (trial) => {
        assert.deepEqual(brokenBy(trial, runCrowd(trial, ownController(trial))), []);
      }),
      { numRuns: 8 },
    );
  });
});

test('a controller that does not wait breaks these promises', () => {
  const trial = aTrial({ busy: [1.5, 0.5, 0.5] });
  const broken = brokenBy(trial, runCrowd(trial, naiveController(trial)));
  assert.match(broken.join('; '), /region 0 turns \d{2,} times in an hour/);
  assert.match(broken.join('; '), /a network moves \d{2,} times/);
});
