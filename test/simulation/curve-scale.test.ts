import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeScaleOf } from '../../src/simulation/curve-scale.ts';
import { millis } from '../../src/model/time.ts';

const left = (last: number | undefined) => {
  const at = last === undefined ? undefined : millis(last * 1000);
  return [{ left: { 50: millis(10_000), 90: millis(20_000), 99: at } }];
};

test('an axis ends at a round moment after the slowest hundredth, and within an hour', () => {
  assert.equal(timeScaleOf(left(30)).end, 60_000);
  assert.equal(timeScaleOf(left(320)).end, 600_000);
  assert.equal(timeScaleOf(left(3500)).end, 3_600_000);
  assert.equal(timeScaleOf(left(undefined)).end, 3_600_000);
});

test('places and moments lead to each other, and nothing lies outside', () => {
  const scale = timeScaleOf(left(320));
  for (const place of [0, 0.2, 0.5, 1]) {
    assert.ok(Math.abs(scale.place(scale.at(place)) - place) < 1e-12);
  }
  assert.deepEqual(
    [scale.place(-5), scale.place(1e12), scale.place(Number.POSITIVE_INFINITY)],
    [0, 1, 1],
  );
});

test('ticks are round, in order, and far enough apart to be written', () => {
  for (const last of [30, 100, 320, 800, undefined]) {
    const { ticks, end, place } = timeScaleOf(left(last));
    assert.equal(ticks[0], 0);
    assert.equal(ticks.at(-1), end);
    for (const [i, tick] of ticks.slice(1).entries()) {
      assert.ok(place(tick) - place(ticks[i] ?? 0) >= 0.12, ticks.join(' '));
    }
  }
});
