// What is told of clients: the busiest, with the region that the same decision as a query's gives.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Clients, startClients } from '../../../src/director/clients/collect.ts';
import { reportClients } from '../../../src/director/clients/report.ts';
import { millis } from '../../../src/model/time.ts';
import { settingsOf, shippedText } from '../../support/config.ts';
import { createDnsStage, plainSnapshot } from '../../support/dns-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { anIp, noon } from '../../support/fleet.ts';
import { createRecordLog } from '../../support/record-log.ts';

const snapshot = plainSnapshot(settingsOf(shippedText()));

async function begin(keep: number): Promise<Clients> {
  const clients = await startClients({
    settings: { isCollected: true, keep, sample: 1, halfLife: millis(604_800_000) },
    store: undefined,
    planOf: (name) => snapshot.plans.get(name),
    clock: createFakeClock(noon),
    random: () => 0,
    seed: [1, 2, 3, 4],
    pause: async () => undefined,
    log: createRecordLog(),
  });
  return clients ?? assert.fail();
}

describe('a report', () => {
  test('names the busiest with their shares, and where each is sent now', async () => {
    const clients = await begin(100);
    const stage = createDnsStage(snapshot, { onAnswer: clients.onAnswer });
    for (let i = 0; i < 6; i++) stage.ask({ subnet: '81.2.69.0/24' });
    stage.ask({}, { address: anIp('192.0.2.53') });
    stage.ask({ name: 'api.example.test', subnet: '81.2.69.0/24' });
    const report = reportClients(clients, snapshot, 2, noon);
    assert.equal(report.isCollecting, true);
    assert.equal(report.total, 8);
    assert.equal(report.resolverShare, 1 / 8);
    assert.equal(report.networks, 2);
    assert.equal(report.outsideShare, 0);
    assert.equal(report.since, '2026-05-01T12:00:00.000Z');
    assert.equal(report.clients.length, 2);
    assert.deepEqual(report.clients[0], {
      network: '81.2.69.0/24',
      name: 'www.example.test',
      by: 'subnet',
      weight: 6,
      error: 0,
      share: 6 / 8,
      region: 'eu-west',
    });
    await clients[Symbol.asyncDispose]();
  });

  test('says where the queries went that no kept network surely has', async () => {
    const clients = await begin(1);
    const stage = createDnsStage(snapshot, { onAnswer: clients.onAnswer });
    for (let i = 0; i < 5; i++) stage.ask({ subnet: `81.2.${i}.0/24` });
    const report = reportClients(clients, snapshot, 10, noon);
    assert.deepEqual(report.outside, [{ region: 'eu-west', weight: 4 }]);
    assert.equal(report.outsideShare, 0.8);
    assert.equal(report.clients[0]?.error, 4);
    await clients[Symbol.asyncDispose]();
  });

  test('knows no region for a name that is steered no more', async () => {
    const clients = await begin(10);
    const { tally } = clients.counted();
    tally.add(anIp('81.2.69.0'), 24, 'subnet', tally.names.of('old.example.test'), 0, 1);
    tally.add(anIp('81.2.69.0'), 24, 'subnet', 0, 0, 1);
    const { clients: rows } = reportClients(clients, snapshot, 10, noon);
    assert.deepEqual(
      rows.map(({ region }) => region),
      [null, null],
    );
    await clients[Symbol.asyncDispose]();
  });

  test('says that nothing is collected where that is so', () => {
    const report = reportClients(undefined, snapshot, 10, noon);
    assert.equal(report.isCollecting, false);
    assert.deepEqual(report.clients, []);
    assert.equal(report.since, null);
  });
});
