// A drill as a whole: what it takes at most, and when it moves anybody.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseOf } from '../../src/drill/course.ts';
import { margin } from '../../src/drill/next.ts';
import { longestOverride } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import { aPlan } from '../support/drill.ts';
import { noon } from '../support/fleet.ts';

test('it lasts until its last word has ended by itself, and moves clients at every step', () => {
  const course = courseOf(aPlan(), noon);
  assert.equal(course.share, 1);
  assert.equal(course.span, 60_000 + 3 * 30_000 + margin);
  assert.deepEqual(
    course.turns.map((turn) => (turn - noon) / 1000),
    [60, 100, 90, 130, 120, 160],
  );
});

test('no word lasts longer than overrides may', () => {
  const step = { share: 1, hold: millis(longestOverride) };
  assert.equal(courseOf(aPlan({ steps: [step] }), noon).span, longestOverride);
});
