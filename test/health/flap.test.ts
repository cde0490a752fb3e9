// The penalty for going down often: when it suppresses a region, for how long, and never for ever.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  addFlap,
  describeFlaps,
  type Flaps,
  longestSuppression,
  noFlaps,
  penaltyAt,
  shiftFlaps,
} from '../../src/health/flap.ts';
import { millis } from '../../src/model/time.ts';

const minute = 60_000;
const tenMinutes = millis(10 * minute);

/** Flaps at these minutes. */
function flap(minutes: readonly number[], halfLife = tenMinutes): Flaps {
  return minutes.reduce((flaps, at) => addFlap(flaps, halfLife, millis(at * minute)), noFlaps);
}

/** Minutes from the last flap until the region is free. */
function waitOf({ until, last }: Flaps): number {
  return Math.round((until - last) / minute);
}

describe('a region that goes down', () => {
  test('once or twice is not suppressed', () => {
    assert.ok(flap([100]).until < 100 * minute);
    assert.ok(flap([100, 100]).until < 100 * minute);
  });

  test('three times in quick succession is, until it was quiet for two half-lives', () => {
    assert.equal(waitOf(flap([100, 100, 100])), 20);
    assert.equal(waitOf(flap([100, 100, 100], millis(5 * minute))), 10);
    assert.equal(waitOf(flap([100, 103, 106])), 17);
  });

  test('three times within an hour is not', () => {
    assert.ok(flap([0, 25, 50]).until < 50 * minute);
  });

  test('again while it is suppressed waits from then on, even when most is forgiven', () => {
    const flaps = flap([100, 100, 100, 118]);
    assert.ok(penaltyAt(flaps, tenMinutes, millis(118 * minute)) < 2);
    assert.equal(waitOf(flaps), 13);
  });

  test('ever so often waits for an hour at most', () => {
    assert.equal(waitOf(flap(Array.from({ length: 500 }, (_, i) => i / 10))), 60);
    assert.equal(waitOf(flap([0, 0, 0, 0, 0], millis(30 * minute))), 60);
  });

  test('is never suppressed where the operator does not want it', () => {
    assert.deepEqual(flap([1, 1, 1, 1, 1], millis(0)), noFlaps);
    assert.equal(penaltyAt(flap([1, 1]), millis(0), millis(0)), 0);
  });
});

describe('the words', () => {
  test('say how often, and within what time', () => {
    const flaps = flap([100, 103, 104, 109]);
    assert.equal(describeFlaps(flaps, flaps.last), 'it went down 4 times within 9 min');
    assert.equal(
      describeFlaps(flap([1, 1, 1]), millis(minute)),
      'it went down 3 times within 1 min',
    );
  });

  test('leave out what was before the region had been quiet', () => {
    const flaps = flap([0, 40, 40, 40]);
    assert.equal(describeFlaps(flaps, flaps.last), 'it went down 3 times within 1 min');
  });

  test('are none when the region is not suppressed, or no more', () => {
    assert.equal(describeFlaps(noFlaps, millis(0)), '');
    const flaps = flap([1, 1, 1]);
    assert.equal(describeFlaps(flaps, flaps.until), '');
  });
});

test('flaps move with a clock that is set', () => {
  const flaps = flap([100, 103, 106]);
  const moved = shiftFlaps(flaps, -90 * minute);
  assert.deepEqual(moved, { ...flap([10, 13, 16]), penalty: moved.penalty });
  assert.ok(Math.abs(moved.penalty - flaps.penalty) < 1e-9);
});

describe('properties', () => {
  // Moments in any order: a clock may be set back.
  const moments = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { maxLength: 60 });
  const halfLives = fc.integer({ min: 1, max: 1_800_000 }).map(millis);

  test('the penalty is never negative, and nobody waits for more than an hour after a flap', () => {
    fc.assert(
      fc.property(moments, halfLives, fc.integer(), (history, halfLife, later) => {
        let flaps = noFlaps;
        for (const at of history) {
          flaps = addFlap(flaps, halfLife, millis(at));
          assert.ok(flaps.penalty >= 0 && Number.isFinite(flaps.penalty));
          assert.ok(flaps.until - at <= longestSuppression);
          assert.ok(flaps.count >= 1);
        }
        assert.ok(penaltyAt(flaps, halfLife, millis(later)) >= 0);
      }),
    );
  });

  test('three flaps at once suppress, whatever the half-life', () => {
    fc.assert(
      fc.property(halfLives, (halfLife) => {
        const at = millis(1_000_000);
        const thrice = [1, 2, 3].reduce((flaps) => addFlap(flaps, halfLife, at), noFlaps);
        assert.ok(thrice.until > at);
      }),
    );
  });
});
