// /v1/clients: for whoever may read, as JSON of the busiest or as CSV of all.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { clients } from '../../support/fake-api.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

const csv = '# a head\nnetwork,weight,name,by\n203.0.113.0/24,7,,subnet\n';

describe('GET /v1/clients', () => {
  test('gives the busiest as JSON, a hundred unless told otherwise', async (t) => {
    const app = await openApp(t, setStage());
    const reply = await app.inject({ url: '/v1/clients' });
    assert.equal(reply.statusCode, 200);
    assert.deepEqual(reply.json(), clients);
    const one = await app.inject({ url: '/v1/clients?limit=1&format=json' });
    assert.equal(one.json<typeof clients>().clients.length, 1);
  });

  test('gives all of them as CSV to whoever asks for that', async (t) => {
    const app = await openApp(t, setStage());
    for (const request of [
      { url: '/v1/clients?format=csv' },
      { url: '/v1/clients', headers: { accept: 'text/csv' } },
      { url: '/v1/clients', headers: { accept: 'text/html;q=0.5, text/csv;q=0.9' } },
    ]) {
      const reply = await app.inject(request);
      assert.equal(reply.statusCode, 200);
      assert.match(String(reply.headers['content-type']), /^text\/csv/);
      assert.equal(reply.body, csv);
    }
    for (const accept of ['*/*', 'application/json', 'text/csvx']) {
      const reply = await app.inject({ url: '/v1/clients', headers: { accept } });
      assert.match(String(reply.headers['content-type']), /^application\/json/);
    }
  });

  test('refuses what is no number and no format, and names the field', async (t) => {
    const app = await openApp(t, setStage());
    for (const [query, field] of [
      ['limit=1001', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=', 'limit'],
      ['format=xml', 'format'],
      ['page=2', 'page'],
    ]) {
      const reply = await app.inject({ url: `/v1/clients?${query}` });
      assert.equal(reply.statusCode, 400, query);
      assert.equal(reply.json<{ field: string }>().field, field);
    }
  });
});

describe('who may read of clients', () => {
  const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
  const tokens = [
    { sha256: sha256('reader'), scope: 'read' as const },
    { sha256: sha256('operator'), scope: 'operate' as const },
  ];

  test('has a token of either scope, where there are tokens', async (t) => {
    const app = await openApp(t, setStage({ tokens }));
    const statusWith = async (authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await app.inject({ url: '/v1/clients', headers })).statusCode;
    };
    assert.equal(await statusWith('Bearer reader'), 200);
    assert.equal(await statusWith('Bearer operator'), 200);
    assert.equal(await statusWith('Bearer other'), 401);
    assert.equal(await statusWith(), 401);
  });

  test('sits at this machine, where there are none', async (t) => {
    const app = await openApp(t, setStage());
    const from = async (remoteAddress: string): Promise<number> =>
      (await app.inject({ url: '/v1/clients', remoteAddress })).statusCode;
    assert.equal(await from('127.0.0.1'), 200);
    assert.equal(await from('198.51.100.7'), 403);
  });
});
