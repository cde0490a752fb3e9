// The threads that answer: real ones, on real sockets, asked from many ports so that each gets its share.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Crew, openCrew } from '../../../src/compose/workers/crew.ts';
import { recruit } from '../../../src/compose/workers/recruits.ts';
import { guardSize } from '../../../src/authority/guard.ts';
import type { OnSteered } from '../../../src/director/sampled.ts';
import { createSnapshotCell, type SnapshotCell } from '../../../src/director/snapshot.ts';
import { createClock } from '../../../src/edge/clock.ts';
import { FaultError } from '../../../src/model/fault.ts';
import { formatIp } from '../../../src/model/ip.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { areaKey } from '../../../src/steering/order.ts';
import { askUdp } from '../../support/ask.ts';
import { eventually } from '../../support/eventually.ts';
import {
  anIp,
  anOverride,
  aRegion,
  aService,
  aSettings,
  compileToEnd,
  downHealth,
  upHealth,
} from '../../support/fleet.ts';
import { createRecordLog, type RecordLog } from '../../support/record-log.ts';

const regions = [
  aRegion('eu', { ipv4: [anIp('192.0.2.1')] }),
  aRegion('us', { ipv4: [anIp('192.0.2.2')] }),
];
const [eu, us] = ['eu', 'us'] as RegionId[] as [RegionId, RegionId];
const both = new Map([
  [eu, upHealth()],
  [us, upHealth()],
]);
const euDown = new Map([...both, [eu, downHealth()] as const]);

function groundOf(service = aService({ regions })) {
  const settings = aSettings({ regions, services: [service] });
  const map = compileToEnd(service, settings.regions, undefined);
  const areas = new Map([[areaKey(service, settings.regions), map]]);
  return { settings, atlas: undefined, areas };
}

interface Stage extends AsyncDisposable {
  readonly crew: Crew;
  readonly cell: SnapshotCell;
  readonly log: RecordLog;
  readonly heard: string[];
}

async function startStage(size = 2, port = 0): Promise<Stage> {
  const clock = createClock();
  const first = { ground: groundOf(), health: both, overrides: new Map(), epoch: 0 };
  const cell = createSnapshotCell(first, clock);
  const log = createRecordLog();
  const heard: string[] = [];
  const onSteered: OnSteered = ({ edns }, { address }, _outcome, decision) => {
    const subnet = edns?.subnet?.source;
    heard.push(`${formatIp(subnet?.ip ?? address)} → ${decision?.regions[0]}`);
  };
  const rates = new SharedArrayBuffer(guardSize);
  const secrets = { cookieKey: new Uint8Array(16), seed: 1, rates };
  const doors = { dns: [{ host: '127.0.0.1', port }], dot: [] };
  const parts = { cell, folder: '.', clock, log, secrets, recruits: recruit(0) };
  const crew = await openCrew({ ...parts, size, doors, onSteered });
  return { crew, cell, log, heard, [Symbol.asyncDispose]: () => crew[Symbol.asyncDispose]() };
}

function portOf({ doors }: Crew): number {
  return doors.dns[0]?.port ?? 0;
}

async function ask(crew: Crew, subnet?: string): Promise<string | undefined> {
  const reply = await askUdp(portOf(crew), {
    name: 'www.example.test',
    ...(subnet !== undefined && { subnet }),
  });
  return reply.answers[0]?.data;
}

/** From so many ports that each thread is asked. */
function askAll(crew: Crew, times = 40): Promise<(string | undefined)[]> {
  return Promise.all(Array.from({ length: times }, () => ask(crew)));
}

function everyOne(word: string, times = 40): string[] {
  return Array.from({ length: times }, () => word);
}

describe('a crew', () => {
  test('shares the questions out, and its counts add up', async () => {
    await using stage = await startStage();
    const { crew } = stage;
    assert.deepEqual(await askAll(crew), everyOne('192.0.2.1'));
    await crew.refresh();
    const shares = crew.hands().map((hand) => hand.counts().counters.received.udp);
    assert.equal(shares.length, 2);
    assert.ok(
      shares.every((share) => share > 0),
      `each is asked: ${shares.join(', ')}`,
    );
    const { counters } = crew.counts();
    assert.deepEqual([counters.received.udp, counters.outcomes.steered], [40, 40]);
    assert.deepEqual(crew.workers(), { running: 2, replaced: 0 });
  });

  test('shows each change in all threads once it is said to be shown', async () => {
    await using stage = await startStage();
    const { crew, cell } = stage;
    for (const [health, address] of [
      [euDown, '192.0.2.2'],
      [both, '192.0.2.1'],
    ] as const) {
      cell.setHealth(health);
      await crew.shown();
      assert.deepEqual(await askAll(crew), everyOne(address));
    }
    cell.setOverrides(new Map([[eu, anOverride('eu')]]));
    await crew.shown();
    assert.deepEqual(await askAll(crew), everyOne('192.0.2.2'));
    cell.setGround(groundOf(aService({ name: 'api', regions })));
    await crew.shown();
    assert.deepEqual(await askAll(crew), Array.from({ length: 40 }));
  });

  test('that loses a thread goes on, replaces it, and forgets no count', async () => {
    await using stage = await startStage();
    const { crew, cell, log } = stage;
    await askAll(crew);
    await crew.refresh();
    crew.hands()[0]?.kill();
    await eventually('the loss is noticed', () => crew.workers().replaced === 1);
    cell.setHealth(euDown);
    await eventually('there are two again', () => crew.workers().running === 2);
    await eventually('the new one listens', () => log.lines.includes('info worker.replaced'));
    await crew.shown();
    assert.deepEqual(await askAll(crew), everyOne('192.0.2.2'));
    await crew.refresh();
    assert.equal(crew.counts().counters.received.udp, 80);
    assert.ok(log.lines.includes('error worker.died'));
  });

  test('tells who asked from where, once somebody may want to know', async () => {
    await using stage = await startStage();
    const { crew, cell, heard } = stage;
    await ask(crew, '198.51.100.0/24');
    await crew.refresh();
    assert.deepEqual(heard, []);
    cell.setOverrides(new Map([[eu, anOverride('eu')]]));
    await crew.shown();
    await ask(crew, '198.51.100.0/24');
    await ask(crew);
    await crew.refresh();
    assert.deepEqual(new Set(heard), new Set(['127.0.0.1 → us', '198.51.100.0 → us']));
  });

  test('that is told to stop has told all that it counted, and is gone', async () => {
    const stage = await startStage();
    await askAll(stage.crew);
    await stage[Symbol.asyncDispose]();
    assert.equal(stage.crew.counts().counters.received.udp, 40);
    assert.deepEqual(stage.crew.hands(), []);
    await startStage(1, portOf(stage.crew)).then((next) => next[Symbol.asyncDispose]());
  });

  test('that cannot have its address says so, and leaves no thread behind', async () => {
    const doors = { dns: [{ host: '192.0.2.200', port: 53 }], dot: [] };
    const clock = createClock();
    const first = { ground: groundOf(), health: both, overrides: new Map(), epoch: 0 };
    const secrets = {
      cookieKey: new Uint8Array(16),
      seed: 1,
      rates: new SharedArrayBuffer(guardSize),
    };
    const starting = openCrew({
      cell: createSnapshotCell(first, clock),
      folder: '.',
      clock,
      log: createRecordLog(),
      secrets,
      recruits: recruit(0),
      size: 2,
      doors,
      onSteered: () => undefined,
    });
    await assert.rejects(
      starting,
      (error) => error instanceof FaultError && error.fault.code === 'listen.failed',
    );
  });
});
