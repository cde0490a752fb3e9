// The link to a Redis that dies, stops, disappears behind the network, or is no Redis at all.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { describe, test } from 'node:test';
import * as tls from 'node:tls';
import { Redis } from 'ioredis';
import { createRedisBoard } from '../../src/edge/redis-board.ts';
import { millis } from '../../src/model/time.ts';
import type { Board } from '../../src/ports.ts';
import { boardAt } from '../support/board-settings.ts';
import { selfSigned } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';
import { startRedis } from '../support/redis.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const minute = millis(60_000);

interface Line {
  readonly board: Board;
  readonly log: RecordLog;
  readonly states: boolean[];
}

function open(port: number, scheme = 'redis', host = '127.0.0.1'): Line {
  const log = createRecordLog();
  const states: boolean[] = [];
  const onState = (isUp: boolean): void => void states.push(isUp);
  const settings = boardAt(`${scheme}://${host}:${port}`);
  return { board: createRedisBoard({ settings, log, clock: realClock, onState }), log, states };
}

/** Resolves when the call has settled, to whether it succeeded; rejects after ten seconds. */
async function settles(call: PromiseLike<unknown>): Promise<boolean> {
  const isDone = new AbortController();
  const late = realClock.sleep(millis(10_000), isDone.signal).then(() => {
    if (!isDone.signal.aborted) throw new Error('the call is still pending');
  });
  const outcome = call.then(
    () => true,
    () => false,
  );
  await Promise.race([outcome, late]);
  isDone.abort();
  return outcome;
}

async function listening(peer: Server): Promise<number> {
  peer.listen(0, '127.0.0.1');
  await once(peer, 'listening');
  return (peer.address() as AddressInfo).port;
}

/** Breaks a board that is up, checks it while it is broken, heals it and checks it again. */
async function survives(
  line: Line,
  breakIt: () => unknown,
  healIt: () => unknown,
  reason: RegExp,
): Promise<void> {
  const { board, log, states } = line;
  await comesUp(line);
  await breakIt();
  await eventually('a read fails', async () => !(await settles(board.read())));
  for (let i = 0; i < 5; i++) {
    const calls = [board.post('vote.a', 'lost', minute), board.read(), board.read()];
    assert.deepEqual(await Promise.all(calls.map(settles)), [false, false, false]);
  }
  await eventually('the log says so', () => log.lines.includes('warn board.lost'));
  await healIt();
  await eventually('a post succeeds', () => settles(board.post('vote.b', 'after', minute)));
  assert.equal((await board.read()).get('vote.b')?.value, 'after');
  assert.deepEqual(states, [true, false, true]);
  assert.deepEqual(log.lines, ['info board.found', 'warn board.lost', 'info board.found']);
  assert.match(String(log.fields[1]?.['reason']), reason);
  assert.equal(log.fields[1]?.['board'], board.name);
}

/** A busy machine may take longer over the first calls than a link waits: what was lost by then does not count. */
async function comesUp({ board, log, states }: Line): Promise<void> {
  await eventually('it is up', () => settles(board.post('vote.a', 'before', minute)));
  for (const notes of [log.lines, log.fields, states]) notes.splice(0, notes.length - 1);
}

// Each waits for the time limits of a link, so they wait together.
describe('a link', { concurrency: true }, () => {
  test('a Redis that is killed is lost once and found once', async () => {
    await using server = await startRedis();
    const line = open(server.port);
    await using _ = line.board;
    const gone = /^connection (?:refused|reset|closed by the other side)$/;
    await survives(line, server.kill, server.restart, gone);
  });

  test('a Redis that stops answering is lost once and found once', async () => {
    await using server = await startRedis();
    const line = open(server.port);
    await using _ = line.board;
    await survives(line, server.pause, server.resume, /^no answer in time$/);
  });

  test('a Redis behind a black hole is lost once and found once', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const line = open(proxy.port);
    await using _ = line.board;
    await survives(line, proxy.blackhole, proxy.heal, /^no answer in time$/);
  });

  test('a Redis that ends the connection is asked again before the log says why', async () => {
    await using server = await startRedis();
    using clients = new DisposableStack();
    const raw = clients.adopt(new Redis(server.url), (redis) => redis.disconnect());
    await raw.acl('SETUSER', 'guest', 'on', '>hush', '~*', '&*', '+@all');
    const log = createRecordLog();
    const settings = boardAt(`redis://guest:hush@127.0.0.1:${server.port}`);
    await using board = createRedisBoard({ settings, log, clock: realClock });
    await board.read();
    await raw.client('KILL', 'USER', 'guest');
    await eventually('it is connected again', () => settles(board.read()));
    assert.deepEqual(log.lines, ['info board.found']);
    await raw.acl('DELUSER', 'guest');
    await eventually('the log says why', () => log.lines.includes('warn board.lost'));
    assert.match(String(log.fields[1]?.['reason']), /^it takes this user .*WRONGPASS/);
  });

  test('a Redis that is away at the start is found when it comes', async () => {
    await using server = await startRedis();
    await server.kill();
    const { board, log, states } = open(server.port);
    await using _ = board;
    assert.equal(await settles(board.read()), false);
    await assert.rejects(board.post('vote.a', 'x', minute), /connection refused/);
    await server.restart();
    await eventually('a post succeeds', () => settles(board.post('vote.a', 'x', minute)));
    assert.deepEqual(states, [false, true]);
    assert.deepEqual(log.lines, ['warn board.lost', 'info board.found']);
  });

  test('hints come again after a black hole, also for what was posted meanwhile', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const { board } = open(proxy.port);
    await using _ = board;
    await using other = open(server.port).board;
    let hints = 0;
    board.onHint(() => hints++);
    await eventually(
      'a hint arrives',
      async () => (await settles(other.post('vote.a', 'x', minute))) && hints > 0,
    );
    const raw = new Redis(server.url);
    await using _raw = { [Symbol.asyncDispose]: async () => raw.disconnect() };
    const ears = async (): Promise<number> =>
      Number((await raw.pubsub('NUMSUB', 'meridian:1:hint'))[1]);
    const before = await ears();
    proxy.blackhole();
    // The subscribed connection notices by itself: its own Redis sees it hang up only after healing.
    await eventually('a read fails', async () => !(await settles(board.read())));
    await other.post('vote.a', 'y', minute);
    proxy.heal();
    hints = 0;
    await eventually('it listens again', async () => hints > 0 && (await ears()) === before);
  });

  test('a peer that takes connections and never answers keeps no call waiting', async () => {
    const peer = createServer((socket) => socket.on('error', () => undefined)).unref();
    const { board, log } = open(await listening(peer));
    assert.equal(await settles(board.read()), false);
    assert.equal(await settles(board.post('vote.a', 'x', minute)), false);
    assert.deepEqual(log.lines, ['warn board.lost']);
    await board[Symbol.asyncDispose]();
    peer.close();
  });

  test('a Redis that sends without end is hung up on', async () => {
    await using server = await startRedis();
    using clients = new DisposableStack();
    const raw = clients.adopt(new Redis(server.url), (redis) => redis.disconnect());
    const large = Buffer.alloc(40 * 1024 * 1024, 'x');
    await raw.zadd('meridian:1:index', 9e15, large);
    const { board } = open(server.port);
    await using _ = board;
    // On a busy machine a read or two give up before so much has come.
    await eventually('it is hung up on', async () => {
      const told = await board.read().then(() => 'read', String);
      assert.notEqual(told, 'read');
      return told.includes('it sends without end');
    });
    await raw.del('meridian:1:index');
    await eventually('a read succeeds', () => settles(board.read()));
  });

  test('a board closes at once in every state, and calls under way end with it', async () => {
    await using server = await startRedis();
    await using proxy = await startProxy(server.port);
    const closes = async ({ board }: Line): Promise<void> => {
      const calls = [board.read(), board.post('vote.a', 'x', minute)].map(settles);
      assert.ok(await settles(board[Symbol.asyncDispose]()));
      assert.deepEqual(await Promise.all(calls), [false, false]);
    };
    const early = open(proxy.port);
    await closes(early);

    const up = open(proxy.port);
    await comesUp(up);
    await closes(up);

    const cutOff = open(proxy.port);
    await comesUp(cutOff);
    proxy.blackhole();
    await closes(cutOff);

    const connecting = open(proxy.port);
    await eventually('a read fails', () =>
      settles(connecting.board.read()).then((isRead) => !isRead),
    );
    await closes(connecting);
  });

  test('a URL with rediss: speaks TLS and refuses a certificate nobody vouches for', async () => {
    await using server = await startRedis();
    const { key, cert } = await selfSigned('localhost');
    const front = tls.createServer({ key, cert }, (near) => {
      const far = connect(server.port, '127.0.0.1');
      near.on('error', () => far.destroy()).on('close', () => far.destroy());
      far.on('error', () => near.destroy()).on('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    front.on('tlsClientError', () => undefined);
    const port = await listening(front);

    const { board: stranger, log } = open(port, 'rediss', 'localhost');
    assert.equal(await settles(stranger.read()), false);
    assert.match(String(log.fields[0]?.['reason']), /certificate/);
    await stranger[Symbol.asyncDispose]();

    tls.setDefaultCACertificates([...tls.getCACertificates(), cert]);
    const { board } = open(port, 'rediss', 'localhost');
    await board.post('vote.a', 'x', minute);
    assert.equal((await board.read()).get('vote.a')?.value, 'x');
    await board[Symbol.asyncDispose]();
    front.close();
  });
});
