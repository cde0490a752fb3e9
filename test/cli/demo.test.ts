import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { demo } from '../../src/cli/demo.ts';
import { createConfigFolder } from '../support/director-process.ts';
import { freePort } from '../support/ports.ts';
import { runIn } from '../support/terminal.ts';

test('an origin whose port is taken is named, and nothing stays behind', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const region = `title: A\ncountry: IE\nlatitude: 1\nlongitude: 1\nipv4: [192.0.2.1]\nprobe: { http: "http://127.0.0.1:${port}/" }\nnameserver: { ipv4: [192.0.2.2] }\n`;
  using config = createConfigFolder(
    'director: { id: a, region: eu }\nzones: [{ name: example.test }]\n',
    { eu: region },
  );
  const run = await runIn(demo, ['--config', config.main]);
  assert.equal(run.code, 1);
  assert.match(run.err, new RegExp(`eu.*${port}`));
  await new Promise((resolve) => server.close(resolve));
});
