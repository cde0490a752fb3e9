// The watch when the regions change under it, and when it ends.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import { healthy, refused, region, stage, unprobed } from '../support/watch-stage.ts';

describe('a new configuration', () => {
  test('leaves a region whose probe did not change undisturbed', async () => {
    const { clock, watch, probes, told, verdict } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(7000);
    watch.setRegions([{ ...region('eu'), title: 'Dublin', weight: 7 }, region('us')]);
    assert.equal(verdict('eu'), 'up');
    assert.equal(verdict('us'), 'unknown');
    await clock.advance(5000);
    assert.deepEqual(probes, ['0.5 eu', '5.5 eu', '7.5 us', '10.5 eu']);
    assert.deepEqual(told, ['eu up', 'us up']);
  });

  test('starts afresh where the probe changed, since old samples say nothing of the new target', async () => {
    const { clock, watch, probes, verdict } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(1000);
    watch.setRegions([region('eu', { host: 'eu-new' })]);
    assert.equal(verdict('eu'), 'unknown');
    await clock.advance(10_000);
    assert.equal(verdict('eu'), 'up');
    assert.deepEqual(probes, ['0.5 eu', '1.5 eu-new', '6.5 eu-new']);
  });

  test('stops and forgets a region that is gone', async () => {
    const { clock, watch, probes } = stage();
    await using _ = watch;
    watch.setRegions([region('eu'), region('us')]);
    await clock.advance(1000);
    watch.setRegions([region('us')]);
    assert.deepEqual([...watch.opinions().keys()], ['us']);
    await clock.advance(5000);
    assert.deepEqual(probes, ['0.5 eu', '0.5 us', '5.5 us']);
    assert.equal(clock.sleepers, 1);
  });

  test('gives a region a probe, and takes it away again', async () => {
    const { clock, watch, told, world, verdict } = stage();
    await using _ = watch;
    world.set('eu', refused);
    watch.setRegions([unprobed('eu')]);
    watch.setRegions([region('eu')]);
    await clock.advance(2000);
    assert.equal(verdict('eu'), 'down');
    watch.setRegions([unprobed('eu')]);
    assert.equal(verdict('eu'), 'up');
    await clock.advance(60_000);
    assert.deepEqual(told, [
      'eu up',
      'eu unknown connection refused',
      'eu down connection refused',
      'eu up',
    ]);
  });

  test('aborts a probe under way, and what that probe says is not taken in', async () => {
    const scene = stage({
      probe: async (_, signal) => {
        await scene.clock.sleep(millis(3000), signal);
        return signal.aborted ? { ...refused, reason: 'stopped' } : healthy;
      },
    });
    await using watch = scene.watch;
    watch.setRegions([region('eu')]);
    await scene.clock.advance(1000);
    watch.setRegions([]);
    await scene.clock.advance(10_000);
    assert.deepEqual(scene.told, []);
    assert.equal(scene.probes.length, 1);
  });
});

describe('the end', () => {
  test('stops every loop and waits for probes under way', async () => {
    let isSettled = false;
    const scene = stage({
      probe: async (_, signal) => {
        await scene.clock.sleep(millis(60_000), signal);
        await Promise.resolve();
        isSettled = true;
        return healthy;
      },
    });
    scene.watch.setRegions([region('eu'), region('us'), unprobed('asia')]);
    await scene.clock.advance(2000);
    await scene.watch[Symbol.asyncDispose]();
    assert.equal(isSettled, true);
    assert.equal(scene.clock.sleepers, 0);
    assert.deepEqual(scene.told, ['asia up']);
    await scene.clock.advance(60_000);
    assert.equal(scene.probes.length, 2);
  });

  test('of a loop does not come with a mistake of ours: it is logged and probing goes on', async () => {
    let isBroken = true;
    const { clock, watch, logged, told } = stage({
      probe: async () => {
        if (isBroken) throw new Error('a bug');
        return healthy;
      },
    });
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(1000);
    assert.deepEqual(logged, [['watch.failed', { region: 'eu', error: 'Error: a bug' }]]);
    isBroken = false;
    await clock.advance(1000);
    assert.deepEqual(told, ['eu up']);
  });
});
