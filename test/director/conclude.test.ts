// Votes and overrides → the next snapshot; and what is written down for the next life.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeMemory } from '../../src/director/gossip/memory.ts';
import { createSnapshotCell } from '../../src/director/snapshot.ts';
import { decodeVerdicts } from '../../src/director/verdicts.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { HealthView, Recovery } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import type { Store } from '../../src/ports.ts';
import {
  type DirectorParts,
  type DirectorStage,
  groundOf,
  startDirectorStage,
} from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { atOnce, aRegion, aService, aSettings, downHealth, noon } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us'), aRegion('ap')];
const observers = ['eu', 'us', 'ap'];
const settings = aSettings({
  regions,
  services: [aService({ regions })],
  health: {
    observers,
    voteLifetime: millis(17_000),
    settle: millis(600_000),
    return: atOnce,
    probesInFlight: 64,
    probeNetworks: undefined,
  },
});

interface Fleet {
  readonly clock: FakeClock;
  readonly eu: DirectorStage;
  readonly us: DirectorStage;
  readonly ap: DirectorStage;
}

function fleet(parts: Partial<DirectorParts> = {}): Fleet {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const start = (id: string): DirectorStage => {
    const mine = { ...(parts.settings ?? settings), director: { id: `${id}-1`, region: id } };
    const more = id === 'eu' ? parts : {};
    return startDirectorStage({ ...more, settings: mine, clock, boards });
  };
  return { clock, eu: start('eu'), us: start('us'), ap: start('ap') };
}

/** `up`, `down`, `unknown`, with `kept` and `suspect` where they are. */
function verdictOn(director: DirectorStage, region: string): string {
  const health = director.cell.view.snapshot.health.get(region as RegionId);
  const words = [
    health?.verdict ?? 'none',
    health?.isKept === true ? 'kept' : '',
    health?.isSuspect === true ? 'suspect' : '',
  ];
  return words.filter((word) => word !== '').join(' ');
}

function recoveryOf(health: HealthView, region: string): Recovery {
  return health.get(region as RegionId)?.recovery ?? assert.fail();
}

const allUp = 'eu up, us up, ap up';
const opinionUp = {
  verdict: 'up',
  since: noon,
  latency: undefined,
  reason: '',
  isSuspect: false,
} as const;

async function saidUp(stage: Fleet): Promise<void> {
  for (const director of [stage.eu, stage.us, stage.ap]) director.say(allUp);
  await stage.clock.advance(1000);
}

describe('votes', () => {
  test('of a majority become the verdict on every director', async () => {
    const stage = fleet();
    await saidUp(stage);
    stage.us.say('eu up, us up, ap down');
    await stage.clock.advance(1000);
    assert.equal(verdictOn(stage.eu, 'ap'), 'up suspect');
    stage.eu.say('eu up, us up, ap down');
    await stage.clock.advance(1000);
    for (const director of [stage.eu, stage.us, stage.ap]) {
      assert.equal(verdictOn(director, 'ap'), 'down suspect');
      assert.equal(verdictOn(director, 'eu'), 'up');
    }
  });

  test('that say the same again change no snapshot', async () => {
    const stage = fleet();
    await saidUp(stage);
    const { view } = stage.eu.cell;
    await stage.clock.advance(20_000);
    assert.equal(stage.eu.cell.view, view);
  });

  test('show in the newest tally with their ages', async () => {
    const stage = fleet();
    await saidUp(stage);
    await stage.clock.advance(500);
    const votes = stage.eu.conclude.health().get('us' as RegionId)?.votes ?? [];
    assert.deepEqual(
      votes.map(({ observer, verdict }) => [observer, verdict]),
      [
        ['eu-1', 'up'],
        ['us-1', 'up'],
        ['ap-1', 'up'],
      ],
    );
    assert.ok(votes.every(({ age }) => age <= 2300));
  });

  test('that grow too old leave the last verdict kept', async () => {
    const stage = fleet();
    await saidUp(stage);
    await stage.us[Symbol.asyncDispose]();
    await stage.ap[Symbol.asyncDispose]();
    await stage.clock.advance(16_000);
    assert.equal(verdictOn(stage.eu, 'us'), 'up');
    await stage.clock.advance(3000);
    assert.equal(verdictOn(stage.eu, 'us'), 'up kept');
    stage.eu.say('eu up, us down, ap up');
    await stage.clock.advance(3000);
    assert.equal(verdictOn(stage.eu, 'us'), 'up kept suspect');
  });
});

describe('a region that comes back', () => {
  const staged = { hold: millis(10_000), stage: millis(5000), longestHold: millis(60_000) };
  const health = { ...settings.health, return: staged };

  test('does so at the same moments on every director, and each swaps its snapshot once', async () => {
    const stage = fleet({ settings: { ...settings, health } });
    const directors = [stage.eu, stage.us, stage.ap];
    await saidUp(stage);
    for (const director of directors) director.say('eu up, us up, ap down');
    await stage.clock.advance(5000);
    // They see it up one after the other, and two of them are a majority.
    for (const director of directors) {
      director.say(allUp);
      await stage.clock.advance(700);
    }
    const epoch = stage.eu.cell.view.snapshot.epoch;
    const seen = new Map<number, Set<string>>();
    for (let passed = 0; passed < 30_000; passed += 50) {
      const told = directors.map(({ cell }) => {
        const { stage: name, share } = recoveryOf(cell.view.snapshot.health, 'ap');
        return `${name} ${share}`;
      });
      assert.equal(new Set(told).size, 1, `${passed}: ${told.join()}`);
      const share = Number(told[0]?.split(' ')[1]);
      seen.set(share, (seen.get(share) ?? new Set()).add(told[0] ?? ''));
      await stage.clock.advance(50);
    }
    assert.deepEqual([...seen.keys()], [0, 0.05, 0.25, 0.5, 1]);
    assert.equal(stage.eu.cell.view.snapshot.epoch, epoch + 4);
    const lines = stage.us.log.lines.filter((line) => line.includes('region.'));
    assert.deepEqual(lines, [
      ...Array<string>(4).fill('info region.returning'),
      'info region.returned',
    ]);
  });

  test('goes on with its return at a director that was restarted with its disk', async () => {
    const { disk, store } = diskOf();
    const own = { ...settings, health, director: { id: 'eu-1', region: 'eu' } };
    const stage = fleet({ settings: own, store });
    const directors = [stage.eu, stage.us, stage.ap];
    await saidUp(stage);
    for (const director of directors) director.say('eu up, us up, ap down');
    await stage.clock.advance(5000);
    for (const director of directors) director.say(allUp);
    await stage.clock.advance(12_000);
    await stage.eu[Symbol.asyncDispose]();
    await stage.clock.advance(4000);
    const kept = decodeVerdicts(disk.texts.get('verdicts') ?? '', stage.clock.now());
    assert.ok(kept);
    const first = { health: kept.health, epoch: kept.epoch };
    const alone = startDirectorStage({ settings: own, clock: stage.clock, boards: [], first });
    assert.equal(recoveryOf(alone.cell.view.snapshot.health, 'ap').share, 0.25);
    await stage.clock.advance(3900);
    assert.equal(recoveryOf(alone.cell.view.snapshot.health, 'ap').share, 0.25);
    await stage.clock.advance(200);
    assert.equal(recoveryOf(alone.cell.view.snapshot.health, 'ap').share, 0.5);
  });
});

describe('the log', () => {
  test('tells each change of a verdict once, with its reason', async () => {
    const stage = fleet();
    await saidUp(stage);
    stage.eu.log.lines.length = 0;
    stage.eu.log.fields.length = 0;
    for (const director of [stage.eu, stage.us]) director.say('eu up, us up, ap down');
    // Who votes otherwise has a reason too, which is not the fleet's.
    stage.ap.gossip.setOpinions(
      new Map([['ap' as RegionId, { ...opinionUp, reason: 'one lost packet' }]]),
    );
    await stage.clock.advance(5000);
    assert.deepEqual(stage.eu.log.lines, ['warn verdict.changed']);
    assert.deepEqual(stage.eu.log.fields, [
      { region: 'ap', from: 'up', to: 'down', isKept: false, reason: 'timed out after 2s' },
    ]);
    for (const director of [stage.eu, stage.us]) director.say(allUp);
    await stage.clock.advance(5000);
    assert.deepEqual(stage.eu.log.lines, ['warn verdict.changed', 'info verdict.changed']);
  });

  test('tells when an override begins and when its time is over', async () => {
    const stage = fleet();
    const adding = stage.us.control.add({
      region: 'ap',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '5s',
    });
    await stage.clock.advance(7000);
    await adding;
    const told = stage.eu.log.lines.filter((line) => line.includes('override'));
    assert.deepEqual(told, ['info override.began', 'info override.ended']);
    const ended = stage.eu.log.fields[stage.eu.log.lines.indexOf('info override.ended')];
    assert.deepEqual(ended, {
      region: 'ap',
      kind: 'drain',
      by: undefined,
      id: 'us-1-word-1',
      request: undefined,
    });
  });

  test('of an override that goes on is silent, and so is the snapshot', async () => {
    const stage = fleet();
    await saidUp(stage);
    const word = {
      region: 'ap',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '5m',
    } as const;
    const adding = stage.eu.control.add(word);
    await stage.clock.advance(1000);
    await adding;
    const { view } = stage.eu.cell;
    const told = stage.eu.log.lines.length;
    await stage.clock.advance(60_000);
    assert.equal(stage.eu.cell.view, view);
    assert.equal(stage.eu.log.lines.length, told);
  });

  test('tells who replaced an override', async () => {
    const stage = fleet();
    const word = {
      region: 'ap',
      kind: 'drain',
      actor: 'alice',
      reason: 'swap',
      for: '5m',
    } as const;
    const adding = stage.eu.control.add(word);
    await stage.clock.advance(500);
    await adding;
    const replacing = stage.eu.control.add({ ...word, kind: 'up', actor: 'bob' });
    await stage.clock.advance(500);
    await replacing;
    const ended = stage.eu.log.fields[stage.eu.log.lines.indexOf('info override.ended')];
    assert.equal(ended?.['by'], 'bob');
  });
});

/** A disk that can be slow and can fail. */
function diskOf() {
  const texts = new Map<string, string>();
  const disk = { texts, saves: 0, fault: undefined as Fault | undefined, wait: Promise.resolve() };
  const store: Store = {
    load: async (name) => texts.get(name),
    save: async (name, text) => {
      disk.saves++;
      await disk.wait;
      if (disk.fault === undefined) texts.set(name, text);
      return disk.fault;
    },
  };
  return { disk, store };
}

describe('the disk', () => {
  test('gets verdicts and memory at each change, and every ten seconds', async () => {
    const { disk, store } = diskOf();
    const stage = fleet({ store });
    await saidUp(stage);
    const read = decodeVerdicts(disk.texts.get('verdicts') ?? '', stage.clock.now());
    assert.equal(read?.health.get('us' as RegionId)?.verdict, 'up');
    assert.equal(read?.epoch, stage.eu.cell.view.snapshot.epoch);
    assert.ok(decodeMemory(disk.texts.get('gossip') ?? '')?.marks.has('us-1'));
    const before = disk.saves;
    await stage.clock.advance(9000);
    assert.ok(disk.saves <= before + 2);
    await stage.clock.advance(11_000);
    assert.ok(disk.saves > before + 2 && disk.saves <= before + 4, `${disk.saves - before}`);
  });

  test('gets every epoch at once, so that a crash gives none to another snapshot', async () => {
    const { disk, store } = diskOf();
    const stage = fleet({ store });
    await saidUp(stage);
    const { cell, conclude } = stage.eu;
    for (let i = 0; i < 3; i++) {
      // As a reload does, which changes no verdict.
      cell.setGround(cell.ground);
      conclude.now();
      await stage.clock.advance(1);
      const { epoch } = cell.view.snapshot;
      assert.equal(
        decodeVerdicts(disk.texts.get('verdicts') ?? '', stage.clock.now())?.epoch,
        epoch,
      );
      const { clock } = stage;
      const next = createSnapshotCell(
        { ground: cell.ground, health: new Map(), overrides: new Map(), epoch },
        clock,
      );
      assert.ok(next.view.snapshot.epoch > epoch);
    }
  });

  test('that is full is news once, and again after it was mended', async () => {
    const { disk, store } = diskOf();
    const stage = fleet({ store });
    const told = (): number =>
      stage.eu.log.lines.filter((line) => line === 'error disk.write').length;
    disk.fault = { code: 'disk.write', message: 'no space' };
    await saidUp(stage);
    await stage.clock.advance(30_000);
    assert.equal(told(), 1);
    disk.fault = undefined;
    await stage.clock.advance(11_000);
    disk.fault = { code: 'disk.write', message: 'no space' };
    await stage.clock.advance(11_000);
    assert.equal(told(), 2);
  });

  test('that is slow gets no second write beside the first', async () => {
    const { disk, store } = diskOf();
    let finish = (): void => undefined;
    disk.wait = new Promise((resolve) => {
      finish = resolve;
    });
    const stage = fleet({ store });
    await saidUp(stage);
    await stage.clock.advance(30_000);
    assert.equal(disk.saves, 1);
    finish();
    await stage.clock.advance(1000);
    // What had to wait is written once, not as often as it was wanted.
    assert.ok(disk.saves > 2 && disk.saves <= 4, `${disk.saves} saves`);
  });

  test('gets the last word at the end, also while a write is under way', async () => {
    const { disk, store } = diskOf();
    const stage = fleet({ store });
    await saidUp(stage);
    let finish = (): void => undefined;
    disk.wait = new Promise((resolve) => {
      finish = resolve;
    });
    stage.us.say('eu down, us up, ap up');
    stage.ap.say('eu down, us up, ap up');
    await stage.clock.advance(1000);
    stage.us.say(allUp);
    await stage.clock.advance(1000);
    const closing = stage.eu[Symbol.asyncDispose]();
    disk.texts.clear();
    await stage.clock.advance(1000);
    assert.equal(disk.texts.size, 0, 'still writing');
    finish();
    await stage.clock.advance(1000);
    await closing;
    const read = decodeVerdicts(disk.texts.get('verdicts') ?? '', stage.clock.now());
    assert.equal(read?.health.get('eu' as RegionId)?.verdict, 'up');
  });
});

describe('the next life', () => {
  test('keeps the verdicts of the last one until somebody is heard', async () => {
    const health = new Map([['us' as RegionId, downHealth({ isKept: true })]]);
    const stage = fleet({ first: { ground: groundOf(settings, undefined), health, epoch: 99 } });
    assert.equal(verdictOn(stage.eu, 'us'), 'down kept');
    assert.equal(verdictOn(stage.eu, 'eu'), 'unknown kept');
    assert.ok(stage.eu.cell.view.snapshot.epoch > 99);
    await saidUp(stage);
    assert.equal(verdictOn(stage.eu, 'us'), 'up');
  });

  test('of the configuration has verdicts on its own regions only', async () => {
    const stage = fleet();
    await saidUp(stage);
    const more = [...regions.slice(0, 2), aRegion('sa')];
    const next = aSettings({
      regions: more,
      services: [aService({ regions: more })],
      health: settings.health,
    });
    stage.eu.cell.setGround(
      groundOf({ ...next, director: { id: 'eu-1', region: 'eu' } }, undefined),
    );
    stage.eu.conclude.now();
    assert.deepEqual([...stage.eu.cell.view.snapshot.health.keys()], ['eu', 'us', 'sa']);
    assert.equal(verdictOn(stage.eu, 'sa'), 'unknown kept');
  });
});

test('after its end nothing is concluded', async () => {
  const stage = fleet();
  await saidUp(stage);
  await stage.eu[Symbol.asyncDispose]();
  const { view } = stage.eu.cell;
  await stage.clock.advance(60_000);
  assert.equal(stage.eu.cell.view, view);
});
