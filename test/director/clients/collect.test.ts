// Collection through the responder: what was asked is counted, by subnet and by resolver, and survives a restart.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ClientOptions,
  type Clients,
  startClients,
} from '../../../src/director/clients/collect.ts';
import { formatRow } from '../../../src/model/client-row.ts';
import type { ClientSettings } from '../../../src/model/settings.ts';
import type { DomainName } from '../../../src/model/name.ts';
import { millis } from '../../../src/model/time.ts';
import type { Store } from '../../../src/ports.ts';
import type { Plan } from '../../../src/steering/snapshot.ts';
import { settingsOf, shippedText } from '../../support/config.ts';
import { createDnsStage, type DnsStage, plainSnapshot } from '../../support/dns-stage.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { anIp, noon } from '../../support/fleet.ts';
import { buildQuery, type QueryShape } from '../../support/query.ts';
import { createRecordLog } from '../../support/record-log.ts';

const shipped = shippedText();
const snapshot = plainSnapshot(
  settingsOf({
    ...shipped,
    main: shipped.main.replace(/policy: weighted$/m, '$&\n        clientSubnet: false'),
  }),
);
const day = 86_400_000;
const settings: ClientSettings = {
  isCollected: true,
  keep: 100,
  sample: 1,
  halfLife: millis(7 * day),
};

interface Disk extends Store {
  readonly texts: Map<string, string>;
  saves: number;
}

function createDisk(): Disk {
  const texts = new Map<string, string>();
  const disk: Disk = {
    texts,
    saves: 0,
    load: async (name) => texts.get(name),
    async save(name, text) {
      disk.saves++;
      texts.set(name, text);
      return undefined;
    },
  };
  return disk;
}

interface World {
  readonly clients: Clients;
  readonly stage: DnsStage;
  readonly clock: FakeClock;
}

async function begin(options: Partial<ClientOptions> = {}): Promise<World> {
  const clock = createFakeClock(noon);
  const seed = [1, 2, 3, 4] as const;
  const pause = async () => undefined;
  const planOf = (name: DomainName): Plan | undefined => snapshot.plans.get(name);
  const base = { settings, store: undefined, planOf, clock, random: () => 0, seed, pause };
  const clients = await startClients({ ...base, log: createRecordLog(), ...options });
  assert.ok(clients !== undefined);
  const stage = createDnsStage(snapshot, { onAnswer: clients.onAnswer, rule: () => 'send' });
  return { clients, stage, clock: (options.clock as FakeClock | undefined) ?? clock };
}

const rowsOf = (clients: Clients): string[] =>
  Array.from(clients.counted().tally.rows(), formatRow).sort();

const peer = { address: anIp('192.0.2.53') };

describe('what is collected', () => {
  test('is each steered query, by its client subnet or else by the resolver', async () => {
    const { clients, stage } = await begin();
    stage.ask({ subnet: '81.2.69.142/32' }, peer);
    stage.ask({ subnet: '81.2.69.0/24', type: 'AAAA' }, peer);
    stage.ask({ subnet: '81.2.0.0/16' }, peer);
    stage.ask({ subnet: '2001:470:1f0b:85ff::/64' }, peer);
    stage.ask({}, peer);
    stage.ask({ subnet: '0.0.0.0/0', name: 'WWW.example.test' }, { ...peer, transport: 'tcp' });
    assert.deepEqual(rowsOf(clients), [
      '192.0.2.0/24,2,www.example.test,resolver',
      '2001:470:1f0b:8500::/56,1,www.example.test,subnet',
      '81.2.0.0/16,1,www.example.test,subnet',
      '81.2.69.0/24,2,www.example.test,subnet',
    ]);
    const { tally } = clients.counted();
    assert.deepEqual([tally.total, tally.byResolver], [6, 2]);
    assert.equal(tally.top(1)[0]?.region, 'eu-west');
    await clients[Symbol.asyncDispose]();
  });

  test('is the resolver where the subnet did not steer: one that is not public, or a service that has no use for it', async () => {
    const { clients, stage } = await begin();
    stage.ask({ subnet: '10.1.2.0/24' }, peer);
    stage.ask({ subnet: '81.2.69.0/24', name: 'static.example.test' }, peer);
    assert.deepEqual(rowsOf(clients), [
      '192.0.2.0/24,1,static.example.test,resolver',
      '192.0.2.0/24,1,www.example.test,resolver',
    ]);
    await clients[Symbol.asyncDispose]();
  });

  test('is nothing that is not steered', async () => {
    const { clients, stage } = await begin();
    const shapes: QueryShape[] = [
      { name: 'mail.example.test', type: 'AAAA' },
      { name: 'nobody.example.test' },
      { name: 'example.net' },
      { name: 'www.example.test', type: 'TXT' },
      { name: 'version.bind', type: 'TXT', class: 3 },
    ];
    for (const shape of shapes) stage.ask(shape);
    stage.send(new Uint8Array(20));
    assert.deepEqual(rowsOf(clients), []);
    await clients[Symbol.asyncDispose]();
  });

  test('is nobody who was told to come back over TCP, or not answered at all', async () => {
    const { clients } = await begin();
    for (const ruling of ['slip', 'drop'] as const) {
      const stage = createDnsStage(snapshot, { onAnswer: clients.onAnswer, rule: () => ruling });
      const reply = stage.send(buildQuery({ subnet: '81.2.69.0/24' }), peer);
      assert.equal(reply === undefined, ruling === 'drop');
    }
    assert.deepEqual(rowsOf(clients), []);
    await clients[Symbol.asyncDispose]();
  });

  test('is one in so many, for so many, where only a sample is counted', async () => {
    const draws = [0.5, 0.05, 0.1, 0.99];
    const sampled = { ...settings, sample: 10 };
    const { clients, stage } = await begin({
      settings: sampled,
      random: () => draws.shift() ?? assert.fail(),
    });
    for (let i = 0; i < 4; i++) stage.ask({ subnet: '81.2.69.0/24' });
    assert.deepEqual(rowsOf(clients), ['81.2.69.0/24,10,www.example.test,subnet']);
    await clients[Symbol.asyncDispose]();
  });

  test('is nothing at all unless it is asked for: there is nobody to call', async () => {
    const off = { ...settings, isCollected: false };
    const planOf = (): undefined => undefined;
    const options = { settings: off, store: createDisk(), planOf, clock: createFakeClock(noon) };
    const rest = { random: Math.random, pause: async () => undefined, log: createRecordLog() };
    assert.equal(await startClients({ ...options, ...rest, seed: [1, 2, 3, 4] }), undefined);
  });
});

describe('as time passes', () => {
  test('a query counts half after each half-life, and a network is forgotten after two', async () => {
    const { clients, stage, clock } = await begin();
    for (let i = 0; i < 8; i++) stage.ask({ subnet: '81.2.69.0/24' });
    await clock.advance(7 * day);
    assert.deepEqual(rowsOf(clients), ['81.2.69.0/24,4,www.example.test,subnet']);
    assert.equal(clients.counted().tally.networks(), 1);
    await clock.advance(7 * day);
    assert.equal(Math.round(clients.counted().tally.total), 2);
    assert.equal(clients.counted().tally.networks(), 0);
    await clients[Symbol.asyncDispose]();
  });

  test('it is written every ten minutes, and once more at the end', async () => {
    const disk = createDisk();
    const { clients, clock } = await begin({ store: disk });
    await clock.advance(599_000);
    assert.equal(disk.saves, 0);
    await clock.advance(1000);
    assert.equal(disk.saves, 1);
    await clock.advance(600_000);
    assert.equal(disk.saves, 2);
    await clients[Symbol.asyncDispose]();
    assert.equal(disk.saves, 3);
  });

  test('a disk that is full is told once', async () => {
    const log = createRecordLog();
    const store: Store = {
      load: async () => undefined,
      save: async () => ({ code: 'disk.write', message: 'no space' }),
    };
    const { clients, clock } = await begin({ store, log });
    await clock.advance(3_600_000);
    await clients[Symbol.asyncDispose]();
    assert.deepEqual(log.lines, ['error disk.write']);
  });
});

describe('a restart', () => {
  test('goes on counting from what was kept, faded by the time between', async () => {
    const store = createDisk();
    const first = await begin({ store });
    for (let i = 0; i < 8; i++) first.stage.ask({ subnet: '81.2.69.0/24' });
    first.stage.ask({}, peer);
    await first.clients[Symbol.asyncDispose]();
    const later = createFakeClock(noon + 7 * day);
    const second = await begin({ store, clock: later, seed: [9, 9, 9, 9] });
    second.stage.ask({ subnet: '81.2.69.0/24' });
    assert.deepEqual(rowsOf(second.clients), [
      '192.0.2.0/24,1,www.example.test,resolver',
      '81.2.69.0/24,5,www.example.test,subnet',
    ]);
    assert.equal(second.clients.counted().since, noon);
    await second.clients[Symbol.asyncDispose]();
  });

  test('on a clock that was set back makes nothing grow', async () => {
    const store = createDisk();
    const first = await begin({ store });
    first.stage.ask({ subnet: '81.2.69.0/24' });
    await first.clients[Symbol.asyncDispose]();
    const second = await begin({ store, clock: createFakeClock(noon - 30 * day) });
    assert.deepEqual(rowsOf(second.clients), ['81.2.69.0/24,1,www.example.test,subnet']);
    await second.clients[Symbol.asyncDispose]();
  });

  test('on what nobody has written begins anew', async () => {
    const store = createDisk();
    store.texts.set('clients', '{"since":"yesterday"}\n[1,2]');
    const { clients, stage } = await begin({ store });
    stage.ask({ subnet: '81.2.69.0/24' });
    assert.equal(rowsOf(clients).length, 1);
    await clients[Symbol.asyncDispose]();
  });
});
