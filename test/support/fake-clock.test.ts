// The clock that other tests rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import { createFakeClock } from './fake-clock.ts';

const never = new AbortController().signal;

test('sleepers wake in order of time, each seeing the time it asked for', async () => {
  const clock = createFakeClock(0);
  const woken: string[] = [];
  const sleep = async (name: string, span: number): Promise<void> => {
    await clock.sleep(millis(span), never);
    woken.push(`${name} at ${clock.now()}`);
  };
  void sleep('c', 30);
  void sleep('a', 10);
  void sleep('b1', 20);
  void sleep('b2', 20);
  await clock.advance(20);
  assert.deepEqual(woken, ['a at 10', 'b1 at 20', 'b2 at 20']);
  assert.equal(clock.now(), 20);
  assert.equal(clock.sleepers, 1);
  await clock.advance(9);
  assert.equal(woken.length, 3);
  await clock.advance(1);
  assert.deepEqual(woken.slice(3), ['c at 30']);
});

test('a loop that lies down again while time passes wakes again within the same advance', async () => {
  const clock = createFakeClock(0);
  const times: number[] = [];
  const loop = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) {
      await clock.sleep(millis(7), never);
      for (let hop = 0; hop < 50; hop++) await Promise.resolve();
      times.push(clock.now());
    }
  };
  void loop();
  await clock.advance(30);
  assert.deepEqual(times, [7, 14, 21, 28]);
  assert.equal(clock.now(), 30);
  await clock.advance(5);
  assert.deepEqual(times.slice(4), [35]);
});

test('code started just before an advance gets to its sleep first', async () => {
  const clock = createFakeClock(0);
  let woke = -1;
  void (async () => {
    await Promise.resolve();
    await clock.sleep(millis(5), never);
    woke = clock.now();
  })();
  await clock.advance(5);
  assert.equal(woke, 5);
});

test('an abort wakes at once and leaves nobody asleep', async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const asleep = clock.sleep(millis(1e9), stop.signal);
  assert.equal(clock.sleepers, 1);
  stop.abort();
  await asleep;
  assert.equal(clock.sleepers, 0);
  await clock.sleep(millis(1e9), stop.signal);
  assert.equal(clock.sleepers, 0);
});

test('setting the wall clock wakes nobody and delays nobody', async () => {
  const clock = createFakeClock(1000);
  let isAwake = false;
  void clock.sleep(millis(10), never).then(() => {
    isAwake = true;
  });
  clock.set(-500);
  assert.equal(clock.now(), 500);
  await clock.advance(9);
  assert.equal(isAwake, false);
  clock.set(10_000);
  await clock.advance(1);
  assert.equal(isAwake, true);
  assert.equal(clock.now(), 10_510);
});

test('a loop that never lets time pass is reported instead of hanging the test', async () => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const spin = async (): Promise<void> => {
    while (!stop.signal.aborted) await clock.sleep(millis(0), stop.signal);
  };
  void spin();
  await assert.rejects(clock.advance(1), /without letting time pass/);
  stop.abort();
});

test('two advances at once are refused', async () => {
  const clock = createFakeClock();
  const first = clock.advance(1);
  await assert.rejects(clock.advance(1), /before it had finished/);
  await first;
});
