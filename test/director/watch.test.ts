// The watch in virtual time: when it probes, what it concludes, and whom it tells.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Sample } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';
import { chanceOf } from '../support/chance.ts';
import { hostOf, healthy, refused, region, stage, tcp, unprobed } from '../support/watch-stage.ts';

describe('probing', () => {
  test('starts within a second, spread by chance, then goes on at the interval', async () => {
    const { clock, watch, probes } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(499);
    assert.deepEqual(probes, []);
    await clock.advance(10_001);
    assert.deepEqual(probes, ['0.5 eu', '5.5 eu', '10.5 eu']);
  });

  test('starts within the interval where that is shorter than a second', async () => {
    const { clock, watch, probes } = stage();
    await using _ = watch;
    watch.setRegions([region('eu', { interval: millis(200) })]);
    await clock.advance(500);
    assert.deepEqual(probes, ['0.1 eu', '0.3 eu', '0.5 eu']);
  });

  test('varies the first interval by a half either way, and all others by at most a tenth', async () => {
    const draws = [0, 0, 0, 0.999999, 0.5];
    const { clock, watch, probes } = stage({ random: () => draws.shift() ?? 0.5 });
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(18_000);
    const times = probes.map((line) => Number.parseFloat(line));
    assert.deepEqual(
      times.map((time) => Math.round(time * 100) / 100),
      [0, 2.5, 7, 12.5, 17.5],
    );
  });

  test('of many regions is spread over the interval from the second round on', async () => {
    const { clock, watch, probes } = stage({ random: chanceOf('spread') });
    await using _ = watch;
    watch.setRegions(Array.from({ length: 100 }, (__, i) => region(`r-${i}`)));
    await clock.advance(60_000);
    const perSecond = Array.from({ length: 60 }, () => 0);
    for (const line of probes) {
      const second = Math.floor(Number.parseFloat(line));
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    assert.equal(perSecond[0], 100);
    const later = perSecond.slice(8);
    assert.ok(Math.min(...later) >= 8 && Math.max(...later) <= 35, perSecond.join(' '));
  });

  test('counts the interval from the start of a probe, so that timeouts do not slow it', async () => {
    const scene = stage({
      probe: async (_, signal) => {
        await scene.clock.sleep(millis(2000), signal);
        return refused;
      },
    });
    await using watch = scene.watch;
    watch.setRegions([region('eu')]);
    await scene.clock.advance(30_000);
    assert.deepEqual(scene.probes.slice(-3), ['17.5 eu', '22.5 eu', '27.5 eu']);
  });

  test('asks again within about a second after a first failure, which decides nothing alone', async () => {
    const { clock, watch, probes, world, verdict } = stage();
    await using _ = watch;
    world.set('eu', refused);
    watch.setRegions([region('eu', { interval: millis(300_000) })]);
    await clock.advance(500);
    assert.equal(verdict('eu'), 'unknown');
    await clock.advance(1000);
    assert.equal(verdict('eu'), 'down');
    assert.deepEqual(probes, ['0.5 eu', '1.5 eu']);
  });

  test('does not wait for the interval when there is news, and is not hurried by much of it', async () => {
    const { clock, watch, probes } = stage();
    await using _ = watch;
    watch.setRegions([region('eu'), region('us')]);
    await clock.advance(2000);
    const { id } = region('eu');
    watch.lookAgain(id);
    watch.lookAgain(region('mars').id);
    await clock.advance(0);
    assert.deepEqual(probes, ['0.5 eu', '0.5 us', '2 eu']);
    for (let i = 0; i < 10; i++) {
      watch.lookAgain(id);
      await clock.advance(100);
    }
    assert.deepEqual(probes.slice(3), ['2.5 eu', '3 eu']);
    await clock.advance(2500);
    assert.deepEqual(probes.slice(5), ['5.5 us']);
    await clock.advance(3000);
    assert.deepEqual(probes.slice(6), ['8 eu']);
  });

  test('looks again after a round that was under way when the news came', async () => {
    const scene = stage({
      probe: async (_, signal) => {
        await scene.clock.sleep(millis(2000), signal);
        return healthy;
      },
    });
    await using watch = scene.watch;
    watch.setRegions([region('eu')]);
    await scene.clock.advance(1000);
    watch.lookAgain(region('eu').id);
    await scene.clock.advance(3000);
    assert.deepEqual(scene.probes, ['0.5 eu', '3 eu']);
  });

  test('does not let one slow region hold up another', async () => {
    const scene = stage({
      probe: async (spec, signal) => {
        if (hostOf(spec) === 'slow') await scene.clock.sleep(millis(1e9), signal);
        return healthy;
      },
    });
    await using watch = scene.watch;
    watch.setRegions([region('slow'), region('fast')]);
    await scene.clock.advance(11_000);
    assert.equal(scene.probes.filter((line) => line.endsWith('fast')).length, 3);
    assert.equal(scene.verdict('slow'), 'unknown');
  });
});

describe('opinions', () => {
  test('go from unknown to up with the first success and follow the thresholds after that', async () => {
    const { clock, watch, world, verdict } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    assert.equal(verdict('eu'), 'unknown');
    await clock.advance(1000);
    assert.equal(verdict('eu'), 'up');
    world.set('eu', refused);
    await clock.advance(10_000);
    assert.equal(verdict('eu'), 'up');
    await clock.advance(5000);
    assert.equal(verdict('eu'), 'down');
    world.delete('eu');
    await clock.advance(20_000);
    assert.equal(verdict('eu'), 'down');
    await clock.advance(5000);
    assert.equal(verdict('eu'), 'up');
  });

  test('are told when verdict, suspicion or reason change, not at each sample', async () => {
    const samples: string[] = [];
    const { clock, watch, world, told } = stage({
      onSample: (id, sample) => samples.push(`${id} ${sample.isHealthy}`),
    });
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(15_000);
    assert.deepEqual(told, ['eu up']);
    assert.equal(samples.length, 3);
    world.set('eu', refused);
    await clock.advance(10_000);
    world.set('eu', { ...refused, reason: 'status 503, want 200' });
    await clock.advance(10_000);
    assert.deepEqual(told, ['eu up', 'eu up? connection refused', 'eu down status 503, want 200']);
    assert.equal(samples.length, 7);
  });

  test('are not touched by what saw nothing, which is no reason to look again soon', async () => {
    const { clock, watch, world, told, probes, verdict } = stage();
    await using _ = watch;
    world.set('eu', { ...refused, isBlind: true });
    watch.setRegions([region('eu')]);
    await clock.advance(11_000);
    assert.deepEqual(probes, ['0.5 eu', '5.5 eu', '10.5 eu']);
    assert.deepEqual([told, verdict('eu')], [[], 'unknown']);
    world.delete('eu');
    await clock.advance(5000);
    world.set('eu', { ...refused, isBlind: true });
    await clock.advance(60_000);
    assert.deepEqual([told, verdict('eu')], [['eu up'], 'up']);
  });

  test('are told when suspicion passes with nothing else', async () => {
    const { clock, watch, world, told } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(1000);
    for (let i = 0; i < 3; i++) {
      world.set('eu', refused);
      await clock.advance(5000);
      world.delete('eu');
      await clock.advance(5000);
    }
    await clock.advance(60_000);
    const doubt = ['eu up? connection refused', 'eu up'];
    assert.deepEqual(told, ['eu up', ...doubt, ...doubt, doubt[0], 'eu up?', 'eu up']);
  });

  test('a verdict leaves one line in the log', async () => {
    const { clock, watch, logged } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    await clock.advance(20_000);
    assert.deepEqual(logged, [
      ['watch.opinion', { region: 'eu', was: 'unknown', verdict: 'up', reason: '' }],
    ]);
  });

  test('of a region without a probe are up for ever and told once', async () => {
    const { clock, watch, told, probes } = stage();
    await using _ = watch;
    watch.setRegions([unprobed('eu')]);
    await clock.advance(60_000);
    watch.setRegions([unprobed('eu')]);
    assert.deepEqual(told, ['eu up']);
    assert.deepEqual(probes, []);
    assert.equal(clock.sleepers, 0);
  });
});

describe('several probes of a region', () => {
  const several = (need: number) =>
    region('eu', { need, list: ['one', 'two', 'three'].map((host) => tcp(host)) });

  test('run at the same time, once an interval', async () => {
    const { clock, watch, probes } = stage();
    await using _ = watch;
    watch.setRegions([several(3)]);
    await clock.advance(6000);
    assert.deepEqual(probes, [
      '0.5 one',
      '0.5 two',
      '0.5 three',
      '5.5 one',
      '5.5 two',
      '5.5 three',
    ]);
  });

  test('make one sample, which is damped like any other', async () => {
    const { clock, watch, world, told } = stage();
    await using _ = watch;
    watch.setRegions([several(2)]);
    world.set('one', refused);
    await clock.advance(15_000);
    assert.deepEqual(told, ['eu up']);
    world.set('two', refused);
    await clock.advance(15_000);
    const reason =
      '1 of 3 probes healthy, want 2; tcp one:80: connection refused; tcp two:80: connection refused';
    assert.deepEqual(told, ['eu up', `eu up? ${reason}`, `eu down ${reason}`]);
  });
});

describe('a certificate', () => {
  const day = 86_400_000;
  const ending = (days: number): Sample => ({ ...healthy, expiresIn: millis(days * day) });

  test('ends when the last probe that saw it says', async () => {
    const { clock, watch, world } = stage();
    await using _ = watch;
    watch.setRegions([region('eu'), region('us')]);
    world.set('eu', ending(30));
    await clock.advance(500);
    world.set('eu', refused);
    await clock.advance(60_000);
    assert.deepEqual([...watch.certificateEnds()], [['eu', 30 * day + 500]]);
  });

  test('that ends within 21 days is warned of once, and once more when its successor does', async () => {
    const { clock, watch, world, logged } = stage();
    await using _ = watch;
    watch.setRegions([region('eu')]);
    const warnings = () => logged.filter(([event]) => event === 'certificate.expires');
    world.set('eu', ending(21));
    await clock.advance(10_000);
    assert.deepEqual(warnings(), []);
    world.set('eu', ending(20.5));
    await clock.advance(60_000);
    const end = '1970-01-21T12:00:10.500Z';
    assert.deepEqual(warnings(), [['certificate.expires', { region: 'eu', end, days: 20 }]]);
    world.set('eu', ending(90));
    await clock.advance(10_000);
    world.set('eu', ending(-0.5));
    await clock.advance(10_000);
    assert.deepEqual(
      warnings().map(([, fields]) => fields?.['days']),
      [20, -1],
    );
  });
});
