// Adding up what directors measured of a step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSteps } from '../../src/drill/fleet-sum.ts';
import { aStepMeasure } from '../support/drill-report.ts';

const nobody = aStepMeasure({
  networks: 0,
  asked: 0,
  moved: 0,
  due: 0,
  firstMoved: null,
  askedAgain: { 50: null, 90: null, 99: null },
  curve: [0, 0],
});

test('one director is told as it is, whoever else had no clients of the region', () => {
  assert.equal(addSteps([nobody, aStepMeasure()]).askedAgain[90], 18.126);
});

test('several are added, and the last to move anybody counts', () => {
  const slow = aStepMeasure({ firstMoved: 3, curve: [0, 0, 0, 10, 90, 98, 98, 98] });
  const sum = addSteps([aStepMeasure({ curve: [0, 80, 90, 95, 95] }), slow]);
  assert.equal(sum.networks, 200);
  assert.equal(sum.moved, 190);
  assert.equal(sum.firstMoved, 3);
  assert.deepEqual(sum.curve, [0, 80, 90, 105, 185, 193, 193, 193]);
  // 100, 180 and 198 of 200 networks had asked by these moments of the curve.
  assert.deepEqual(sum.askedAgain, { 50: 1, 90: 1.5, 99: null });
});

test('a director that moved nobody of those that it should have has no first moved answer', () => {
  const still = aStepMeasure({ moved: 0, firstMoved: null });
  assert.equal(addSteps([aStepMeasure(), still]).firstMoved, null);
  const none = aStepMeasure({ due: 0, moved: 0, firstMoved: null });
  assert.equal(addSteps([aStepMeasure(), none]).firstMoved, 0.4);
});
