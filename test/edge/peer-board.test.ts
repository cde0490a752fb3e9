// The peer board over a real HTTP server: the contract, the seal of posts, and what a peer may answer.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, type TestContext, test } from 'node:test';
import type { HttpDoors } from '../../src/edge/http/app.ts';
import { startHttp } from '../../src/edge/http/server.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { createPeerBoard } from '../../src/edge/peer-board.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { millis } from '../../src/model/time.ts';
import type { Board } from '../../src/ports.ts';
import { setStage } from '../support/http-stage.ts';
import { listenOn } from '../support/loopback.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';
import { testBoard } from './board.contract.ts';

const minute = millis(60_000);
const closing = new AsyncDisposableStack();
after(() => closing.disposeAsync());

/** The HTTP side of a director with a board for its peers; gives the port. */
async function serve(life = 'first', port = 0, board = createLocalBoard(realClock)) {
  const votes: HttpDoors['votes'] = { board, seal: createSeal(['secret']), life };
  const listen = { host: '127.0.0.1', port };
  return startHttp({ ...setStage({}, votes).doors, listen });
}

function open(port: number, log: RecordLog = createRecordLog(), secret = 'secret'): Board {
  const url = `http://127.0.0.1:${port}`;
  return createPeerBoard({ url, seal: createSeal([secret]), log, clock: realClock });
}

testBoard('peer board', async () => {
  const { address } = closing.use(await serve());
  const pass = (span: number): Promise<void> =>
    realClock.sleep(millis(span), new AbortController().signal);
  return { here: open(address.port), there: open(address.port), hints: false, pass };
});

test('a post by somebody who has no secret of the fleet is refused, and the board is lost', async () => {
  await using server = await serve();
  const log = createRecordLog();
  await using stranger = open(server.address.port, log, 'guess');
  await using member = open(server.address.port);
  await assert.rejects(stranger.post('vote.a', 'up', minute), /refused the seal/);
  assert.deepEqual(await member.read(), new Map());
  await stranger.read();
  assert.deepEqual(log.lines, ['warn board.lost']);
});

test('a peer that starts anew is lost once, and found with a post for its new life', async () => {
  const log = createRecordLog();
  const first = await serve();
  const { port } = first.address;
  await using board = open(port, log);
  await board.post('vote.a', 'up', minute);
  await first[Symbol.asyncDispose]();
  for (let i = 0; i < 3; i++) await assert.rejects(board.read());
  await using _second = await serve('second', port);
  await board.post('vote.a', 'up', minute).catch(() => undefined);
  await board.post('vote.a', 'up', minute);
  assert.equal((await board.read()).get('vote.a')?.value, 'up');
  assert.deepEqual(log.lines, ['info board.found', 'warn board.lost', 'info board.found']);
});

test('a value that makes too large a post is refused before it is sent', async () => {
  await using server = await serve();
  const log = createRecordLog();
  await using board = open(server.address.port, log);
  await board.post('vote.a', 'x'.repeat(260_000), minute);
  await assert.rejects(board.post('vote.a', 'x'.repeat(262_000), minute), RangeError);
  await assert.rejects(board.post('vote.a', '"'.repeat(140_000), minute), RangeError);
  assert.equal((await board.read()).get('vote.a')?.value.length, 260_000);
  assert.deepEqual(log.lines, ['info board.found']);
});

/** A board whose peer answers each read with this text. */
async function answered(t: TestContext, text: string): Promise<Board> {
  const server = createServer((_request, response) => response.end(text));
  return open(await listenOn(t, server));
}

test('an answer that is no list of votes is an error in words, whatever it is', async (t) => {
  for (const text of ['', 'null', '[]', '{}', '<html>', '{"life":1,"slots":[]}', '{"life":"x"}']) {
    await using board = await answered(t, text);
    await assert.rejects(board.read(), /its answer is no list of votes/, text);
  }
});

test('of an answer, what cannot be a slot is left out', async (t) => {
  const good = { slot: 'good', value: 'x', remainingMs: 1000 };
  const slots = [
    null,
    7,
    {},
    { ...good, slot: 7 },
    { ...good, slot: 'n'.repeat(201) },
    { ...good, slot: 'large', value: 'x'.repeat(262_145) },
    { ...good, slot: 'none', value: undefined },
    { ...good, slot: 'ended', remainingMs: 0 },
    { ...good, slot: 'text', remainingMs: '1000' },
    good,
  ];
  await using board = await answered(t, JSON.stringify({ life: 'x', slots }));
  assert.deepEqual(await board.read(), new Map([['good', { value: 'x', remaining: 1000 }]]));
});

test('of a flood of slots some are read and the rest is left', async (t) => {
  const slots = Array.from({ length: 5000 }, (_, i) => ({
    slot: `junk${i}`,
    value: 'x',
    remainingMs: 1000,
  }));
  await using board = await answered(t, JSON.stringify({ life: 'x', slots }));
  assert.equal((await board.read()).size, 4096);
});
