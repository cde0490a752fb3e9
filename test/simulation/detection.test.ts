import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Cause, type Detection, momentsOf } from '../../src/simulation/detection.ts';
import { millis } from '../../src/model/time.ts';

/** As the fleet of test/system/network.test.ts is set. */
const fleet: Detection = {
  cause: 'refused',
  probes: { interval: millis(1000), timeout: millis(900), downAfter: 3 },
  observers: 3,
  hasOwnObserver: true,
  voteLifetime: millis(17_000),
  postEvery: millis(500),
  news: [0, 100],
};

function movesOf(changes: Partial<Detection>): { first: number; mean: number; last: number } {
  const moves = momentsOf({ ...fleet, ...changes }).map(({ movesAt }) => movesAt);
  const mean = moves.reduce((sum, each) => sum + each, 0) / moves.length;
  return { first: Math.min(...moves), mean, last: Math.max(...moves) };
}

describe('detection', () => {
  test('agrees with what docs/failures.md measured on a network', () => {
    const measured: readonly (readonly [Cause, number])[] = [
      ['refused', 2500],
      ['silent', 3800],
      ['lost', 3900],
      ['drained', 50],
    ];
    for (const [cause, moved] of measured) {
      const { first, last } = movesOf({ cause });
      assert.ok(moved >= first && moved <= last, `${cause}: ${moved} in ${first} to ${last}`);
    }
  });

  test('the second of three observers decides: half an interval after the failure on average', () => {
    const { first, mean, last } = movesOf({ news: [0, 0] });
    assert.ok(Math.abs(mean - 2500) < 30, `${mean}`);
    assert.ok(first >= 1800 && last <= 3300, `${first} to ${last}`);
  });

  test('an observer alone decides for itself, at any moment of an interval', () => {
    const { first, mean, last } = movesOf({ observers: 1, hasOwnObserver: false, news: [0, 0] });
    assert.ok(first < 1850 && last > 3150, `${first} to ${last}`);
    assert.ok(Math.abs(mean - 2500) < 15, `${mean}`);
  });

  test('a probe that times out is waited for, and one longer than the interval holds up the next', () => {
    const refused = movesOf({});
    assert.ok(Math.abs(movesOf({ cause: 'silent' }).mean - refused.mean - 900) < 1e-6);
    const slow = { interval: millis(1000), timeout: millis(4000), downAfter: 3 };
    assert.ok(movesOf({ cause: 'silent', probes: slow }).first >= 12_000);
  });

  test('with two observers, the loss of one is believed once its votes are too old', () => {
    const two = movesOf({ cause: 'lost', observers: 2 });
    assert.ok(two.first >= 16_500 && two.last <= 17_000, `${two.first} to ${two.last}`);
    // The origin alone: both must have seen it.
    assert.ok(movesOf({ cause: 'refused', observers: 2 }).last < 3400);
  });

  test('what cannot be noticed never moves', () => {
    assert.equal(movesOf({ probes: undefined }).first, Number.POSITIVE_INFINITY);
    assert.equal(movesOf({ cause: 'lost', observers: 1 }).first, Number.POSITIVE_INFINITY);
    // A drain needs no probe.
    assert.ok(movesOf({ cause: 'drained', probes: undefined }).last <= 100);
  });

  test('doubt comes first, and before it nothing moves', () => {
    for (const cause of ['refused', 'silent', 'lost', 'drained'] as const) {
      for (const { doubtsAt, movesAt } of momentsOf({ ...fleet, cause })) {
        assert.ok(doubtsAt <= movesAt && doubtsAt >= 0);
      }
    }
  });
});
