// Reload: new files become the running configuration whole, or not at all.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createReload } from '../../src/director/reload.ts';
import { createSnapshotCell, type SnapshotCell } from '../../src/director/snapshot.ts';
import type { Checked, Fault } from '../../src/model/fault.ts';
import type { Settings } from '../../src/model/settings.ts';
import { anAtlas } from '../support/atlas.ts';
import { groundOf } from '../support/director-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aName, aRegion, aService, aSettings, noon } from '../support/fleet.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';

const regions = [aRegion('ash'), aRegion('elm')];

function settingsOf(digest: string, change: Partial<Settings> = {}): Settings {
  const services = [aService({ name: digest, regions })];
  return { ...aSettings({ regions, services, digest }), ...change };
}

interface Stage {
  readonly cell: SnapshotCell;
  readonly log: RecordLog;
  readonly accepted: string[];
  /** How often the files were found to be good. */
  good: number;
  readonly refused: (readonly Fault[])[];
  /** What the files say when they are read. */
  files: () => Promise<Checked<Settings>>;
  /** Why a change must not come into force. */
  judgement: Fault | undefined;
  reload(): Promise<readonly Fault[]>;
  /** The services that are answered for. */
  serves(): string[];
}

function stageOf(running = settingsOf('first')): Stage {
  const clock = createFakeClock(noon);
  const log = createRecordLog();
  const first = {
    ground: groundOf(running, undefined),
    health: new Map(),
    overrides: new Map(),
    epoch: 0,
  };
  const cell = createSnapshotCell(first, clock);
  const stage: Stage = {
    cell,
    log,
    accepted: [],
    good: 0,
    refused: [],
    files: async () => ({ ok: true, value: running }),
    judgement: undefined,
    reload: createReload({
      loadSettings: () => stage.files(),
      judge: async () => stage.judgement,
      loadAtlas: async () => anAtlas([]),
      loadAsns: async () => ({ code: 'geo.unavailable', message: 'none here' }),
      pause: async () => undefined,
      cell,
      clock,
      log,
      onAccepted: ({ digest }) => stage.accepted.push(digest),
      onGood: () => stage.good++,
      onRefused: (found) => stage.refused.push(found),
    }),
    serves: () => [...cell.view.snapshot.plans.keys()].map((name) => String(name)),
  };
  return stage;
}

function put(stage: Stage, settings: Settings): void {
  stage.files = async () => ({ ok: true, value: settings });
}

describe('good files', () => {
  test('that would do too much are refused as faulty ones are, and are judged again at each reload', async () => {
    const stage = stageOf();
    put(stage, settingsOf('second'));
    stage.judgement = { code: 'config.moves', message: 'too many' };
    assert.deepEqual(await stage.reload(), [stage.judgement]);
    assert.deepEqual(stage.serves(), [aName('first')]);
    assert.deepEqual([stage.good, stage.accepted, stage.refused.length], [0, [], 1]);
    assert.equal(stage.cell.view.snapshot.epoch, 1);
    stage.judgement = undefined;
    assert.deepEqual(await stage.reload(), []);
    assert.deepEqual(stage.serves(), [aName('second')]);
  });

  test('come into force with a new epoch', async () => {
    const stage = stageOf();
    put(stage, settingsOf('second'));
    assert.deepEqual(await stage.reload(), []);
    assert.deepEqual(stage.serves(), [aName('second')]);
    assert.equal(stage.cell.view.snapshot.epoch, 2);
    assert.deepEqual(stage.accepted, ['second']);
    assert.deepEqual(stage.log.lines, ['info geo.loaded', 'info config.reloaded']);
    const configuration = '0123456789ab';
    assert.deepEqual(stage.log.fields.at(-1), { digest: 'second', configuration, epoch: 2 });
  });

  test('that are the running ones change nothing', async () => {
    const stage = stageOf();
    const { view } = stage.cell;
    assert.deepEqual(await stage.reload(), []);
    assert.equal(stage.cell.view, view);
    assert.deepEqual([stage.accepted, stage.log.lines], [[], []]);
    assert.equal(stage.good, 1);
  });

  test("are read again all the same when they name an operator's own GeoIP data", async () => {
    const own = settingsOf('first', { geo: { mmdb: 'own.mmdb', asn: undefined } });
    const stage = stageOf(own);
    await stage.reload();
    assert.deepEqual(stage.accepted, ['first']);
    assert.notEqual(stage.cell.view.snapshot.atlas, undefined);
  });

  test('leave what only a restart can change, and say so', async () => {
    const running = settingsOf('first');
    const stage = stageOf(running);
    put(
      stage,
      settingsOf('second', {
        director: { id: 'other', region: 'elm' },
        listen: { dns: [], http: { host: '127.0.0.1', port: 1 }, dot: [], doh: [] },
        tls: { certificate: 'a.pem', key: 'b.pem' },
        gossip: { ...running.gossip, secrets: ['a secret of some length'] },
        log: { level: 'debug', sampleQueries: 1 },
        stateDir: 'elsewhere',
        http: { ...running.http, requestsPerSecond: 7 },
      }),
    );
    await stage.reload();
    const { settings } = stage.cell.view.snapshot;
    for (const key of ['director', 'listen', 'tls', 'gossip', 'log', 'stateDir'] as const) {
      assert.equal(settings[key], running[key]);
    }
    assert.equal(settings.http.requestsPerSecond, 7);
    const told = stage.log.lines.indexOf('warn config.restart-needed');
    assert.deepEqual(stage.log.fields[told], {
      settings: 'director, listen, tls, gossip, stateDir, log',
    });
    assert.ok(!JSON.stringify(stage.log.fields).includes('a secret'));
  });
});

describe('a secret that changed in a file of its own', () => {
  const running = settingsOf('first');
  const { gossip, http } = running;

  test('comes into force at once where it is a key or a cookie secret', async () => {
    const keys = [{ name: aName('xfr'), secret: Uint8Array.of(1) }];
    const cookies = { secrets: ['00'], isRequired: false };
    for (const change of [{ keys }, { cookies }]) {
      const stage = stageOf(running);
      const dns = { ...running.dns, ...change };
      put(stage, { ...running, dns });
      await stage.reload();
      assert.equal(stage.cell.view.snapshot.settings.dns, dns);
    }
  });

  test('needs a restart when it is of gossip, which is told once for each change', async () => {
    const stage = stageOf(running);
    for (const secret of ['a second secret', 'a second secret', 'a third secret']) {
      put(stage, settingsOf('first', { gossip: { ...gossip, secrets: [secret] } }));
      await stage.reload();
    }
    const told = stage.log.lines.filter((line) => line === 'warn config.restart-needed');
    assert.equal(told.length, 2);
    assert.equal(stage.cell.view.snapshot.settings.gossip, gossip);
    assert.ok(!JSON.stringify(stage.log.fields).includes('secret'));
  });

  test('is taken at once when it is of the HTTP API', async () => {
    const stage = stageOf(running);
    const tokens = [{ sha256: 'ab'.repeat(32), scope: 'read' as const }];
    put(stage, settingsOf('first', { http: { ...http, tokens } }));
    await stage.reload();
    assert.deepEqual(stage.cell.view.snapshot.settings.http.tokens, tokens);
    assert.deepEqual(stage.accepted, ['first']);
  });
});

describe('faulty files', () => {
  const position = { file: 'meridian.yaml', line: 3, column: 5 };
  const faults: Fault[] = [
    { code: 'config.value', path: '/zones/0', message: 'bad', position },
    { code: 'config.read', message: 'gone' },
  ];

  test('leave the running configuration in force, and every fault is told', async () => {
    const stage = stageOf();
    const { view } = stage.cell;
    stage.files = async () => ({ ok: false, faults });
    assert.deepEqual(await stage.reload(), faults);
    assert.equal(stage.cell.view, view);
    assert.deepEqual([stage.refused, stage.good], [[faults], 0]);
    assert.deepEqual(stage.log.lines, ['error config.refused', 'error config.refused']);
    assert.deepEqual(stage.log.fields, [
      { code: 'config.value', message: 'bad', path: '/zones/0', where: 'meridian.yaml:3:5' },
      { code: 'config.read', message: 'gone', path: undefined, where: undefined },
    ]);
  });

  test('are forgotten once they are mended', async () => {
    const stage = stageOf();
    stage.files = async () => ({ ok: false, faults });
    await stage.reload();
    put(stage, settingsOf('second'));
    assert.deepEqual(await stage.reload(), []);
    assert.deepEqual(stage.serves(), [aName('second')]);
  });

  test('a mistake of ours in reading them is a fault, and the next reload works', async () => {
    const stage = stageOf();
    stage.files = () => Promise.reject(new Error('too deep'));
    const [fault] = await stage.reload();
    assert.equal(fault?.code, 'director.internal');
    assert.match(fault?.message ?? '', /too deep/);
    assert.deepEqual(stage.refused, [[fault]]);
    put(stage, settingsOf('second'));
    await stage.reload();
    assert.deepEqual(stage.accepted, ['second']);
  });
});

test('reloads asked for at once come one after another', async () => {
  const stage = stageOf();
  const order: string[] = [];
  let digest = 1;
  stage.files = async () => {
    const mine = `n${++digest}`;
    order.push(`read ${mine}`);
    await Promise.resolve();
    return { ok: true, value: settingsOf(mine) };
  };
  stage.cell.onSwap(({ snapshot }) => order.push(`swap ${snapshot.settings.digest}`));
  await Promise.all([stage.reload(), stage.reload(), stage.reload()]);
  assert.deepEqual(order, ['read n2', 'swap n2', 'read n3', 'swap n3', 'read n4', 'swap n4']);
});
