// A drill that is followed: through a restart of its director, and not to its end.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Io } from '../../src/cli/command.ts';
import { followDrill } from '../../src/cli/drill-follow.ts';
import { FaultError } from '../../src/model/fault.ts';
import { drill } from '../support/fake-api.ts';
import { freePort } from '../support/ports.ts';
import { startFakeDirector } from '../support/terminal.ts';

const at = `GET /v1/drills/${drill.id}`;
const done = { ...drill, phase: 'done', isMet: true };

/** A terminal that somebody sits at, who does so with each line. */
function ioThat(onLine: (line: string, stop: () => void) => void) {
  const stop = new AbortController();
  const err: string[] = [];
  const io: Io = {
    out: (line) => onLine(line, () => stop.abort()),
    err: (line) => {
      err.push(line);
      onLine(line, () => stop.abort());
    },
    env: {},
    signal: stop.signal,
  };
  return { io, err };
}

test('a director that cannot be reached is told of once and asked again', async () => {
  const port = await freePort();
  await using owned = new AsyncDisposableStack();
  const starting: Promise<unknown>[] = [];
  const { io, err } = ioThat((line) => {
    if (!line.startsWith('no director')) return;
    const start = startFakeDirector({ [at]: { json: done } }, port);
    starting.push(start.then((director) => owned.use(director)));
  });
  assert.equal(await followDrill(drill.id, { url: `http://127.0.0.1:${port}` }, io), 0);
  assert.equal(starting.length, 1);
  assert.equal(err.length, 1);
  assert.match(err[0] ?? '', /no director answers at .*; it is asked again for a minute/);
});

test('so is one behind a proxy that says that nobody is there', async () => {
  const answers: Record<string, { status?: number; json: unknown }> = {
    [at]: { status: 502, json: {} },
  };
  await using director = await startFakeDirector(answers);
  const { io, err } = ioThat(() => void (answers[at] = { json: done }));
  assert.equal(await followDrill(drill.id, { url: director.url }, io), 0);
  assert.equal(err.length, 1);
  assert.match(err[0] ?? '', /it is asked again for a minute/);
});

test('who leaves before its end hears that it may go on, and exits 1', async () => {
  await using director = await startFakeDirector({ [at]: { json: drill } });
  const { io, err } = ioThat((line, stop) => {
    if (line.startsWith('drill of')) stop();
  });
  assert.equal(await followDrill(drill.id, { url: director.url }, io), 1);
  assert.deepEqual(err, [
    `the drill was not waited for, and may go on: \`meridian drill watch ${drill.id}\` follows it, \`meridian drill abort ${drill.id}\` ends it`,
  ]);
});

test('what a director refuses is not asked again', async () => {
  await using director = await startFakeDirector({});
  const { io, err } = ioThat(() => undefined);
  await assert.rejects(followDrill(drill.id, { url: director.url }, io), FaultError);
  assert.deepEqual(err, []);
});
