// Refusals: who tried what, and why it was not done, told of every write and of every wrong token.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { openApp, setStage } from '../../support/http-stage.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const tokens = [
  { sha256: sha256('reader'), scope: 'read' as const, name: 'dashboard' },
  { sha256: sha256('writer'), scope: 'operate' as const, name: 'ops' },
];
const as = (token: string, id: string) => ({
  authorization: `Bearer ${token}`,
  'x-request-id': id,
});
const drain = { region: 'mars', kind: 'drain', actor: 'alice', reason: 'swap', for: '10m' };
const post = { method: 'POST', url: '/v1/overrides', payload: drain } as const;

describe('what is refused', () => {
  test('tells who tried what, from where, why it was refused and which request it was', async (t) => {
    const stage = setStage({ tokens });
    const app = await openApp(t, stage);
    await app.inject({ ...post, headers: as('not-a-token', 'r-1') });
    await app.inject({ ...post, headers: as('reader', 'r-2') });
    await app.inject({ ...post, headers: as('writer', 'r-3') });
    const what = 'POST /v1/overrides';
    const told = { type: 'refusal', what, client: '127.0.0.1' };
    assert.deepEqual(stage.refusals, [
      {
        ...told,
        tried: {},
        status: 401,
        code: 'request.unauthorized',
        message: 'this bearer token is not known',
        door: 'nobody',
        request: 'r-1',
      },
      {
        ...told,
        tried: {},
        status: 403,
        code: 'request.forbidden',
        message: 'this bearer token may read, not operate',
        door: 'token dashboard',
        request: 'r-2',
      },
      {
        ...told,
        tried: drain,
        status: 404,
        code: 'region.unknown',
        message: 'there is no such region',
        door: 'token ops',
        request: 'r-3',
      },
    ]);
    assert.doesNotMatch(JSON.stringify(stage.refusals), /not-a-token|Bearer|reader"/);
  });

  test('is told at every status, with what was asked for', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    await app.inject({ ...post, payload: { region: 'mars' } });
    await app.inject({ ...post, headers: { 'if-match': '"old"' } });
    const key = { 'idempotency-key': 'one' };
    const good = { ...drain, region: 'eu-west' };
    await app.inject({ ...post, payload: good, headers: key });
    await app.inject({ ...post, payload: { ...good, reason: 'other' }, headers: key });
    await app.inject({ method: 'DELETE', url: '/v1/overrides/nobody?actor=bob' });
    await app.inject({ method: 'DELETE', url: '/v1/drills/nothing?actor=bob' });
    const found = stage.refusals.map(({ code, tried }) => [code, tried['region'] ?? tried['id']]);
    assert.deepEqual(found, [
      ['request.invalid', 'mars'],
      ['request.precondition', 'mars'],
      ['request.key-reused', 'eu-west'],
      ['override.unknown', 'nobody'],
      ['drill.unknown', 'nothing'],
    ]);
  });

  test('is told of a write however its address is spelt', async (t) => {
    const stage = setStage({ tokens });
    const app = await openApp(t, stage);
    await app.inject({ ...post, url: '/%761/overrides', headers: as('writer', 'r-1') });
    assert.deepEqual(
      stage.refusals.map(({ what, code }) => [what, code]),
      [['POST /v1/overrides', 'region.unknown']],
    );
  });

  test('is told where there are too many, too', async (t) => {
    const stage = setStage({ writesPerSecond: 1 });
    const app = await openApp(t, stage);
    for (let i = 0; i < 3; i++)
      await app.inject({ ...post, payload: { ...drain, region: 'eu-west' } });
    assert.ok(stage.refusals.length > 0);
    assert.ok(stage.refusals.every(({ code }) => code === 'request.too-many'));
  });

  test('is told of strangers beyond what they may, as such and without a word of theirs', async (t) => {
    const stage = setStage({ requestsPerSecond: 1 });
    const app = await openApp(t, stage);
    const url = '/v1/overrides/x?actor=mallory';
    const foreign = { method: 'DELETE', url, headers: { host: 'evil.example' } } as const;
    await app.inject(foreign);
    await app.inject(foreign);
    assert.deepEqual(
      stage.refusals.map(({ code, door, tried }) => [code, door, tried]),
      [
        ['request.forbidden', 'nobody', {}],
        ['request.too-many', 'nobody', {}],
      ],
    );
  });

  test('is told of wrong tokens for what is only read, and of nothing else that is read', async (t) => {
    const stage = setStage({ tokens });
    const app = await openApp(t, stage);
    await app.inject({ url: '/v1/timeline', headers: as('guess', 'r-4') });
    await app.inject({ url: '/v1/overrides/none' });
    await app.inject({ url: '/nowhere', method: 'POST', headers: as('guess', 'r-5') });
    await app.inject({
      ...post,
      headers: as('writer', 'r-6'),
      payload: { ...drain, region: 'eu-west' },
    });
    assert.deepEqual(
      stage.refusals.map(({ what, request }) => [what, request]),
      [['GET /v1/timeline', 'r-4']],
    );
  });

  test('is short, however long what was sent is', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    await app.inject({ ...post, payload: { ...drain, reason: 'x'.repeat(60_000) } });
    assert.ok(JSON.stringify(stage.refusals).length < 3000);
  });
});
