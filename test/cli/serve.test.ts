import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runDirector, serve } from '../../src/cli/serve.ts';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { runIn } from '../support/terminal.ts';

describe('meridian serve', () => {
  test('does not start with a faulty configuration, and says every fault', async () => {
    using config = copyExampleConfig();
    config.write('meridian.yaml', 'director: { id: a, region: eu-west }\nzones: []\nzone: x\n');
    const run = await runIn(serve, ['--config', config.main]);
    assert.equal(run.code, 1);
    assert.match(run.err, /:2:1: \/zones/);
    assert.match(run.err, /:3:1: \/zone: /);
    assert.match(run.err, /nothing was started$/);
  });

  test('ends when it was asked to while it was still starting', async () => {
    using config = copyExampleConfig();
    const env = { MERIDIAN_DNS: '127.0.0.1:0', MERIDIAN_HTTP: '127.0.0.1:0' };
    const silent = (): void => undefined;
    const io = { out: silent, err: silent, env, signal: AbortSignal.abort() };
    const how = { logTo: '/dev/null', isStrict: false };
    assert.equal(await runDirector(config.main, io, how, silent), 0);
  });

  test('SIGHUP takes a good configuration, a bad one changes nothing, SIGTERM ends with 0', async () => {
    using config = copyExampleConfig();
    await using director = await startDirectorProcess(config.main);
    const titles = async (): Promise<string> => {
      const regions = (await (await fetch(`${director.http}/v1/regions`)).json()) as {
        title: string;
      }[];
      return regions.map(({ title }) => title).join(',');
    };
    assert.match(await titles(), /Dublin/);
    const good =
      'title: Cork\ncountry: IE\nlatitude: 51.9\nlongitude: -8.5\nipv4: [192.0.2.11]\nnameserver: { ipv4: [198.51.100.53] }\n';
    config.write('regions/eu-west.yaml', good);
    director.signal('SIGHUP');
    await eventually('the new file is in force', async () => /Cork/.test(await titles()));
    config.write('regions/eu-west.yaml', good.replace('latitude: 51.9', 'latitude: north'));
    director.signal('SIGHUP');
    // Somebody may look while the file is half written.
    await eventually('the bad file is refused', () =>
      director.logs().some(({ where }) => String(where).endsWith('eu-west.yaml:3:1')),
    );
    assert.match(await titles(), /Cork/);
    assert.equal(await director.stop(), 0);
  });

  test('a changed file is taken without any signal', async () => {
    using config = copyExampleConfig();
    await using director = await startDirectorProcess(config.main);
    const file =
      'title: Galway\ncountry: IE\nlatitude: 53.3\nlongitude: -9.1\nipv4: [192.0.2.12]\nnameserver: { ipv4: [198.51.100.53] }\n';
    config.write('regions/eu-west.yaml', file);
    await eventually('the new title is served', async () => {
      const response = await fetch(`${director.http}/v1/regions`);
      return (await response.text()).includes('Galway');
    });
  });
});
