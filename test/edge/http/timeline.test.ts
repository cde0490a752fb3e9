// GET /v1/timeline: who may read it, what may be asked, and by which doors overrides come in.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { openApp, setStage } from '../../support/http-stage.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const tokens = [
  { sha256: sha256('reader'), scope: 'read' as const },
  { sha256: sha256('writer'), scope: 'operate' as const, name: 'ops' },
  { sha256: sha256('nameless'), scope: 'operate' as const },
];
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('a page is handed out as it is, with facts of any kind', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const response = await app.inject('/v1/timeline?since=2026-05-01T12:00:00Z&region=eu&limit=5');
  assert.equal(response.statusCode, 200);
  assert.deepEqual(response.json(), stage.api.timelinePage);
  assert.deepEqual(stage.api.asked.timeline, [
    { since: '2026-05-01T12:00:00Z', region: 'eu', limit: 5 },
  ]);
});

test('what is asked in another form is refused with the field', async (t) => {
  const app = await openApp(t, setStage());
  for (const [query, field] of [
    ['since=yesterday', 'since'],
    ['since=2026-99-99T00:00:00Z', 'since'],
    ['since=2026-02-29T00:00:00Z', 'since'],
    ['until=2026-05-01T24:00:00Z', 'until'],
    ['until=2026-12-31T23:59:60Z', 'until'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['service=', 'service'],
    ['who=me', 'who'],
  ]) {
    const response = await app.inject(`/v1/timeline?${query}`);
    assert.equal(response.statusCode, 400, query);
    assert.equal(response.json<{ field: string }>().field, field);
  }
});

test('where there are tokens, one of any scope is wanted', async (t) => {
  const app = await openApp(t, setStage({ tokens }));
  const status = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await app.inject({ url: '/v1/timeline', headers })).statusCode;
  assert.equal(await status({}), 401);
  assert.equal(await status(bearer('stranger')), 401);
  assert.equal(await status(bearer('reader')), 200);
  assert.equal(await status(bearer('writer')), 200);
});

test('an override comes in with its door', async (t) => {
  const payload = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'swap', for: '10m' };
  const open = setStage();
  const app = await openApp(t, open);
  await app.inject({ method: 'POST', url: '/v1/overrides', payload });
  assert.deepEqual(open.api.asked.doors, ['loopback']);
  const stage = setStage({ tokens });
  const guarded = await openApp(t, stage);
  const add = { method: 'POST', url: '/v1/overrides', payload } as const;
  await guarded.inject({ ...add, headers: bearer('writer') });
  await guarded.inject({ ...add, headers: bearer('reader') });
  const end = { method: 'DELETE', url: '/v1/overrides/o-1', headers: bearer('nameless') } as const;
  await guarded.inject(end);
  assert.deepEqual(stage.api.asked.doors, ['token ops', `token ${sha256('nameless').slice(0, 8)}`]);
});
