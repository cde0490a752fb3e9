// `meridian status --watch` before a director that comes and goes.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { Screen } from '../../src/cli/command.ts';
import { runCommand } from '../../src/cli/command.ts';
import { status } from '../../src/cli/status.ts';
import { startHttp } from '../../src/edge/http/server.ts';
import { eventually } from '../support/eventually.ts';
import { listen, setStage } from '../support/http-stage.ts';

function start(t: TestContext, port: number, words: readonly string[] = [], screen?: Screen) {
  const lines: string[] = [];
  const errors: string[] = [];
  const stop = new AbortController();
  t.after(() => stop.abort());
  const io = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void errors.push(line),
    env: {},
    signal: stop.signal,
    screen,
  };
  const url = `http://127.0.0.1:${port}`;
  const code = runCommand(status, ['--watch', '--url', url, ...words], io);
  return { lines, errors, code, stop: () => stop.abort() };
}

const down = {
  type: 'verdict',
  region: 'eu-west',
  from: 'up',
  to: 'down',
  isKept: false,
  reason: 'timed out',
} as const;

test('a pipe gets a line for each event, also after the director was away, and ends with 0', async (t) => {
  const stage = setStage();
  const first = await startHttp({ ...stage.doors, listen: { host: '127.0.0.1', port: 0 } });
  const { port } = first.address;
  const run = start(t, port);
  await eventually('it follows', () => run.lines.length === 1);
  assert.match(run.lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:]{8}Z following d1 from epoch 7 on$/);
  stage.api.tell(down);
  await eventually('it tells', () => run.lines.length === 2);
  assert.equal(run.lines[1], '2026-05-01T12:00:01Z eu-west is down: timed out');
  await first[Symbol.asyncDispose]();
  await eventually('it notices', () => run.lines.length === 3);
  assert.match(run.lines[2] ?? '', /trying again$/);
  stage.api.tell({ ...down, from: 'down', to: 'up', reason: '' });
  const again = await startHttp({ ...stage.doors, listen: { host: '127.0.0.1', port } });
  t.after(() => again[Symbol.asyncDispose]());
  await eventually('it is told what it missed', () => run.lines.length === 4);
  assert.equal(run.lines[3], '2026-05-01T12:00:01Z eu-west is up');
  run.stop();
  assert.equal(await run.code, 0);
  assert.deepEqual(run.errors, []);
});

test('--json prints events as they came', async (t) => {
  const stage = setStage();
  const run = start(t, await listen(t, stage), ['--json']);
  await eventually('it follows', () => run.lines.length === 1);
  const event = stage.api.tell(down);
  await eventually('it tells', () => run.lines.length === 2);
  assert.deepEqual(JSON.parse(run.lines[1] ?? ''), event);
});

test('a terminal shows the table and the last events, and is closed at the end', async (t) => {
  const stage = setStage();
  const frames: (readonly string[])[] = [];
  let isClosed = false;
  const screen: Screen = {
    rows: 40,
    open: () => undefined,
    paint: (lines) => void frames.push(lines),
    close: () => {
      isClosed = true;
    },
  };
  const run = start(t, await listen(t, stage), [], screen);
  await eventually(
    'it is drawn',
    () => frames.at(-1)?.some((line) => /^eu-west .*up/.test(line)) ?? false,
  );
  stage.api.tell(down);
  await eventually('it is drawn anew', () => frames.at(-1)?.at(-1)?.includes('is down') ?? false);
  assert.match(frames.at(-1)?.[0] ?? '', /, live; Ctrl-C ends$/);
  assert.ok(frames.at(-1)?.includes('director d1 in eu-west, epoch 8, gossip partial'));
  run.stop();
  assert.equal(await run.code, 0);
  assert.ok(isClosed);
});

test('what trying again does not mend ends it with 1', async (t) => {
  const run = start(t, await listen(t, setStage()), ['--url', 'nowhere']);
  assert.equal(await run.code, 1);
  assert.match(run.errors.join(), /"nowhere" is not a URL/);
});
