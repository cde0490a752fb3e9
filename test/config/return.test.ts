// How regions come back: spans alone, and spans that must fit each other.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mainText, faultsOf, settingsOf } from '../support/config.ts';

const withReturn = (text: string): string => `${mainText}health: { return: ${text} }\n`;

function read(text: string): number[] {
  const { hold, stage, longestHold } = settingsOf({ main: withReturn(text) }).health.return;
  return [hold, stage, longestHold].map((span) => span / 1000);
}

describe('a return', () => {
  test('is in stages unless the operator says otherwise', () => {
    assert.deepEqual(read('{}'), [120, 60, 3600]);
    assert.deepEqual(read('{ hold: 0s, stage: 0s }'), [0, 0, 3600]);
  });

  test('has no longest hold that is shorter than the first', () => {
    assert.deepEqual(read('{ hold: 2h }'), [7200, 60, 7200]);
    assert.deepEqual(read('{ hold: 5m, longestHold: 5m }'), [300, 60, 300]);
    const main = withReturn('{ hold: 5m, longestHold: 4m }');
    const line = main.split('\n').length - 1;
    assert.deepEqual(faultsOf({ main }), [
      `meridian.yaml:${line}:31: /health/return/longestHold: is 4m, but health.return.hold is 5m: a hold grows and never shrinks (config.value)`,
    ]);
  });

  test('tells all its faults at once', () => {
    const faults = faultsOf({ main: withReturn('{ hold: 2d, stage: 2h, longestHold: 3d }') });
    assert.equal(faults.length, 3);
    for (const path of ['hold', 'stage', 'longestHold']) {
      assert.ok(faults.some((fault) => fault.includes(`/health/return/${path}: `)));
    }
  });
});
