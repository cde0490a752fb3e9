import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Leaving, linger } from '../../src/simulation/leaving.ts';

test('who leaves evenly between two moments is gone in proportion, wherever they lie', () => {
  const leaving = new Leaving(11, 1000);
  leaving.add(2500, 7500, 0.5);
  leaving.add(3200, 3200, 0.25);
  const shares = leaving.remaining();
  const wanted = [1, 1, 1, 0.95, 0.6, 0.5, 0.4, 0.3, 0.25, 0.25, 0.25];
  for (const [i, share] of shares.entries()) {
    assert.ok(Math.abs(share - (wanted[i] ?? 0)) < 1e-9 || i === 4, `${i}: ${share}`);
  }
  assert.ok(Math.abs((shares[4] ?? 0) - 0.6) < 1e-9);
});

test('what lies beyond the end changes nothing before it', () => {
  const leaving = new Leaving(3, 1000);
  leaving.add(1000, 5000, 1);
  leaving.add(9000, 9000, 1);
  assert.deepEqual([...leaving.remaining()], [1, 1, 0.75]);
});

test('lingering after a step at 0 is a slope', () => {
  const shares = new Float64Array(8);
  shares[0] = 1;
  const lingering = linger(
    Float64Array.from({ length: 8 }, (_, i) => (i === 0 ? 1 : 0)),
    4000,
    1000,
  );
  // The first step is itself read as a slope of one step.
  const wanted = [1, 0.875, 0.625, 0.375, 0.125, 0, 0, 0];
  for (const [i, share] of lingering.entries()) {
    assert.ok(Math.abs(share - (wanted[i] ?? 0)) < 1e-9, `${i}: ${share}`);
  }
});
