import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Director, startDirector } from '../src/compose.ts';
import { FaultError } from '../src/model/fault.ts';
import type { Checked } from '../src/model/fault.ts';
import { askUdp } from './support/ask.ts';
import { type ConfigFolder, createConfigFolder } from './support/director-process.ts';
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
): Promise<{ started: Checked<Director>; log: RecordLog }> {
  const log = createRecordLog();
  const openLog = () => ({ ...log, dropped: () => 0 });
  return { started: await startDirector({ config: config.main, env, openLog }), log };
}

function value<T>(checked: Checked<T>): T {
  assert.ok(checked.ok, checked.ok ? '' : JSON.stringify(checked.faults));
  return checked.value;
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
    const reply = await askUdp(port, { name: 'www.example.test' });
    assert.equal(reply.answers[0]?.data, '192.0.2.99');
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
});
