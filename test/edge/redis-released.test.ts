// Two releases side by side on one Redis: what 0.1.0 writes is read, and what we write it can read.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { decodeBallot } from '../../src/director/gossip/ballot.ts';
import { createRedisBoard } from '../../src/edge/redis-board.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { millis } from '../../src/model/time.ts';
import { boardAt } from '../support/board-settings.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog } from '../support/record-log.ts';
import { startRedis } from '../support/redis.ts';

/** A vote and an override as 0.1.0 signs them. They are never written anew: that is their point. */
const [vote = '', override = ''] = readFileSync(
  new URL('../support/released-ballots.txt', import.meta.url),
  'utf8',
).split('\n');

const seal = createSeal(['a secret for tests only']);
const server = await startRedis();
const raw = new Redis(server.url);
after(async () => {
  raw.disconnect();
  await server[Symbol.asyncDispose]();
});

const open = () =>
  createRedisBoard({ settings: boardAt(server.url), log: createRecordLog(), clock: realClock });

test('ballots that 0.1.0 left on a Redis are read and understood', async () => {
  await using board = open();
  for (const [slot, text] of [
    ['vote.eu-1', vote],
    ['override.us', override],
  ] as const) {
    await raw.set(`meridian:1:slot:${slot}`, text, 'PX', 60_000);
    await raw.zadd('meridian:1:index', Date.now() + 60_000, slot);
  }
  const found = await board.read();
  assert.partialDeepStrictEqual(decodeBallot(found.get('vote.eu-1')?.value ?? '', seal), {
    kind: 'vote',
    age: 120,
    lifetime: 16_880,
    vote: {
      observer: 'eu-1',
      region: 'eu',
      incarnation: 1_767_225_600_000,
      sequence: 42,
      opinions: new Map([
        ['eu', { verdict: 'up', since: 1_767_225_601_000, latency: 12.5, reason: '' }],
        ['us', { verdict: 'down', since: 1_767_225_602_000, reason: 'connection refused' }],
        ['ap', { verdict: 'unknown', since: 1_767_225_600_000, reason: 'no sample yet' }],
      ]),
    },
  });
  assert.partialDeepStrictEqual(decodeBallot(found.get('override.us')?.value ?? '', seal), {
    kind: 'override',
    age: 5000,
    lifetime: 655_000,
    override: {
      region: 'us',
      kind: 'drain',
      actor: 'operator',
      reason: 'disk swap',
      isLifted: false,
      clock: { wall: 1_767_225_600_000, counter: 3, node: 'eu-1' },
    },
  });
});

test('a hint of 0.1.0, which names no slot, may be of any', async () => {
  await using board = open();
  const heard: (string | undefined)[] = [];
  board.onHint((slot) => void heard.push(slot));
  await eventually('hints are heard', async () => {
    await board.post('vote.us-1', vote, millis(60_000));
    return heard.includes('vote.us-1');
  });
  heard.length = 0;
  await raw.publish('meridian:1:hint', '');
  await eventually('the hint is heard', () => heard.length > 0);
  assert.deepEqual(heard, [undefined]);
});

test('what we post stands where 0.1.0 looks for it, and is hinted where it listens', async () => {
  await using board = open();
  await using listener = {
    redis: new Redis(server.url),
    [Symbol.asyncDispose]: async () => listener.redis.disconnect(),
  };
  await listener.redis.subscribe('meridian:1:hint');
  const hinted = new Promise((resolve) => listener.redis.once('message', resolve));
  await board.post('vote.eu-1', vote, millis(60_000));
  await hinted;
  assert.ok((await raw.zrevrange('meridian:1:index', 0, 4095)).includes('vote.eu-1'));
  assert.equal(await raw.getrange('meridian:1:slot:vote.eu-1', 0, 262_144), vote);
  assert.ok((await raw.pttl('meridian:1:slot:vote.eu-1')) > 0);
});
