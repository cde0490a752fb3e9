// The control side's door: what the fleet knows, and the same decisions as DNS.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { millis } from '../../src/model/time.ts';
import { anAtlas } from '../support/atlas.ts';
import { type DirectorStage, readOpinions, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { atOnce, anIp, aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = [
  aRegion('eu', { latitude: 50, url: new URL('https://eu.example.net/app') }),
  aRegion('us', { latitude: 40, longitude: -75, url: new URL('http://us.example.net') }),
  aRegion('ap', { latitude: 35, longitude: 140 }),
];
const atlas = anAtlas([
  { prefix: '81.0.0.0/8', lat: 50, lon: 1 },
  { prefix: '9.0.0.0/8', lat: 40, lon: -74 },
  { prefix: '133.0.0.0/8', lat: 35, lon: 139 },
]);
const services = [
  aService({ regions }),
  aService({ name: 'all', regions, steps: [{ kind: 'nearest', withinKm: 0 }] }),
];
const settings = aSettings({
  regions,
  services,
  director: { id: 'eu-1', region: 'eu' },
  health: {
    observers: ['eu', 'us'],
    voteLifetime: millis(17_000),
    settle: millis(0),
    return: atOnce,
    probesInFlight: 64,
    probeNetworks: undefined,
  },
});

async function start(
  unready: readonly string[] = [],
): Promise<{ clock: FakeClock; director: DirectorStage }> {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const director = startDirectorStage({ settings, clock, boards, atlas, unready });
  director.say('eu up, us up, ap up');
  await clock.advance(1000);
  return { clock, director };
}

describe('a redirect', () => {
  const cases = [
    [
      'leads to the nearest region',
      'www.example.test',
      '81.2.69.142',
      'eu https://eu.example.net/app',
    ],
    ['leads everyone to their own', 'WWW.example.test.', '9.9.9.9', 'us http://us.example.net/'],
    [
      'passes over a region without a URL',
      'all.example.test',
      '133.0.0.1',
      'eu https://eu.example.net/app',
    ],
    [
      'leads nowhere when no chosen region has one',
      'www.example.test',
      '133.0.0.1',
      'region.no-target',
    ],
    ['leads nowhere from a name that nobody steers', 'example.test', '9.9.9.9', 'service.unknown'],
    ['leads nowhere from what is no name', 'a..b', '9.9.9.9', 'service.unknown'],
  ] as const;
  for (const [words, name, peer, expected] of cases) {
    test(words, async () => {
      const { director } = await start();
      const found = director.api.redirect({ name, peer: anIp(peer), affinity: undefined });
      const said = 'code' in found ? found.code : `${found.region} ${found.url.href}`;
      assert.equal(said, expected);
    });
  }

  test('follows a drain', async () => {
    const { clock, director } = await start();
    const adding = director.api.addOverride({
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '1m',
    });
    await clock.advance(100);
    await adding;
    const found = director.api.redirect({
      name: 'www.example.test',
      peer: anIp('81.2.69.142'),
      affinity: undefined,
    });
    assert.equal('region' in found && found.region, 'us');
  });
});

describe('health', () => {
  test('names who is heard, who is missing, and each region', async () => {
    const { director } = await start();
    const health = director.api.health();
    assert.equal(health.director, 'eu-1');
    assert.equal(health.gossip, 'isolated');
    assert.deepEqual(health.missingObservers, ['us']);
    assert.deepEqual(health.boards, [{ board: 'local', isUp: true }]);
    assert.deepEqual(
      health.regions.map(({ region, verdict, isKept }) => [region, verdict, isKept]),
      [
        ['eu', 'unknown', true],
        ['us', 'up', false],
        ['ap', 'unknown', true],
      ],
    );
  });

  test('of one region is the same as in the whole', async () => {
    const { director } = await start();
    const whole = director.api.health().regions.find(({ region }) => region === 'us');
    const { epoch } = director.cell.view.snapshot;
    assert.deepEqual(director.api.regionHealth('us'), { ...whole, epoch });
    assert.equal(director.api.epoch(), epoch);
    assert.deepEqual(director.api.regionHealth('mars'), {
      code: 'region.unknown',
      message: 'there is no region "mars"',
    });
  });

  test('takes a vote for silent once it is too old', async () => {
    const clock = createFakeClock(noon);
    const boards = [createLocalBoard(clock)];
    const director = startDirectorStage({ settings, clock, boards });
    const own = { ...settings, director: { id: 'us-1', region: 'us' } };
    const other = startDirectorStage({ settings: own, clock, boards });
    for (const each of [director, other]) each.say('eu up, us up, ap up');
    await clock.advance(1500);
    assert.equal(director.api.health().gossip, 'fresh');
    await other[Symbol.asyncDispose]();
    await clock.advance(20_000);
    assert.equal(director.api.health().gossip, 'isolated');
  });
});

describe('overrides', () => {
  test('are given, listed with their state, and taken back', async () => {
    const { clock, director } = await start();
    const request = {
      region: 'us',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '1m',
    } as const;
    const adding = director.api.addOverride(request);
    await clock.advance(100);
    const added = await adding;
    assert.ok('id' in added);
    assert.equal(added.isActive, true);
    assert.equal(added.posted, 1);
    assert.deepEqual(added.withheld, []);
    const { posted: _p, boards: _b, withheld: _w, signed: _s, ...listed } = added;
    assert.deepEqual(director.api.overrides(), [listed]);
    const region = director.api.regionHealth('us');
    assert.equal('override' in region && region.override?.id, added.id);
    const ending = director.api.endOverride(added.id, 'bob');
    await clock.advance(100);
    const ended = await ending;
    assert.equal('isActive' in ended && ended.isActive, false);
    assert.deepEqual(
      director.api.overrides().map(({ isActive, actor }) => [isActive, actor]),
      [[false, 'bob']],
    );
    await clock.advance(60_000);
    assert.deepEqual(director.api.overrides(), []);
  });

  test('that cannot be are faults', async () => {
    const { director } = await start();
    const request = {
      region: 'mars',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '1m',
    } as const;
    const added = await director.api.addOverride(request);
    assert.equal('code' in added && added.code, 'region.unknown');
    const ended = await director.api.endOverride('nobody', 'bob');
    assert.equal('code' in ended && ended.code, 'override.unknown');
  });
});

describe('the rest', () => {
  test('regions and services are told as configured', async () => {
    const { director } = await start();
    assert.deepEqual(
      director.api.regions().map(({ region }) => region),
      ['eu', 'us', 'ap'],
    );
    assert.deepEqual(
      director.api.services().map(({ name }) => name),
      ['www.example.test', 'all.example.test'],
    );
  });

  test('a question by HTTP is answered from the snapshot of the moment', async () => {
    const { director } = await start();
    const ask = {
      name: 'www.example.test',
      type: 'A',
      client: '9.9.9.9',
      resolver: undefined,
      explain: false,
    };
    const report = director.api.resolve({ ...ask, peer: anIp('192.0.2.1') });
    assert.deepEqual('regions' in report && report.regions, ['us']);
    assert.equal('epoch' in report && report.epoch, director.cell.view.snapshot.epoch);
  });

  test('an explanation repeats what votes say now, also where no answer has changed', async () => {
    const { clock, director } = await start();
    const why = (): string => {
      const ask = {
        name: 'www.example.test',
        type: 'A',
        client: '9.9.9.9',
        resolver: undefined,
        explain: true,
      };
      const report = director.api.resolve({ ...ask, peer: anIp('192.0.2.1') });
      return ('trail' in report && report.trail?.text) || '';
    };
    director.say('eu up, us down, ap up');
    await clock.advance(1000);
    assert.match(why(), /us is out: voted down .* \(eu-1: timed out after 2s\)/);
    const { epoch } = director.cell.view.snapshot;
    const opinions = new Map(readOpinions('eu up, us down, ap up', clock));
    for (const [id, opinion] of opinions) opinions.set(id, { ...opinion, reason: 'refused' });
    director.gossip.setOpinions(opinions);
    await clock.advance(1000);
    assert.match(why(), /us is out: voted down .* \(eu-1: refused\)/);
    assert.equal(director.cell.view.snapshot.epoch, epoch);
  });

  test('the data that locates clients is named, with its date and what its licence asks for', async () => {
    const { director } = await start();
    assert.deepEqual(director.api.about(), {
      version: '1.2.3',
      director: 'eu-1',
      geo: { source: 'test data', dataDate: '2026-05-01T12:00:00.000Z', attribution: 'made up' },
    });
    const bare = startDirectorStage({ settings, clock: createFakeClock(noon), boards: [] });
    assert.deepEqual(bare.api.about().geo, { source: 'none', dataDate: null, attribution: '' });
  });

  test('a director is ready unless somebody knows why not', async () => {
    assert.deepEqual((await start()).director.api.unready(), []);
    assert.deepEqual((await start(['starting'])).director.api.unready(), ['starting']);
  });
});
