// Load reports: what a region says of its load is checked, held as a share, and known to every director until it ends.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeMemory, encodeMemory } from '../../src/director/gossip/memory.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { LoadReceipt, LoadRequest } from '../../src/model/load-report.ts';
import type { LoadSettings } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const load: LoadSettings = {
  capacity: 1000,
  connections: undefined,
  low: 0.75,
  high: 0.9,
  lifetime: millis(30_000),
  token: undefined,
};
const regions = [
  aRegion('eu', { load }),
  aRegion('us', { load: { ...load, capacity: undefined } }),
  aRegion('ap'),
];

/** Two directors that share a board. */
async function fleet() {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const services = [aService({ regions })];
  const health = { ...aSettings({ regions, services }).health, observers: ['eu', 'us'] };
  const start = (id: string) => {
    const director = { id, region: id };
    const settings = aSettings({ regions, services, director, health });
    return startDirectorStage({ settings, clock, boards });
  };
  const scene = { clock, one: start('eu'), other: start('us') };
  await clock.advance(100);
  return scene;
}

type Fleet = Awaited<ReturnType<typeof fleet>>;

async function say(
  { clock, one }: Fleet,
  request: LoadRequest,
  region = 'eu',
): Promise<LoadReceipt | Fault> {
  const taken = one.api.addLoad(region, request);
  await clock.advance(100);
  return taken;
}

const known = ({ other }: Fleet, region = 'eu') =>
  other.api.loads().find((each) => each.region === region);

describe('a load report', () => {
  test('given to one director is known to the other with its age, and to nobody when it is over', async () => {
    const scene = await fleet();
    assert.deepEqual(await say(scene, { load: 0.7, connections: 12 }), {
      region: 'eu',
      load: 0.7,
      connections: 12,
      leftSeconds: 30,
      posted: 1,
    });
    await scene.clock.advance(9900);
    const facts = { load: 0.7, connections: 12, source: 'report', ageSeconds: 10, shed: 0 };
    assert.deepEqual(known(scene), { region: 'eu', ...facts });
    const health = scene.other.api.regionHealth('eu');
    assert.ok(!('code' in health));
    assert.deepEqual(
      [health.load, health.connections, health.loadFrom, health.shed],
      [0.7, 12, { source: 'report', ageSeconds: 10 }, 0],
    );
    await scene.clock.advance(20_100);
    const nothing = { load: null, connections: null, source: null, ageSeconds: null, shed: 0 };
    assert.deepEqual(known(scene), { region: 'eu', ...nothing });
  });

  test('becomes the greatest share that its amounts come to', async () => {
    const scene = await fleet();
    assert.partialDeepStrictEqual(await say(scene, { load: 0.2, requests: 450 }), { load: 0.45 });
    assert.equal(known(scene)?.load, 0.45);
    assert.partialDeepStrictEqual(await say(scene, { requests: 1e9 }), { load: 1000 });
    assert.equal(known(scene)?.load, 1000);
    assert.partialDeepStrictEqual(await say(scene, { connections: 7 }, 'us'), { load: null });
    assert.partialDeepStrictEqual(known(scene, 'us'), { load: null, connections: 7 });
  });

  test('is no application, and asks for no push probe', async () => {
    const scene = await fleet();
    await say(scene, { load: 0.7 });
    assert.deepEqual(scene.other.api.reports(), []);
    const fault = await scene.one.api.addReport('eu', '-', { state: 'down' });
    assert.ok('code' in fault && fault.code === 'report.unknown');
  });

  test('outlives a restart on disk as any report does, as long as it speaks', async () => {
    const scene = await fleet();
    await say(scene, { load: 0.7 });
    const memory = decodeMemory(encodeMemory(scene.one.gossip.memory()));
    assert.deepEqual(
      memory?.reports.map(({ region, name, load: share }) => [region, name, share]),
      [['eu', '-', 0.7]],
    );
  });
});

describe('what is no load report', () => {
  const cases: readonly [LoadRequest, RegExp, string?][] = [
    [{}, /^request.invalid want at least one of load, connections and requests$/],
    [{ load: -0.1 }, /^request.invalid\/load want a number from 0 to 1000/],
    [{ load: Number.NaN }, /^request.invalid\/load/],
    [{ load: Number.POSITIVE_INFINITY }, /^request.invalid\/load/],
    [{ connections: 0.5 }, /^request.invalid\/connections want a whole number$/],
    [{ connections: -1 }, /^request.invalid\/connections/],
    [{ connections: 1e300 }, /^request.invalid\/connections/],
    [{ requests: -1 }, /^request.invalid\/requests want a number of 0 or more$/],
    [{ requests: Number.POSITIVE_INFINITY }, /^request.invalid\/requests/],
    [{ requests: 1 }, /^request.invalid\/requests mean nothing until load.capacity/, 'us'],
    [
      { load: 1, for: 'a while' },
      /^request.invalid\/for got "a while", want a time from 1s to 30s/,
    ],
    [{ load: 1, for: '999ms' }, /^request.invalid\/for/],
    [{ load: 1, for: '31s' }, /^request.invalid\/for/],
    [{ load: 1 }, /^load.unset\/region region ap has no load block$/, 'ap'],
    [{ load: 1 }, /^region.unknown\/region there is no region "__proto__"$/, '__proto__'],
  ];
  for (const [request, words, region] of cases) {
    test(`is refused: ${String(words)}`, async () => {
      const scene = await fleet();
      const fault = await say(scene, request, region);
      assert.ok('code' in fault);
      assert.match(`${fault.code}${fault.path ?? ''} ${fault.message}`, words);
      assert.equal(scene.one.gossip.reports().size, 0);
    });
  }
});
