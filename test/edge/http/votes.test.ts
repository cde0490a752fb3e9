// /v1/votes: the board for peers, open to readers, and to posts under the fleet's seal alone.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { createLocalBoard } from '../../../src/edge/local-board.ts';
import { textOfPost } from '../../../src/edge/peer-board.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import { millis } from '../../../src/model/time.ts';
import type { Board } from '../../../src/ports.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/votes';
const seal = createSeal(['secret']);
const plain = { life: 'now', slot: 'vote.a', value: 'x', lifetimeMs: 60_000 };

function sealed(change: Partial<typeof plain> = {}, by = seal) {
  const post = { ...plain, ...change };
  return { ...post, mac: by.sign(textOfPost(post)) };
}

async function openBoard(t: TestContext, requestsPerSecond = 1_000_000) {
  const board: Board = createLocalBoard(createFakeClock());
  const app = await openApp(t, setStage({ requestsPerSecond }, { board, seal, life: 'now' }));
  const post = (payload: unknown, remoteAddress = '192.0.2.1') =>
    app.inject({
      method: 'POST',
      url,
      remoteAddress,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  const read = (remoteAddress = '192.0.2.1') => app.inject({ url, remoteAddress });
  return { board, app, post, read };
}

test('without peers there is no such address', async (t) => {
  const app = await openApp(t, setStage());
  assert.equal((await app.inject({ url })).statusCode, 404);
  const post = await app.inject({ method: 'POST', url, payload: sealed() });
  assert.equal(post.statusCode, 404);
});

test('what is on the board is handed to anybody, with the time it has left', async (t) => {
  const { board, read } = await openBoard(t);
  await board.post('vote.b', 'y', millis(5000));
  const reply = await read();
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(reply.json(), {
    life: 'now',
    slots: [{ slot: 'vote.b', value: 'y', remainingMs: 5000 }],
  });
});

test('a sealed post from anywhere is taken, and the board hints at it', async (t) => {
  const { board, post } = await openBoard(t);
  let hints = 0;
  board.onHint(() => hints++);
  assert.equal((await post(sealed())).statusCode, 204);
  assert.deepEqual((await board.read()).get('vote.a'), { value: 'x', remaining: 60_000 });
  assert.equal(hints, 1);
});

test('a post whose seal is not for exactly this post is 403 and changes nothing', async (t) => {
  const { board, post } = await openBoard(t);
  const { mac } = sealed();
  const refused = [
    sealed({}, createSeal(['guess'])),
    sealed({ life: 'before' }),
    { ...plain, mac: '' },
    { ...plain, mac, slot: 'vote.b' },
    { ...plain, mac, value: 'z' },
    { ...plain, mac, lifetimeMs: 60_001 },
    // The seal of a value that anybody may read is not one of a post.
    { ...plain, mac: seal.sign(plain.value) },
  ];
  for (const payload of refused) {
    const reply = await post(payload);
    assert.equal(reply.statusCode, 403, JSON.stringify(payload));
    assert.equal(reply.json<Problem>().code, 'request.forbidden');
  }
  assert.deepEqual(await board.read(), new Map());
});

test('a post that does not fit is 400 and names the field, whatever its seal', async (t) => {
  const { post } = await openBoard(t);
  const refused: [payload: unknown, field: string][] = [
    [sealed({ slot: '' }), 'slot'],
    [sealed({ slot: 's'.repeat(101) }), 'slot'],
    [sealed({ slot: 'vote a' }), 'slot'],
    [sealed({ slot: 'vote.é' }), 'slot'],
    [sealed({ value: '' }), 'value'],
    [sealed({ lifetimeMs: 0 }), 'lifetimeMs'],
    [sealed({ lifetimeMs: 1.5 }), 'lifetimeMs'],
    [sealed({ lifetimeMs: 8 * 86_400_000 + 1 }), 'lifetimeMs'],
    [plain, 'mac'],
    [{ ...sealed(), more: 1 }, 'more'],
  ];
  for (const [payload, field] of refused) {
    const reply = await post(payload);
    assert.equal(reply.statusCode, 400, JSON.stringify(payload));
    assert.equal(reply.json<Problem>().field, field);
  }
});

test('a post of more than 256 KiB is 413', async (t) => {
  const { post } = await openBoard(t);
  assert.equal((await post(sealed({ value: 'x'.repeat(261_000) }))).statusCode, 204);
  assert.equal((await post(sealed({ value: 'x'.repeat(262_144) }))).statusCode, 413);
});

test('a full board answers 503 and goes on being read', async (t) => {
  const { post, read } = await openBoard(t);
  const value = 'x'.repeat(261_000);
  for (let i = 0; i < 16; i++) {
    assert.equal((await post(sealed({ slot: `vote.${i}`, value }))).statusCode, 204);
  }
  const reply = await post(sealed({ slot: 'vote.more', value }));
  assert.equal(reply.statusCode, 503);
  assert.equal(reply.json<Problem>().code, 'board.unreachable');
  assert.equal((await read()).json<{ slots: unknown[] }>().slots.length, 16);
});

test('peers have budgets of their own: 50 reads and 300 posts a second from one address', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const { app, post, read } = await openBoard(t, 1);
  const health = () => app.inject({ url: '/v1/health', remoteAddress: '192.0.2.1' });
  assert.equal((await health()).statusCode, 200);
  assert.equal((await health()).statusCode, 429);
  for (let i = 0; i < 50; i++) assert.equal((await read()).statusCode, 200);
  assert.equal((await read()).statusCode, 429);
  for (let i = 0; i < 300; i++) assert.equal((await post(sealed())).statusCode, 204);
  assert.equal((await post(sealed())).statusCode, 429);
  assert.equal((await post(sealed(), '192.0.2.2')).statusCode, 204);
  t.mock.timers.tick(1000);
  assert.equal((await post(sealed())).statusCode, 204);
});
