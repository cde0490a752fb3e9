// What a read of a Redis board asks for: texts that changed and no others, and now and then all.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { Redis } from 'ioredis';
import { createSlotReader, fullEvery, type SlotReader } from '../../src/edge/redis-slots.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { startRedis } from '../support/redis.ts';

const server = await startRedis();
const raw = new Redis(server.url);
after(async () => {
  raw.disconnect();
  await server[Symbol.asyncDispose]();
});

let clock: FakeClock;
let reader: SlotReader;
let posts = 0;

beforeEach(async () => {
  await raw.flushdb();
  clock = createFakeClock();
  reader = createSlotReader({ index: 'index', slotPrefix: 'slot:' }, clock);
});

async function post(slot: string, value: string): Promise<void> {
  await raw.set(`slot:${slot}`, value, 'PX', 3_600_000);
  await raw.zadd('index', ++posts, slot);
}

/** What is found, as `slot=text`, and how many texts Redis was asked for. */
async function read(only?: readonly string[]): Promise<{ found: string[]; asked: number }> {
  await raw.config('RESETSTAT');
  const slots = await reader.read(raw, only && new Set(only));
  const stats = await raw.info('commandstats');
  const found = Array.from(slots, ([slot, { value }]) => `${slot}=${value}`).sort();
  return { found, asked: Number(/cmdstat_getrange:calls=(\d+)/.exec(stats)?.[1] ?? 0) };
}

test('a text is asked for once, and again when it was posted anew', async () => {
  await post('a', '1');
  await post('b', '1');
  assert.deepEqual(await read(), { found: ['a=1', 'b=1'], asked: 2 });
  assert.deepEqual(await read(), { found: ['a=1', 'b=1'], asked: 0 });
  await post('b', '2');
  assert.deepEqual(await read(), { found: ['a=1', 'b=2'], asked: 1 });
  await raw.zrem('index', 'a');
  assert.deepEqual(await read(), { found: ['b=2'], asked: 0 });
});

test('what is known grows old, and disappears at its end unasked', async () => {
  await post('a', '1');
  await raw.pexpire('slot:a', 60_000);
  await read();
  await clock.advance(20_000);
  const remaining = (await reader.read(raw)).get('a')?.remaining ?? 0;
  assert.ok(remaining > 39_000 && remaining <= 40_000, `${remaining} ms`);
  await raw.persist('slot:a');
  await clock.advance(41_000);
  assert.deepEqual((await read()).found, []);
});

test('a slot that was changed behind the index is found by the next read in full', async () => {
  await post('a', '1');
  await read();
  await raw.set('slot:a', '2', 'PX', 3_600_000);
  for (let i = 2; i < fullEvery; i++) {
    assert.deepEqual(await read(), { found: ['a=1'], asked: 0 });
  }
  assert.deepEqual(await read(), { found: ['a=2'], asked: 1 });
  assert.deepEqual(await read(), { found: ['a=2'], asked: 0 });
});

test('of some slots alone these are asked for, whatever is known of them', async () => {
  for (const slot of ['a', 'b', 'c']) await post(slot, '1');
  await read();
  await post('a', '2');
  await post('b', '2');
  assert.deepEqual(await read(['a', 'nobody']), { found: ['a=2'], asked: 2 });
  assert.deepEqual((await read()).found, ['a=2', 'b=2', 'c=1']);
});

test('of some slots alone one that has gone is not found', async () => {
  await post('a', '1');
  await read();
  await raw.del('slot:a');
  assert.deepEqual(await read(['a']), { found: [], asked: 1 });
});

test('what holds nothing to be read is not asked for at every read', async () => {
  await raw.lpush('slot:list', 'x');
  await raw.pexpire('slot:list', 60_000);
  await raw.zadd('index', 1, 'list', 1, 'gone');
  assert.deepEqual(await read(), { found: [], asked: 2 });
  assert.deepEqual(await read(), { found: [], asked: 0 });
  await raw.del('slot:list');
  await post('list', '1');
  assert.deepEqual(await read(), { found: ['list=1'], asked: 1 });
});

test('who may have another Redis before him takes nothing for known', async () => {
  await post('a', '1');
  await read();
  reader.forget();
  assert.deepEqual(await read(), { found: ['a=1'], asked: 1 });
});

test('of a read that breaks off, what has come need not be asked for again', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `s${i}`);
  for (const slot of names) await post(slot, slot);
  let batches = 0;
  const breaking = new Proxy(raw, {
    get: (redis, key) => {
      const value: unknown = Reflect.get(redis, key);
      if (key === 'pipeline' && ++batches > 2) throw new Error('Command timed out');
      return typeof value === 'function' ? value.bind(redis) : value;
    },
  });
  await assert.rejects(reader.read(breaking), /timed out/);
  const { found, asked } = await read();
  assert.deepEqual([found.length, asked], [150, 150 - 128]);
});

test('many slots are read in several batches, and found whole', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `s${i}`);
  for (const slot of names) await post(slot, slot);
  const { found, asked } = await read();
  assert.deepEqual(found, names.map((slot) => `${slot}=${slot}`).sort());
  assert.equal(asked, 150);
});
