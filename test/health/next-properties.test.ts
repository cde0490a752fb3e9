// The promise of the next change, against the real damping and tally: nothing ever comes before it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addSample, type Damper, opinionOf, startDamper } from '../../src/health/damp.ts';
import { nextChange } from '../../src/health/next.ts';
import { tally } from '../../src/health/tally.ts';
import type { HealthView, HeardVote } from '../../src/model/health.ts';
import { type Millis, millis } from '../../src/model/time.ts';
import { director, eu } from '../support/votes.ts';
import { region } from '../support/watch-stage.ts';

/** One director that observes: when it samples, what it finds, and when it is not heard. */
interface Plan {
  readonly place: string;
  /** For each sample: whether it succeeds, how long it takes and the jitter, as shares of the most. */
  readonly samples: readonly (readonly [isHealthy: boolean, took: number, jitter: number])[];
  /** From and until when its posts are lost, in ms. */
  readonly cut: readonly [number, number];
}

const places = ['eu', 'us', 'ap', 'sa', 'af'];
/** Shares of the most, often the least or the most of all. */
const share = fc.oneof(fc.constantFrom(0, 0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
/** Spells of the same result, so that verdicts turn, and failures between successes. */
const marks = fc.constantFrom('+', '-', '-+', '-+-+-+-+-+', '---', '------', '+++++++');
const timing = fc.tuple(share, share);
const plan = fc.record({
  place: fc.constantFrom(...places),
  samples: fc
    .tuple(
      fc.array(marks, { minLength: 4, maxLength: 20 }).map((list) => list.join('')),
      fc.array(timing, { minLength: 1, maxLength: 50 }),
    )
    .map(([text, rows]) =>
      Array.from(text, (mark, i): Plan['samples'][number] => {
        const [took, jitter] = rows[i % rows.length] ?? [0, 0];
        return [mark === '+', took, jitter];
      }),
    ),
  cut: fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.nat(60_000)),
});
const scene = fc.record({
  observers: fc.shuffledSubarray(places, { minLength: 1, maxLength: 4 }),
  plans: fc.array(plan, { minLength: 1, maxLength: 5 }),
  interval: fc.constantFrom(500, 2000, 5000, 20_000).map(millis),
  downAfter: fc.integer({ min: 1, max: 6 }),
  upAfter: fc.integer({ min: 1, max: 6 }),
  holdDown: fc.constantFrom(0, 0, 10_000, 40_000).map(millis),
  flapHalfLife: fc.constantFrom(0, 0, 3000).map(millis),
  /** A probe that waits for its turn may take longer than an interval. */
  longest: fc.constantFrom(0.4, 0.9, 1.6),
  voteLifetime: fc.constantFrom(5000, 17_000),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

const postEvery = 2000;
const tick = 250;
const length = 90_000;

/** A director at work; `heard` is what the others have of it. */
interface Worker {
  readonly plan: Plan;
  damper: Damper;
  sampled: number;
  startedAt: number;
  doneAt: number;
  postAt: number;
  heard: HeardVote;
}

function startWorkers({ plans, interval, longest }: Scene): Worker[] {
  return plans.map((one, i) => {
    const startedAt = (one.samples[0]?.[2] ?? 0) * Math.min(interval, 1000);
    const doneAt = startedAt + (one.samples[0]?.[1] ?? 0) * longest * interval;
    const damper = startDamper(millis(0));
    const observer = `${one.place}-${i}`;
    const first = { observer, region: one.place, incarnation: 1, sequence: 1, opinions: new Map() };
    const heard = { vote: first, freshAt: millis(0) };
    return { plan: one, damper, sampled: 0, startedAt, doneAt, postAt: 0, heard };
  });
}

function sampleOf({ plan: { samples }, sampled }: Worker): Plan['samples'][number] {
  return samples[sampled % samples.length] ?? [true, 0, 0];
}

/** Takes in the sample that is done, as `director/watch.ts` does, and begins the next one. */
function probe(worker: Worker, one: Scene, now: Millis): void {
  const [isHealthy, , jitter] = sampleOf(worker);
  const before = opinionOf(worker.damper);
  const sample = { isHealthy, latency: millis(1), reason: isHealthy ? '' : 'no' };
  worker.damper = addSample(worker.damper, sample, one, now);
  const after = opinionOf(worker.damper);
  worker.sampled++;
  const unknown = Math.min(one.interval, 1000);
  const period = (after.verdict === 'unknown' ? unknown : one.interval) * (0.9 + 0.2 * jitter);
  worker.startedAt = Math.max(now, worker.startedAt + period);
  worker.doneAt = worker.startedAt + sampleOf(worker)[1] * one.longest * one.interval;
  const isNews = after.verdict !== before.verdict || after.isSuspect !== before.isSuspect;
  if (isNews || now >= worker.postAt) post(worker, now);
}

function post(worker: Worker, now: Millis): void {
  const { cut } = worker.plan;
  worker.postAt = now + postEvery;
  if (now >= cut[0] && now < cut[0] + cut[1]) return;
  const opinions = new Map([[eu, opinionOf(worker.damper)]]);
  worker.heard = { vote: { ...worker.heard.vote, opinions }, freshAt: now };
}

/** Lets a scene happen; fails where something comes before its promise. Gives how much changed. */
function play(one: Scene): number {
  const { interval, downAfter, upAfter, holdDown, flapHalfLife } = one;
  const usual = region('eu', { interval, downAfter, upAfter, holdDown, flapHalfLife });
  const { observers } = one;
  const voteLifetime = millis(one.voteLifetime);
  const workers = startWorkers(one);
  let previous: HealthView = new Map();
  /** The latest moment promised since the last change: for the verdict, and for its majority. */
  let promised = { verdict: 0, majority: 0 };
  let changes = 0;
  const look = (now: Millis): void => {
    const votes = workers.map(({ heard }) => heard);
    const facts = { observers, votes, voteLifetime, now };
    const before = previous.get(eu);
    previous = tally({ ...director, ...facts, regions: [usual], previous });
    const health = previous.get(eu);
    assert.ok(health);
    const hasTurned = before !== undefined && health.verdict !== before.verdict;
    const isLost = health.isKept && before?.isKept === false;
    if (hasTurned) assert.ok(now >= promised.verdict, `turned at ${now}: ${tell(promised)}`);
    if (isLost) assert.ok(now >= promised.majority, `kept since ${now}: ${tell(promised)}`);
    if (hasTurned || isLost) changes++;
    if (hasTurned) promised = { verdict: 0, majority: 0 };
    if (isLost) promised.majority = 0;
    const next = nextChange({ ...facts, region: usual, health, override: undefined });
    const at = next?.at ?? Number.POSITIVE_INFINITY;
    promised.verdict = Math.max(promised.verdict, at);
    if (!health.isKept) promised.majority = Math.max(promised.majority, at);
  };
  let now = 0;
  for (let ticks = 0; now < length; ) {
    const next = Math.min(...workers.map(({ doneAt, postAt }) => Math.min(doneAt, postAt)));
    now = Math.min(next, ticks * tick);
    if (now === ticks * tick) ticks++;
    for (const worker of workers) {
      if (worker.doneAt <= now) probe(worker, one, millis(now));
      if (worker.postAt <= now) post(worker, millis(now));
    }
    look(millis(now));
  }
  return changes;
}

function tell({ verdict, majority }: { verdict: number; majority: number }): string {
  return `verdict promised until ${verdict}, majority until ${majority}`;
}

/**
 * As soon as can be: a probe that was under way when its observer last spoke, and for longer than an
 * interval, then two that fail at once, the last after the shortest interval.
 */
const worst: Scene = {
  observers: ['us'],
  plans: [
    {
      place: 'us',
      samples: [
        [true, 0, 0],
        [false, 0.94, 0],
        [false, 0, 0],
        [false, 0, 0],
      ],
      cut: [90_000, 0],
    },
  ],
  interval: millis(5000),
  downAfter: 3,
  upAfter: 2,
  holdDown: millis(0),
  flapHalfLife: millis(0),
  longest: 1.6,
  voteLifetime: 17_000,
};

test('no verdict turns, and no majority is lost, before the moment that was promised', () => {
  let changes = 0;
  fc.assert(
    fc.property(scene, (one) => {
      changes += play(one);
    }),
    { numRuns: 150, examples: [[worst]] },
  );
  assert.ok(changes > 100, `${changes} changes are enough to say so`);
});
