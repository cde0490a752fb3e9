// Counting who moved: former clients of the region, when they asked again, and what was due.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMeasure } from '../../src/drill/measure.ts';
import { millis } from '../../src/model/time.ts';

const at = (seconds: number) => millis(seconds * 1000);

describe('a measure', () => {
  test('tells of each step when its networks asked again, and which of them moved', () => {
    const measure = createMeasure();
    for (let network = 0; network < 10; network++) measure.note(network, true, at(0));
    measure.note(99, false, at(0));
    measure.beginStep(at(100), (network) => network < 5);
    for (let network = 0; network < 9; network++) {
      measure.note(network, network >= 4, at(101 + network));
    }
    const seen = measure.measured(at(130));
    assert.deepEqual(
      { ...seen, curve: undefined },
      {
        networks: 10,
        asked: 9,
        moved: 4,
        due: 5,
        firstMoved: 1,
        askedAgain: { 50: 5, 90: 9, 99: undefined },
        curve: undefined,
      },
    );
    assert.deepEqual(seen?.curve.slice(0, 4), [
      [0, 0],
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
    ]);
    assert.deepEqual(seen?.curve.at(-1), [30, 0.9]);
  });

  test('leaves out of a step whoever had moved before it', () => {
    const measure = createMeasure();
    measure.note(1, true, at(0));
    measure.note(2, true, at(0));
    measure.beginStep(at(10), () => true);
    measure.note(1, false, at(11));
    measure.beginStep(at(20), () => true);
    assert.equal(measure.measured(at(20))?.networks, 1);
  });

  test('has bounded room, and says how many it did not note', () => {
    const measure = createMeasure();
    for (let network = 0; network < 32_768 + 7; network++) measure.note(network, true, at(0));
    assert.equal(measure.unnoted(), 7);
    measure.beginStep(at(1), () => true);
    assert.equal(measure.measured(at(1))?.networks, 32_768);
  });

  test('says nothing before the first step, and of nobody no shares', () => {
    const measure = createMeasure();
    assert.equal(measure.measured(at(0)), undefined);
    measure.beginStep(at(0), () => true);
    assert.deepEqual(measure.measured(at(5))?.curve, []);
    assert.equal(measure.measured(at(5))?.askedAgain[50], undefined);
  });
});
