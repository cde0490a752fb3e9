// The log: lines that machines read, given up and counted when nobody takes them.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../src/edge/log.ts';
import { makeFolder } from '../support/folder.ts';
import { eventually } from '../support/eventually.ts';

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const written = await readFile(path, 'utf8');
  return written
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is one JSON object with time, level, service, event and its fields', async (t) => {
  const destination = join(await makeFolder(t), 'log');
  await using log = createLog({ level: 'debug', destination });
  log.debug('a');
  log.info('config.reloaded', { epoch: 7, isFirst: true, where: undefined });
  log.warn('b', { reason: 'two\nlines and "quotes"' });
  log.error('c', { event: 'not this' });
  await log.flush();
  const lines = await linesOf(destination);
  assert.deepEqual(
    lines.map(({ level, service, event }) => [level, service, event]),
    [
      ['debug', 'meridian', 'a'],
      ['info', 'meridian', 'config.reloaded'],
      ['warn', 'meridian', 'b'],
      ['error', 'meridian', 'c'],
    ],
  );
  const { time, ...rest } = lines[1] ?? {};
  assert.equal(new Date(String(time)).toISOString(), time);
  assert.deepEqual(rest, {
    level: 'info',
    service: 'meridian',
    event: 'config.reloaded',
    epoch: 7,
    isFirst: true,
  });
  assert.equal(lines[2]?.['reason'], 'two\nlines and "quotes"');
});

test('lines below the level are left out', async (t) => {
  const destination = join(await makeFolder(t), 'log');
  await using log = createLog({ level: 'warn', destination });
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  await log.flush();
  assert.deepEqual(
    (await linesOf(destination)).map(({ event }) => event),
    ['c', 'd'],
  );
});

test('a single line is written without anything that follows or flushes it', async (t) => {
  const destination = join(await makeFolder(t), 'log');
  await using log = createLog({ level: 'info', destination });
  log.info('lonely');
  await eventually(
    'the line is in the file',
    async () => (await readFile(destination, 'utf8').catch(() => '')) !== '',
  );
  assert.equal((await linesOf(destination)).length, 1);
});

test('closing writes what is left; lines that come later are counted, not thrown', async (t) => {
  const destination = join(await makeFolder(t), 'log');
  const log = createLog({ level: 'info', destination });
  for (let i = 0; i < 1000; i++) log.info('many', { i });
  await log[Symbol.asyncDispose]();
  assert.equal((await linesOf(destination)).length, 1000);
  assert.equal(log.dropped(), 0);
  log.info('late');
  await log.flush();
  assert.equal(log.dropped(), 1);
  await log[Symbol.asyncDispose]();
});

/** A pipe that nobody reads from, but that is not broken either; whoever writes to it closes it. */
async function deafPipe(t: TestContext): Promise<number> {
  const path = join(await makeFolder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}

test('when nobody reads, lines beyond a bound are given up and counted, and closing ends', async (t) => {
  const log = createLog({ level: 'info', destination: await deafPipe(t) });
  const reason = 'x'.repeat(1000);
  for (let i = 0; i < 1500; i++) log.info('many', { i, reason });
  assert.ok(log.dropped() > 300 && log.dropped() < 600, String(log.dropped()));
  await log[Symbol.asyncDispose]();
});

test('when the reader goes away the program goes on, counts what is lost, and can end', async () => {
  const program = `
    import { createLog } from ${JSON.stringify(import.meta.resolve('../../src/edge/log.ts'))};
    import { setTimeout } from 'node:timers/promises';
    const log = createLog({ level: 'info' });
    while (log.dropped() === 0) { log.info('again'); await setTimeout(1); }
    log.error('still here');
    await log.flush();
    process.stderr.write('went on, lost ' + (log.dropped() > 1 ? 'some' : 'none'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.equal(await said, 'went on, lost some');
  assert.equal(code, 0);
});
