import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Director, startDirector } from '../src/compose.ts';
import { FaultError } from '../src/model/fault.ts';
import type { Checked } from '../src/model/fault.ts';
import type { HealthReport } from '../src/model/report.ts';
import { askUdp } from './support/ask.ts';
import type { ClientsReport } from '../src/model/clients-report.ts';
import { type ConfigFolder, createConfigFolder } from './support/director-process.ts';
import { eventually } from './support/eventually.ts';
import { createRecordLog, type RecordLog } from './support/record-log.ts';

const region = `
title: Dublin
country: IE
latitude: 53.35
longitude: -6.26
ipv4: [192.0.2.10]
nameserver: { ipv4: [198.51.100.1] }
`;

const main = `
director: { id: solo, region: eu }
listen: { dns: ["127.0.0.1:0"], http: "127.0.0.1:0" }
zones: [{ name: example.test, serial: 7, services: [{ name: www, regions: [eu] }] }]
`;

async function start(
  config: ConfigFolder,
  env: Readonly<Record<string, string>> = {},
  isStrict = false,
): Promise<{ started: Checked<Director>; log: RecordLog }> {
  const log = createRecordLog();
  const openLog = () => ({ ...log, dropped: () => 0 });
  return { started: await startDirector({ config: config.main, env, openLog, isStrict }), log };
}

function value<T>(checked: Checked<T>): T {
  assert.ok(checked.ok, checked.ok ? '' : JSON.stringify(checked.faults));
  return checked.value;
}

/** A thread that is busy may be some moments behind the others. */
async function answers(port: number, address: string): Promise<void> {
  await eventually(`it answers ${address}`, async () => {
    const reply = await askUdp(port, { name: 'www.example.test' });
    return reply.answers[0]?.data === address;
  });
}

describe('startDirector', () => {
  test('answers DNS and HTTP when it says that it has started, and no more once it is disposed', async () => {
    using config = createConfigFolder(main, { eu: region });
    const director = value((await start(config)).started);
    const [dns] = director.dns;
    const reply = await askUdp(dns?.port ?? 0, { name: 'www.example.test' });
    assert.equal(reply.answers[0]?.data, '192.0.2.10');
    const { host, port } = director.http;
    assert.equal((await fetch(`http://${host}:${port}/readyz`)).status, 200);
    await director[Symbol.asyncDispose]();
    await assert.rejects(fetch(`http://${host}:${port}/readyz`));
  });

  test('a faulty configuration comes back as faults, and nothing listens', async () => {
    using config = createConfigFolder('zones: nonsense\n', { eu: region });
    const { started } = await start(config);
    assert.equal(started.ok, false);
  });

  test('an address that is taken is thrown as a fault, and everything else is given back', async () => {
    using config = createConfigFolder(main, { eu: region });
    await using first = value((await start(config)).started);
    const { host, port } = first.http;
    await assert.rejects(
      start(config, { MERIDIAN_HTTP: `${host}:${port}` }),
      (error) => error instanceof FaultError && error.fault.code === 'listen.failed',
    );
  });

  test('a reload takes what can change, and names what only a restart can', async () => {
    using config = createConfigFolder(main, { eu: region });
    const { started, log } = await start(config);
    await using director = value(started);
    const port = director.dns[0]?.port ?? 0;
    config.write('regions/eu.yaml', region.replace('192.0.2.10', '192.0.2.99'));
    config.write('meridian.yaml', main.replace('id: solo', 'id: other'));
    assert.deepEqual(await director.reload(), []);
    await answers(port, '192.0.2.99');
    const warned = log.fields[log.lines.indexOf('warn config.restart-needed')];
    assert.equal(warned?.['settings'], 'director');
  });

  test('a reload of faulty files gives the faults and changes nothing', async () => {
    using config = createConfigFolder(main, { eu: region });
    await using director = value((await start(config)).started);
    const port = director.dns[0]?.port ?? 0;
    config.write('regions/eu.yaml', 'title: [\n');
    const faults = await director.reload();
    assert.equal(faults[0]?.position?.file.endsWith('eu.yaml'), true);
    const reply = await askUdp(port, { name: 'www.example.test' });
    assert.equal(reply.answers[0]?.data, '192.0.2.10');
  });

  const stateful = `${main}state: var\n`;
  const broken = stateful.replace('zones:', 'zonez:');

  async function reportOf({ http }: Director): Promise<HealthReport> {
    const response = await fetch(`http://${http.host}:${http.port}/v1/health`);
    return (await response.json()) as HealthReport;
  }

  test('files with faults are stood in for by the last good ones, until they are mended', async () => {
    using config = createConfigFolder(stateful, { eu: region });
    await value((await start(config)).started)[Symbol.asyncDispose]();
    config.write('meridian.yaml', broken);
    const { started, log } = await start(config);
    await using director = value(started);
    const port = director.dns[0]?.port ?? 0;
    const reply = await askUdp(port, { name: 'www.example.test' });
    assert.equal(reply.answers[0]?.data, '192.0.2.10');
    const told = log.fields[log.lines.indexOf('warn config.last-good')];
    assert.match(String(told?.['reason']), /in force until they are mended: .*:4:1: \/zonez: /);
    const { files, configuration } = await reportOf(director);
    assert.equal(files.areGood, false);
    assert.match(files.faults.join('\n'), /meridian\.yaml:4:1: \/zonez: .*config\.unknown-key/);
    config.write('regions/eu.yaml', region.replace('192.0.2.10', '192.0.2.99'));
    config.write('meridian.yaml', stateful);
    await director.reload();
    await answers(port, '192.0.2.99');
    const after = await reportOf(director);
    assert.deepEqual([after.files.areGood, after.files.faults], [true, []]);
    assert.notEqual(after.configuration, configuration);
  });

  test('a strict start, a damaged copy, another director and no copy at all are refused', async () => {
    using config = createConfigFolder(stateful, { eu: region });
    const kept = join(config.folder, 'var/configuration.state');
    const codes = async (isStrict = false): Promise<string[]> => {
      const { started } = await start(config, {}, isStrict);
      assert.equal(started.ok, false);
      return started.ok ? [] : started.faults.map(({ code }) => code);
    };
    const own = ['config.shape', 'config.unknown-key'];
    config.write('meridian.yaml', broken);
    assert.deepEqual((await codes()).sort(), own);
    config.write('meridian.yaml', stateful);
    await value((await start(config)).started)[Symbol.asyncDispose]();
    config.write('meridian.yaml', broken);
    assert.deepEqual((await codes(true)).sort(), own);
    config.write('meridian.yaml', broken.replace('id: solo', 'id: other'));
    assert.deepEqual((await codes()).sort(), ['config.last-good', ...own]);
    config.write('meridian.yaml', broken);
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('192.0.2.10', '192.0.2.66'));
    assert.deepEqual((await codes()).sort(), own);
    assert.ok(existsSync(`${kept}.damaged`));
  });
});

describe('clients', () => {
  const read = async ({ http: { host, port } }: Director): Promise<ClientsReport> =>
    (await fetch(`http://${host}:${port}/v1/clients`)).json() as Promise<ClientsReport>;

  test('are counted where that is asked for, and still known after a restart', async () => {
    using config = createConfigFolder(`${main}state: state\nclients: { collect: true }\n`, {
      eu: region,
    });
    const first = value((await start(config)).started);
    const port = first.dns[0]?.port ?? 0;
    await askUdp(port, { name: 'www.example.test', subnet: '81.2.69.0/24' });
    await askUdp(port, { name: 'www.example.test', subnet: '81.2.69.0/24' });
    await askUdp(port, { name: 'www.example.test' });
    await first[Symbol.asyncDispose]();
    const second = value((await start(config)).started);
    await askUdp(second.dns[0]?.port ?? 0, { name: 'www.example.test', subnet: '81.2.69.0/24' });
    await eventually('the third is counted', async () => {
      return (await read(second)).clients[0]?.weight === 3;
    });
    const report = await read(second);
    assert.deepEqual(
      report.clients.map(({ network, by, weight, region: to }) => [network, by, weight, to]),
      [
        ['81.2.69.0/24', 'subnet', 3, 'eu'],
        ['127.0.0.0/24', 'resolver', 1, 'eu'],
      ],
    );
    const { host, port: httpPort } = second.http;
    const metrics = await (await fetch(`http://${host}:${httpPort}/metrics`)).text();
    assert.match(metrics, /^meridian_clients_networks 2$/m);
    await second[Symbol.asyncDispose]();
  });

  test('are nobody where it is not', async () => {
    using config = createConfigFolder(main, { eu: region });
    const director = value((await start(config)).started);
    await askUdp(director.dns[0]?.port ?? 0, { name: 'www.example.test' });
    assert.equal((await read(director)).isCollecting, false);
    await director[Symbol.asyncDispose]();
  });
});
