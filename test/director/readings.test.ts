// Readings: what a scrape would find, worked out at the moment it asks.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDnsCounts, type DnsCounts } from '../../src/director/counters.ts';
import {
  countRequest,
  createReadings,
  createTallies,
  type Tallies,
} from '../../src/director/readings.ts';
import type { Watch } from '../../src/director/watch.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { AuditTally } from '../../src/model/audit.ts';
import { millis } from '../../src/model/time.ts';
import { anAtlas } from '../support/atlas.ts';
import { type DirectorStage, readOpinions, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const floor = { least: 2, unit: 'regions', below: 'keep' } as const;
const services = [
  aService({ regions }),
  aService({ name: 'api', regions, steps: [{ kind: 'alive', floor }] }),
];
const settings = aSettings({ regions, services });

interface Stage {
  readonly clock: FakeClock;
  readonly director: DirectorStage;
  readonly tallies: Tallies;
  readonly dns: DnsCounts;
  readonly readings: ReturnType<typeof createReadings>;
}

function stageOf(atlas = anAtlas([]), audit?: AuditTally): Stage {
  const clock = createFakeClock(noon);
  const director = startDirectorStage({
    settings,
    clock,
    boards: [createLocalBoard(clock)],
    atlas,
  });
  const tallies = createTallies();
  tallies.dns = () => dns;
  tallies.workers = () => ({ running: 2, replaced: 1 });
  const opinions = readOpinions('eu up, us down', clock);
  const ends = new Map([['eu', millis(noon + 86_400_000)]]);
  const watch = { opinions: () => opinions, certificateEnds: () => ends } as unknown as Watch;
  const dns = { ...createDnsCounts(), counters: director.counters, connections: 5 };
  const readings = createReadings({
    ...director,
    watch,
    clock,
    tallies,
    linesDropped: () => 3,
    auditTally: () => audit,
  });
  return { clock, director, tallies, dns, readings };
}

describe('a reading', () => {
  test('of applications is what they last said', () => {
    const { readings } = stageOf();
    assert.deepEqual(readings.applications(), []);
  });

  test('of the audit log tells how writing goes, where one is kept', () => {
    assert.equal(stageOf().readings.audit(), undefined);
    const counts = { written: 12, waiting: 3, lost: 0, failures: 2 };
    const tally = { ...counts, writtenAt: millis(noon - 4500) };
    assert.deepEqual(stageOf(undefined, tally).readings.audit(), {
      ...counts,
      lastWriteSeconds: 4.5,
    });
    const first = { ...counts, writtenAt: undefined };
    assert.equal(stageOf(undefined, first).readings.audit()?.lastWriteSeconds, undefined);
  });

  test('of observers has those that are heard, and of configurations how many they run', async () => {
    const { clock, director, readings } = stageOf();
    assert.deepEqual([readings.observers(), readings.configurations()], [[], 1]);
    director.say('eu up, us down');
    assert.deepEqual(
      readings.observers().map(({ observer, isIsolated }) => [observer, isIsolated]),
      [['director-1', false]],
    );
    await director.gossip[Symbol.asyncDispose]();
    await clock.advance(20_000);
    assert.deepEqual([readings.observers(), readings.configurations()], [[], 1]);
  });

  test('of regions has the verdict and for how long it has stood', async () => {
    const { clock, director, readings } = stageOf();
    director.say('eu up, us down');
    await clock.advance(60_000);
    assert.deepEqual(readings.regions(), [
      { region: 'eu', verdict: 'up', isKept: false, sinceSeconds: 60, share: 1, trips: 0 },
      { region: 'us', verdict: 'down', isKept: false, sinceSeconds: 60, share: 0, trips: 0 },
    ]);
  });

  test('of floors says of each service that has one whether less is alive', () => {
    const { director, readings } = stageOf();
    director.say('eu up, us up');
    assert.deepEqual(readings.floors(), [{ service: 'api.example.test', isBelow: false }]);
    director.say('eu up, us down');
    assert.deepEqual(readings.floors(), [{ service: 'api.example.test', isBelow: true }]);
  });

  test('of probes has latencies and the life of certificates in seconds', () => {
    const { readings } = stageOf();
    assert.deepEqual(readings.probes(), [
      { region: 'eu', latencySeconds: 0.02, certificateSeconds: 86_400 },
      { region: 'us', latencySeconds: 0.02, certificateSeconds: undefined },
    ]);
  });

  test('of the snapshot follows it', async () => {
    const { clock, director, readings } = stageOf();
    assert.equal(readings.overridesActive(), 0);
    const adding = director.control.add({
      region: 'eu',
      kind: 'drain',
      actor: 'a',
      reason: 'b',
      for: '1m',
    });
    await clock.advance(100);
    await adding;
    assert.equal(readings.overridesActive(), 1);
    assert.equal(readings.epoch(), director.cell.view.snapshot.epoch);
  });

  test('of gossip has its state and each board', async () => {
    const { clock, readings } = stageOf();
    await clock.advance(1000);
    assert.equal(readings.gossipState(), 'alone');
    assert.partialDeepStrictEqual(readings.boards(), [{ board: 'local', isUp: true }]);
    assert.equal(readings.boards()[0]?.traffic, undefined);
  });

  test('of GeoIP data is its age, and nothing without data', () => {
    const atlas = { ...anAtlas([]), dataDate: millis(noon - 86_400_000) };
    const { director, readings } = stageOf(atlas);
    assert.equal(readings.geoDataAgeSeconds(), 86_400);
    director.cell.setGround({ ...director.cell.ground, atlas: undefined });
    assert.equal(readings.geoDataAgeSeconds(), undefined);
  });

  test('of what is counted elsewhere hands it on', () => {
    const { tallies, dns, readings } = stageOf();
    dns.sendErrors++;
    dns.proxyRefusals.udp++;
    tallies.reloads.accepted++;
    tallies.gossip.set('read', 7);
    assert.equal(readings.sendErrors(), 1);
    assert.deepEqual(readings.proxyRefusals(), { udp: 1, tcp: 0, tls: 0 });
    assert.deepEqual(readings.reloads(), { accepted: 1, refused: 0 });
    assert.equal(readings.gossipEvents().get('read'), 7);
    assert.equal(readings.queries(), dns.counters);
    assert.equal(readings.logLinesDropped(), 3);
    assert.equal(readings.tcpConnections(), 5);
    assert.deepEqual(readings.workers(), { running: 2, replaced: 1 });
  });
});

test('requests are counted by route and status', () => {
  const { tallies, readings } = stageOf();
  countRequest(tallies, '/v1/health', 200);
  countRequest(tallies, '/v1/health', 200);
  countRequest(tallies, '/v1/health', 429);
  countRequest(tallies, '/livez', 200);
  assert.deepEqual(
    [...readings.httpRequests()],
    [
      { route: '/v1/health', status: 200, count: 2 },
      { route: '/v1/health', status: 429, count: 1 },
      { route: '/livez', status: 200, count: 1 },
    ],
  );
});
