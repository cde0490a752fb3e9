// The Redis board, on a real Redis: the contract, and what a crowded or hostile Redis may hold.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { createRedisBoard } from '../../src/edge/redis-board.ts';
import { millis } from '../../src/model/time.ts';
import type { Board } from '../../src/ports.ts';
import { boardAt } from '../support/board-settings.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';
import { startRedis } from '../support/redis.ts';
import { testBoard } from './board.contract.ts';

const server = await startRedis(['--databases', '100']);
const raw = new Redis(server.url);
after(async () => {
  raw.disconnect();
  await server[Symbol.asyncDispose]();
});

const minute = millis(60_000);

function open(url: string = server.url, log: RecordLog = createRecordLog()): Board {
  return createRedisBoard({ settings: boardAt(url), log, clock: realClock });
}

// Each test has a database of its own; hints are common to all, which a hint may be.
let database = 0;
testBoard('Redis board', async () => {
  const url = `${server.url}/${++database}`;
  const pass = (span: number): Promise<void> =>
    realClock.sleep(millis(span), new AbortController().signal);
  return { here: open(url), there: open(url), pass };
});

test('a slot is one key that expires by itself, and so is the index', async () => {
  await using board = open();
  await raw.flushdb();
  await board.post('vote.a', 'up', minute);
  assert.deepEqual((await raw.keys('*')).sort(), ['meridian:1:index', 'meridian:1:slot:vote.a']);
  assert.equal(await raw.get('meridian:1:slot:vote.a'), 'up');
  for (const key of await raw.keys('*')) assert.ok((await raw.pttl(key)) > 0, key);
});

test('keys that are not of this board are no slots', async () => {
  await using board = open();
  await raw.flushdb();
  await raw.mset('session:1', 'x', 'meridian:0:slot:vote.a', 'x', 'meridian:1:slot:stray', 'x');
  await board.post('vote.a', 'up', minute);
  assert.deepEqual(Array.from((await board.read()).keys()), ['vote.a']);
});

test('slots that nobody may have posted are left out, and the others are read', async () => {
  await using board = open();
  await raw.flushdb();
  const plant = async (slot: string, value: string): Promise<void> => {
    await raw.set(`meridian:1:slot:${slot}`, value, 'PX', minute);
    await raw.zadd('meridian:1:index', Date.now(), slot);
  };
  await plant('large', 'x'.repeat(262_145));
  await plant('largest', 'x'.repeat(262_144));
  await plant('wide', 'é'.repeat(200_000));
  await plant(`name${'e'.repeat(200)}`, 'x');
  await plant('eternal', 'x');
  await raw.persist('meridian:1:slot:eternal');
  await raw.lpush('meridian:1:slot:list', 'x');
  await raw.pexpire('meridian:1:slot:list', minute);
  await raw.zadd('meridian:1:index', Date.now(), 'list', Date.now(), 'gone');
  await board.post('vote.a', 'up', minute);
  assert.deepEqual(Array.from((await board.read()).keys()).sort(), ['largest', 'vote.a']);
});

test('a value larger than a slot is refused before it is sent', async () => {
  await using board = open();
  await assert.rejects(board.post('vote.a', 'x'.repeat(262_145), minute), /262145 octets/);
});

/** Asked again where a busy machine takes longer over a call than a link waits. */
async function inTime<T>(call: () => Promise<T>): Promise<T> {
  let made: Promise<T> | undefined;
  await eventually('it is answered in time', () =>
    (made = call()).then(
      () => true,
      () => false,
    ),
  );
  return (await made) as T;
}

test('of a flood of slots some are read and the rest is left', async () => {
  await using board = open();
  await raw.flushdb();
  const junk = Array.from({ length: 5000 }, (_, i) => `junk${i}`);
  await raw.zadd('meridian:1:index', ...junk.flatMap((slot) => [Date.now(), slot]));
  await raw.mset(...junk.flatMap((slot) => [`meridian:1:slot:${slot}`, 'x']));
  await board.post('vote.a', 'up', minute);
  assert.ok((await board.read()).has('vote.a'));

  await raw.flushdb();
  const value = 'x'.repeat(200_000);
  for (const slot of junk.slice(0, 128)) await inTime(() => board.post(slot, value, minute));
  const found = await inTime(() => board.read());
  assert.ok(found.size >= 40 && found.size < 128, `${found.size} slots read`);
});

test('names of slots that ended long ago leave the index', async () => {
  await using board = open();
  await raw.flushdb();
  await raw.zadd('meridian:1:index', Date.now() - 90_000_000, 'ended yesterday');
  await raw.zadd('meridian:1:index', Date.now() - 7_200_000, 'ended by a clock that is off');
  await board.post('vote.a', 'up', minute);
  const names = await raw.zrange('meridian:1:index', '0', '-1');
  assert.deepEqual(names, ['ended by a clock that is off', 'vote.a']);
});

test('a Redis that refuses to write is lost until it takes a post again', async () => {
  const log = createRecordLog();
  const states: boolean[] = [];
  await using board = createRedisBoard({
    settings: boardAt(server.url),
    log,
    clock: realClock,
    onState: (isUp) => states.push(isUp),
  });
  await board.read();
  await raw.config('SET', 'maxmemory', '1');
  for (let i = 0; i < 3; i++) await assert.rejects(board.post('vote.a', 'up', minute), /OOM/);
  await board.read();
  await raw.config('SET', 'maxmemory', '0');
  await board.post('vote.a', 'up', minute);
  assert.deepEqual(states, [true, false, true]);
  assert.deepEqual(log.lines, ['info board.found', 'warn board.lost', 'info board.found']);
});

/** A user of a board as docs/gossip.md has it: with these rights and no other. */
const rules =
  '~meridian:1:* &meridian:1:hint -@all +set +getrange +pttl +pexpire +zadd +zrevrange +zremrangebyscore +publish +subscribe +info';

test('the manual gives a user the rights that a board needs', () => {
  const manual = readFileSync(new URL('../../docs/gossip.md', import.meta.url), 'utf8');
  assert.ok(manual.includes(`ACL SETUSER meridian on >PASSWORD ${rules}\n`));
});

test('a user with exactly the rights of the manual has a board with hints, and is refused nothing', async () => {
  await raw.call('ACL', 'SETUSER', 'meridian', 'on', '>p:w@/1', ...rules.split(' '));
  await raw.call('ACL', 'LOG', 'RESET');
  await using board = open(`redis://meridian:p%3Aw%40%2F1@127.0.0.1:${server.port}`);
  let hints = 0;
  board.onHint(() => hints++);
  await eventually('a hint is heard', async () => {
    await board.post('vote.a', 'up', minute);
    return hints > 1;
  });
  assert.equal((await board.read()).get('vote.a')?.value, 'up');
  assert.deepEqual(await raw.call('ACL', 'LOG'), []);
});

test('a user with no right beyond the slots and the index still has a board', async () => {
  await raw.acl('SETUSER', 'thrifty', 'on', '>hush', '~meridian:1:*', '-@all');
  await raw.acl('SETUSER', 'thrifty', '+set', '+zadd', '+zrevrange', '+pttl', '+getrange', '+info');
  await using board = open(`redis://thrifty:hush@127.0.0.1:${server.port}`);
  await board.post('vote.a', 'up', minute);
  assert.equal((await board.read()).get('vote.a')?.value, 'up');
});

test('a password opens the board, and no log line, name or error holds it', async () => {
  await raw.acl('SETUSER', 'keeper', 'on', '>hush-hush', '~*', '&*', '+@all');
  const host = `127.0.0.1:${server.port}`;
  const log = createRecordLog();
  await using right = open(`redis://keeper:hush-hush@${host}`, log);
  await right.post('vote.a', 'up', minute);
  assert.equal(right.name, host);

  await using wrong = open(`redis://keeper:other-word@${host}`, log);
  const error = await wrong.read().then(() => '', String);
  assert.match(error, /WRONGPASS/);
  await eventually('the board is lost', () => log.lines.includes('warn board.lost'));
  assert.doesNotMatch(JSON.stringify([log.fields, error]), /hush-hush|other-word/);
});
