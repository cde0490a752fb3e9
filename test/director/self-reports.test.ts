// Self-reports: what an application says is checked, held, heard by every director, and listed with its age.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { PushProbe, RegionId, RegionProbes } from '../../src/model/region.ts';
import type { ReportFacts, ReportRequest } from '../../src/model/self-report.ts';
import { millis } from '../../src/model/time.ts';
import { type DirectorStage, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';
import { region as watched } from '../support/watch-stage.ts';

const push = (name: string, lifetime: number): PushProbe => ({
  kind: 'push',
  region: 'eu' as RegionId,
  name,
  lifetime: millis(lifetime),
  token: undefined,
});

const probes: RegionProbes = {
  ...(watched('eu').probes as RegionProbes),
  list: [push('web', 45_000), push('queue', 300_000)],
};
const regions = [aRegion('eu', { probes }), aRegion('us', { probes: watched('us').probes })];
const services = [aService({ regions })];

interface Fleet {
  readonly clock: FakeClock;
  readonly one: DirectorStage;
  readonly other: DirectorStage;
}

/** Two directors that share one board, or as many as are wanted. */
async function fleet(count = 1): Promise<Fleet> {
  const clock = createFakeClock(noon);
  const boards = Array.from({ length: count }, () => createLocalBoard(clock));
  const start = (id: string): DirectorStage => {
    const director = { id, region: id };
    return startDirectorStage({
      settings: aSettings({ regions, services, director }),
      clock,
      boards,
    });
  };
  const directors = { clock, one: start('eu'), other: start('us') };
  await clock.advance(100);
  return directors;
}

/** Gives a report to the first director, and time to be heard of. */
async function say(
  { clock, one }: Fleet,
  request: ReportRequest,
  [region, name]: readonly [string, string] = ['eu', 'web'],
): Promise<ReportFacts | Fault> {
  const taken = one.api.addReport(region, name, request);
  await clock.advance(100);
  return taken;
}

describe('a report', () => {
  test('comes back as it is held, and with the boards that have it', async () => {
    const scene = await fleet();
    assert.deepEqual(await say(scene, { state: 'up', load: 0.7, connections: 12 }), {
      region: 'eu',
      name: 'web',
      state: 'up',
      load: 0.7,
      connections: 12,
      reason: '',
      ageSeconds: 0,
      leftSeconds: 45,
      director: 'eu',
      posted: 1,
    });
  });

  test('is listed at every director with its age, beside those that never came', async () => {
    const scene = await fleet();
    await say(scene, { state: 'draining', load: 0.2, reason: 'deploy 42', for: '30s' });
    await scene.clock.advance(9900);
    for (const { api } of [scene.one, scene.other]) {
      const silent = { load: null, connections: null, reason: '', leftSeconds: 0 };
      assert.deepEqual(api.reports(), [
        {
          region: 'eu',
          name: 'web',
          state: 'draining',
          load: 0.2,
          connections: null,
          reason: 'deploy 42',
          ageSeconds: 10,
          leftSeconds: 20,
          director: 'eu',
        },
        {
          region: 'eu',
          name: 'queue',
          state: 'silent',
          ...silent,
          ageSeconds: null,
          director: null,
        },
      ]);
    }
    await scene.clock.advance(20_000);
    assert.partialDeepStrictEqual(scene.other.api.reports()[0], {
      state: 'silent',
      load: null,
      reason: '',
      ageSeconds: 30,
      leftSeconds: 0,
      director: 'eu',
    });
  });

  test('has the lifetime of its probe, unless it asks for less', async () => {
    const scene = await fleet();
    assert.partialDeepStrictEqual(await say(scene, { state: 'up' }, ['eu', 'queue']), {
      leftSeconds: 300,
    });
    assert.partialDeepStrictEqual(await say(scene, { state: 'up', for: '5s' }), { leftSeconds: 5 });
  });

  test('has its words cleaned of what could steer a terminal', async () => {
    const scene = await fleet();
    const reason = '\u001b[2Jall\r\nfine\u0007 ';
    assert.partialDeepStrictEqual(await say(scene, { state: 'up', reason }), {
      reason: '[2Jall fine',
    });
  });

  test('leaves a line in the log when the state is news', async () => {
    const scene = await fleet();
    await say(scene, { state: 'up' });
    await say(scene, { state: 'up', load: 1 });
    await say(scene, { state: 'down', reason: 'disk full' });
    const lines = scene.one.log.lines.filter((line) => line.includes('report.'));
    assert.deepEqual(lines, ['info report.changed', 'info report.changed']);
    assert.equal(scene.other.log.lines.join().includes('report.'), false);
  });
});

describe('the load of a region', () => {
  test('is the highest that an application reports now', async () => {
    const scene = await fleet();
    const load = (): unknown => scene.other.api.health().regions.map((region) => region.load);
    assert.deepEqual(load(), [null, null]);
    await say(scene, { state: 'up', load: 0.4 });
    await say(scene, { state: 'up', load: 1.3 }, ['eu', 'queue']);
    assert.deepEqual(load(), [1.3, null]);
    await say(scene, { state: 'up', for: '1s' }, ['eu', 'queue']);
    assert.deepEqual(load(), [0.4, null]);
    await scene.clock.advance(45_000);
    assert.deepEqual(load(), [null, null]);
    const one = scene.one.api.regionHealth('eu');
    assert.ok(!('code' in one) && one.load === null);
  });
});

describe('what is no report', () => {
  const cases: readonly [ReportRequest, RegExp][] = [
    [{ state: 'sideways' as 'up' }, /^\/state want one of up, draining, down$/],
    [{ state: 'up', load: -0.1 }, /^\/load want a number from 0 to 1000, where 1 is full$/],
    [{ state: 'up', load: Number.NaN }, /^\/load/],
    [{ state: 'up', load: Number.POSITIVE_INFINITY }, /^\/load/],
    [{ state: 'up', connections: 0.5 }, /^\/connections want a whole number$/],
    [{ state: 'up', connections: -1 }, /^\/connections/],
    [{ state: 'up', reason: 'x'.repeat(201) }, /^\/reason want at most 200 characters$/],
    [{ state: 'up', for: 'a while' }, /^\/for got "a while", want a time from 1s to 45s, the life/],
    [{ state: 'up', for: '999ms' }, /^\/for/],
    [{ state: 'up', for: '46s' }, /^\/for/],
  ];
  for (const [request, words] of cases) {
    test(`is refused with the field: ${String(words)}`, async () => {
      const scene = await fleet();
      const fault = await say(scene, request);
      assert.ok('code' in fault && fault.code === 'request.invalid');
      assert.match(`${fault.path} ${fault.message}`, words);
      assert.equal(scene.one.api.reports()[0]?.ageSeconds, null);
    });
  }

  test('is one of a region or an application that nobody listens for', async () => {
    const scene = await fleet();
    const codeOf = async (region: string, name: string): Promise<unknown> => {
      const answer = await say(scene, { state: 'up' }, [region, name]);
      return 'code' in answer && answer.code;
    };
    assert.equal(await codeOf('mars', 'web'), 'region.unknown');
    assert.equal(await codeOf('us', 'web'), 'report.unknown');
    assert.equal(await codeOf('eu', '__proto__'), 'report.unknown');
    assert.equal(scene.one.gossip.reports().size, 0);
  });

  test('is one more than there is room for', async () => {
    const scene = await fleet(0);
    const { gossip } = scene.one;
    const start = scene.clock.now();
    const end = millis(start + 3_600_000);
    const said = { state: 'up', load: undefined, connections: undefined, reason: '' } as const;
    for (let i = 0; i < 2048; i++) {
      const about = { region: 'x' as RegionId, name: `n${i}`, clock: gossip.nextClock() };
      void gossip.putReport({ ...about, ...said, start, end });
    }
    const fault = await say(scene, { state: 'up' });
    assert.ok('code' in fault);
    assert.equal(fault.code, 'report.full');
  });
});
