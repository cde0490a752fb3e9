// What share of answers moved: the minute before a change against the minute after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleEvery, watchAnswers } from '../../../src/director/record/answer-shares.ts';
import type { AnswersChange } from '../../../src/model/answers.ts';
import type { Change, DirectorEvent } from '../../../src/model/event.ts';
import { millis } from '../../../src/model/time.ts';
import { noon } from '../../support/fleet.ts';

function stage() {
  const chosen = new Map<string, number>();
  let now = millis(noon);
  const watch = watchAnswers(() => chosen, { now: () => now });
  const told: AnswersChange[] = [];
  const pass = (seconds: number, perSample: Readonly<Record<string, number>>): void => {
    for (let passed = 0; passed < seconds * 1000; passed += sampleEvery) {
      now = millis(now + sampleEvery);
      for (const [region, count] of Object.entries(perSample)) {
        chosen.set(region, (chosen.get(region) ?? 0) + count);
      }
      const change = watch.sample();
      if (change !== undefined) told.push(change);
    }
  };
  const happen = (id: string, type: Change['type'] = 'override', from = ''): void =>
    watch.note({ type, id, from } as DirectorEvent);
  return { pass, happen, told, end: watch.end };
}

test('shares are those of one minute on either side, whatever was before', () => {
  const { pass, happen, told } = stage();
  happen('the first verdict of all', 'verdict', 'none');
  pass(600, { eu: 1, us: 1 });
  pass(60, { eu: 3, us: 1 });
  happen('a');
  pass(55, { us: 2 });
  assert.deepEqual(told, []);
  pass(5, { us: 2 });
  assert.deepEqual(told, [
    {
      type: 'answers',
      causes: ['a'],
      before: { seconds: 60, answers: 48, shares: { eu: 0.75, us: 0.25 } },
      after: { seconds: 60, answers: 24, shares: { us: 1 } },
      moved: 0.75,
    },
  ]);
  pass(300, { us: 1 });
  assert.equal(told.length, 1);
});

test('what happens meanwhile belongs to the same measurement, up to a bound', () => {
  const { pass, happen, told } = stage();
  pass(20, { eu: 1 });
  for (let i = 0; i < 50; i++) happen(`${i}`, 'verdict');
  happen('no cause', 'gossip');
  happen('nor that', 'answers');
  pass(60, {});
  assert.equal(told[0]?.causes.length, 20);
  assert.equal(told[0].more, 30);
  assert.equal(told[0].moved, null, 'there were no answers afterwards');
  assert.deepEqual(told[0]?.before, { seconds: 20, answers: 4, shares: { eu: 1 } });
  assert.deepEqual(told[0]?.after, { seconds: 60, answers: 0, shares: {} });
});

test('what is under way at the end is told as far as it goes', () => {
  const { pass, happen, end } = stage();
  pass(60, { eu: 1 });
  assert.equal(end(), undefined);
  happen('a', 'return');
  pass(10, { eu: 1, us: 1 });
  const { causes, moved, after } = end() ?? {};
  assert.deepEqual([causes, moved, after?.seconds], [['a'], 0.5, 10]);
  assert.equal(end(), undefined);
});

test('every change that automation makes is one that is measured', () => {
  for (const type of ['verdict', 'return', 'shed', 'override', 'service', 'isolation'] as const) {
    const { pass, happen, told } = stage();
    happen(type, type);
    pass(60, { eu: 1 });
    assert.deepEqual(told[0]?.causes, [type]);
  }
});
