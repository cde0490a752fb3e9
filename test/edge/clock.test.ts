// The real clock: sleeps end at their time or when told to, and never in an error.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createClock } from '../../src/edge/clock.ts';
import { millis } from '../../src/model/time.ts';

test('a sleep ends when its span is over, and leaves nothing on the signal', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { signal } = new AbortController();
  const clock = createClock();
  let isAwake = false;
  const sleep = clock.sleep(millis(50), signal).then(() => {
    isAwake = true;
  });
  t.mock.timers.tick(49);
  await Promise.resolve();
  assert.equal(isAwake, false);
  t.mock.timers.tick(1);
  await sleep;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('time goes on from when the clock was made, whatever the clock of the system is set to', () => {
  const system = { wall: 5_000_000, steady: 70 };
  const clock = createClock(
    () => system.wall,
    () => system.steady,
  );
  assert.equal(clock.now(), 5_000_000);
  system.steady += 1000.7;
  system.wall += 3_600_000;
  assert.equal(clock.now(), 5_001_000);
  system.wall -= 86_400_000;
  assert.equal(clock.now(), 5_001_000);
});

test('an abort wakes at once, and a sleep on an aborted signal does not begin', async () => {
  const stop = new AbortController();
  const clock = createClock();
  const sleep = clock.sleep(millis(3_600_000), stop.signal);
  stop.abort();
  await sleep;
  await clock.sleep(millis(3_600_000), stop.signal);
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
});

test('a span longer than any timer of the system does not end at once', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = new AbortController();
  let isAwake = false;
  const sleep = createClock()
    .sleep(millis(2 ** 40), stop.signal)
    .then(() => {
      isAwake = true;
    });
  t.mock.timers.tick(1_000_000);
  await Promise.resolve();
  assert.equal(isAwake, false);
  stop.abort();
  await sleep;
});
