// The README, run as a newcomer would: `npm start`, then every command that it prints, in order.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The text of every shell block, in the order of the page. */
const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');

/** The block that holds these words, run by a shell; everything it printed. */
function run(words: string): string {
  const found = blocks.filter((block) => block.includes(words));
  assert.equal(found.length, 1, `one block of the README holds: ${words}`);
  const { stdout, stderr } = spawnSync('bash', ['-c', found[0] ?? ''], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return stdout + stderr;
}

let npm: ChildProcess;
let printed = '';

before(async () => {
  // The README uses the ports that people will use, so nobody else may have them.
  for (const port of [8053, 9102]) await assertFree(port);
  npm = spawn('npm', ['start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    npm.stdout?.on('data', (chunk) => {
      printed += String(chunk);
      if (/\bready\b[^]*Ctrl-C/.test(printed)) resolve();
    });
    npm.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  });
});

after(async () => {
  const ended = new Promise((resolve) => npm.once('exit', resolve));
  // npm does not hand on every signal, so the whole group is told.
  if (npm.pid !== undefined && npm.exitCode === null) process.kill(-npm.pid, 'SIGTERM');
  await ended;
});

async function assertFree(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

describe('the README', { concurrency: false }, () => {
  test('npm start prints what to try', () => {
    for (const word of ['dig @127.0.0.1', 'curl', 'npx meridian explain', '/fail']) {
      assert.ok(printed.includes(word), `npm start prints ${word}`);
    }
  });

  test('Tokyo and Berlin are answered different regions', () => {
    assert.equal(run('+subnet=202.12.27.0/24'), '192.0.2.60\n192.0.2.20\n');
  });

  test('HTTP says the same, and explain says why', () => {
    const output = run('/v1/resolve?name');
    assert.match(output, /"regions":\["eu-central"\]/);
    assert.match(output, /eu-central 1\d\d km/);
  });

  test('a failed region is left, and explain names the reason', () => {
    const output = run('9102/fail');
    assert.match(output, /→ eu-west/);
    assert.match(output, /eu-central is out: .*503/);
    assert.match(output, /eu-central +down/);
  });

  test('drain and undrain', () => {
    const output = run('meridian drain');
    assert.match(output, /us-east: drain until/);
    assert.match(output, /us-east: drain ended/);
  });

  test('clients that only speak HTTP are redirected', () => {
    const output = run('/go/www.example.test/');
    assert.match(output, /^HTTP\/1\.1 307/);
    assert.match(output, /location: http:\/\/127\.0\.0\.1:91/i);
  });

  test('check and the offline explanation need no director', () => {
    const output = run('meridian check');
    assert.match(output, /meridian\.yaml is fine: 1 zone, 3 services, 8 regions/);
    assert.match(output, /→ eu-central/);
  });

  test('every shell block is run by a test here', () => {
    const tried = [
      'npm start',
      '+subnet=202',
      'curl -s ',
      '9102/fail',
      'meridian drain',
      '/go/www',
      'meridian check',
    ];
    for (const block of blocks)
      assert.ok(
        tried.some((words) => block.includes(words)),
        block,
      );
  });
});
