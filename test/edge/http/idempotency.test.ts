// Idempotency keys: what is sent again happens once, and nobody reads what another was answered.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { drill } from '../../support/fake-api.ts';
import { listen, openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/overrides';
const payload = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'disk', for: '10m' };
const headers = { host: 'localhost:8053', 'idempotency-key': '"k-1"' };
const post = { method: 'POST', url, headers, payload } as const;

test('the same request with the same key gets the same answer, and happens once', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const first = await app.inject(post);
  const again = await app.inject({ ...post, headers: { ...headers, 'idempotency-key': 'k-1' } });
  assert.equal(first.statusCode, 201);
  assert.equal(first.headers['idempotency-replayed'], undefined);
  assert.equal(again.statusCode, 201);
  assert.equal(again.headers['idempotency-replayed'], 'true');
  assert.equal(again.headers.location, first.headers.location);
  assert.equal(again.body, first.body);
  assert.equal(stage.api.asked.add.length, 1);
});

test('with another body the key is refused, and after a day it is new', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  await app.inject(post);
  const other = await app.inject({ ...post, payload: { ...payload, reason: 'fan' } });
  assert.equal(other.statusCode, 422);
  assert.equal(other.json<Problem>().code, 'request.key-reused');
  await stage.clock.advance(86_400_000);
  assert.equal((await app.inject(post)).headers['idempotency-replayed'], undefined);
  assert.equal(stage.api.asked.add.length, 2);
});

test('while the first is under way, the second is told so', async (t) => {
  const stage = setStage();
  const { addOverride } = stage.api;
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  stage.api.addOverride = async (...asked) => {
    begun.resolve();
    await gate.promise;
    return addOverride(...asked);
  };
  const app = await openApp(t, stage);
  const first = app.inject(post).then((reply) => reply.statusCode);
  await begun.promise;
  const second = await app.inject(post);
  assert.equal(second.statusCode, 409);
  assert.equal(second.json<Problem>().code, 'request.key-busy');
  gate.resolve();
  assert.equal(await first, 201);
  assert.equal((await app.inject(post)).headers['idempotency-replayed'], 'true');
});

test('a mistake of the director leaves the key free', async (t) => {
  const stage = setStage();
  const { addOverride } = stage.api;
  stage.api.addOverride = () => Promise.reject(new Error('oops'));
  const app = await openApp(t, stage);
  assert.equal((await app.inject(post)).statusCode, 500);
  stage.api.addOverride = addOverride;
  assert.equal((await app.inject(post)).statusCode, 201);
});

test('a key is one of its token', async (t) => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const tokens = ['one', 'two'].map((text) => ({
    sha256: sha256(text),
    scope: 'operate' as const,
  }));
  const stage = setStage({ tokens });
  const app = await openApp(t, stage);
  for (const token of ['one', 'two']) {
    const own = { ...headers, authorization: `Bearer ${token}` };
    const reply = await app.inject({ ...post, headers: own });
    assert.equal(reply.headers['idempotency-replayed'], undefined);
  }
  assert.equal((await app.inject(post)).statusCode, 401);
  assert.equal(stage.api.asked.add.length, 2);
});

test('only the newest 256 keys are kept, and what is no key is refused', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const withKey = (key: string) =>
    app.inject({ ...post, headers: { ...headers, 'idempotency-key': key } });
  for (let i = 0; i <= 256; i++) await withKey(`k${i}`);
  assert.equal((await withKey('k256')).headers['idempotency-replayed'], 'true');
  assert.equal((await withKey('k0')).headers['idempotency-replayed'], undefined);
  const refused = await withKey('a"b');
  assert.equal(refused.statusCode, 400);
  assert.equal(refused.json<Problem>().field, 'idempotency-key');
});

test('who hangs up after sending, before the answer, has done it once, also when it is sent again', async (t) => {
  const stage = setStage();
  const { addOverride } = stage.api;
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  stage.api.addOverride = async (...asked) => {
    begun.resolve();
    await gate.promise;
    const answer = await addOverride(...asked);
    done.resolve();
    return answer;
  };
  const port = await listen(t, stage);
  const body = JSON.stringify(payload);
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST ${url} HTTP/1.1\r\nhost: localhost\r\nidempotency-key: k-9\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await begun.promise;
  socket.resetAndDestroy();
  await once(socket, 'close');
  const send = () =>
    fetch(`http://127.0.0.1:${port}${url}`, {
      method: 'POST',
      headers: { 'idempotency-key': 'k-9', 'content-type': 'application/json' },
      body,
    });
  assert.equal((await send()).status, 409, 'it is under way');
  gate.resolve();
  await done.promise;
  const again = await eventuallyAnswered(send);
  assert.equal(again.status, 201);
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal(stage.api.asked.add.length, 1);
});

/** The answer is kept a few turns after the word was given. */
async function eventuallyAnswered(send: () => Promise<Response>): Promise<Response> {
  let answer = await send();
  while (answer.status === 409) answer = await send();
  return answer;
}

test('ends and hand-overs of words, and ends of drills, take keys as well', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const key = { host: 'localhost:8053', 'idempotency-key': 'k-2' };
  const end = { method: 'DELETE', url: `/v1/drills/${drill.id}?actor=bob`, headers: key } as const;
  const first = await app.inject(end);
  const again = await app.inject(end);
  assert.equal(first.statusCode, 200);
  assert.deepEqual([again.statusCode, again.body], [200, first.body]);
  assert.equal(again.headers['idempotency-replayed'], 'true');
});
