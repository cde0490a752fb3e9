import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

test('a sane id is taken over, and any other is replaced', async (t) => {
  const app = await openApp(t, setStage());
  const idFor = async (given: string): Promise<unknown> =>
    (await app.inject({ url: '/v1/health', headers: { 'x-request-id': given } })).headers[
      'x-request-id'
    ];
  assert.equal(await idFor('trace-1.a:b'), 'trace-1.a:b');
  for (const given of ['', 'a b', 'x'.repeat(65), 'ü', '"']) {
    assert.match(String(await idFor(given)), /^[0-9a-f-]{36}$/);
  }
});

test('a refusal names it in its header and in the problem', async (t) => {
  const app = await openApp(t, setStage());
  for (const url of ['/v1/health/nowhere', '/nowhere', '/%', '/v1/resolve']) {
    const reply = await app.inject({ url, headers: { 'x-request-id': 'mine' } });
    assert.ok(reply.statusCode >= 400);
    assert.equal(reply.headers['x-request-id'], 'mine', url);
    assert.equal(reply.json<Problem>().request, 'mine', url);
  }
});
