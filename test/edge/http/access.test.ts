// Access: who may change anything, and whose address decisions are made for.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { formatIp } from '../../../src/model/ip.ts';
import { type HttpStage, listen, openApp, prefixes, setStage } from '../../support/http-stage.ts';

const body = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'disk', for: '10m' };
const local = { host: '127.0.0.1:8053' };

function token(secret: string, scope: 'read' | 'operate') {
  return { sha256: createHash('sha256').update(secret).digest('hex'), scope };
}

/** Gives the status of a change that is asked for in this way. */
async function changing(t: TestContext, stage: HttpStage) {
  const app = await openApp(t, stage);
  return async (how: InjectOptions): Promise<number> => {
    const reply = await app.inject({ method: 'POST', url: '/v1/overrides', payload: body, ...how });
    const end = await app.inject({ method: 'DELETE', url: '/v1/overrides/o-1', ...how });
    assert.equal(reply.statusCode === 201, end.statusCode === 200);
    return reply.statusCode;
  };
}

test('without tokens, changes are taken from loopback peers only', async (t) => {
  const stage = setStage();
  const change = await changing(t, stage);
  for (const remoteAddress of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    assert.equal(await change({ remoteAddress, headers: local }), 201, remoteAddress);
  }
  const taken = stage.api.asked.add.length;
  for (const remoteAddress of [
    '192.0.2.1',
    '10.0.0.1',
    '2001:db8::1',
    'fe80::1',
    '::ffff:10.0.0.1',
  ]) {
    assert.equal(await change({ remoteAddress, headers: local }), 403, remoteAddress);
    const claim = { ...local, 'x-forwarded-for': '127.0.0.1' };
    assert.equal(await change({ remoteAddress, headers: claim }), 403, remoteAddress);
  }
  assert.equal(stage.api.asked.add.length, taken);
});

test('without tokens, a loopback peer that is a proxy may not change anything', async (t) => {
  const stage = setStage();
  const change = await changing(t, stage);
  for (const name of ['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP']) {
    assert.equal(await change({ headers: { ...local, [name]: 'for=127.0.0.1' } }), 403, name);
  }
  stage.http = { ...stage.http, trustedProxies: prefixes('127.0.0.1/32') };
  assert.equal(await change({ headers: local }), 403);
});

test('without tokens, a name that was made to lead to this machine changes nothing', async (t) => {
  const change = await changing(t, setStage());
  for (const host of ['localhost', 'LOCALHOST:8053', '127.0.0.1', '127.1.2.3:80', '[::1]:8053']) {
    assert.equal(await change({ headers: { host } }), 201, host);
  }
  for (const host of [
    'evil.example:8053',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1:8053@evil.example',
    '192.0.2.1:8053',
  ]) {
    assert.equal(await change({ headers: { host } }), 403, host);
  }
});

test('without tokens, a page of another site changes nothing', async (t) => {
  const change = await changing(t, setStage());
  assert.equal(await change({ headers: { ...local, origin: 'http://127.0.0.1:8053' } }), 201);
  for (const origin of [
    'null',
    'http://evil.example',
    'http://127.0.0.1:3000',
    'http://localhost:8053',
    'https://127.0.0.1:8053',
    '',
  ]) {
    assert.equal(await change({ headers: { ...local, origin } }), 403, origin);
  }
});

test('over a real loopback connection a change is taken, whatever address a header claims', async (t) => {
  const stage = setStage();
  const port = await listen(t, stage);
  const post = async (headers: Record<string, string>): Promise<number> => {
    const reply = await fetch(`http://127.0.0.1:${port}/v1/overrides`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await reply.text();
    return reply.status;
  };
  assert.equal(await post({}), 201);
  assert.equal(await post({ 'x-forwarded-for': '127.0.0.1' }), 403);
});

test('with tokens, only a token that may operate changes anything, from anywhere', async (t) => {
  const tokens = [token('look', 'read'), token('turn', 'operate')];
  const change = await changing(t, setStage({ tokens }));
  const elsewhere = { remoteAddress: '192.0.2.1' };
  const bearer = (authorization: string) => change({ ...elsewhere, headers: { authorization } });
  assert.equal(await bearer('Bearer turn'), 201);
  assert.equal(await bearer('bearer turn'), 201);
  assert.equal(await bearer('Bearer look'), 403);
  for (const wrong of ['Bearer wrong', 'Bearer', 'Bearer turn look', 'Basic turn', 'turn', '']) {
    assert.equal(await bearer(wrong), 401, wrong);
  }
  assert.equal(await change({ headers: local }), 401, 'loopback is nothing special then');
});

test('a missing token is asked for before the body is looked at', async (t) => {
  const app = await openApp(t, setStage({ tokens: [token('turn', 'operate')] }));
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/overrides',
    headers: { 'content-type': 'text/nonsense' },
    payload: '{',
  });
  assert.equal(reply.statusCode, 401);
  assert.match(String(reply.headers['www-authenticate']), /^Bearer /);
  assert.equal(reply.json<{ code: string }>().code, 'request.unauthorized');
});

test('tokens and proxies of a reload count from the next request on', async (t) => {
  const stage = setStage({ tokens: [token('old', 'operate')] });
  const change = await changing(t, stage);
  stage.http = { ...stage.http, tokens: [token('new', 'operate')] };
  assert.equal(await change({ headers: { authorization: 'Bearer old' } }), 401);
  assert.equal(await change({ headers: { authorization: 'Bearer new' } }), 201);
});

test('reading needs no token', async (t) => {
  const app = await openApp(t, setStage({ tokens: [token('turn', 'operate')] }));
  for (const url of ['/v1/health', '/v1/overrides', '/v1/resolve?name=www', '/metrics']) {
    assert.equal((await app.inject({ url, remoteAddress: '192.0.2.1' })).statusCode, 200, url);
  }
});

test('X-Forwarded-For is believed from configured proxies only, up to the first other address', async (t) => {
  const stage = setStage({ trustedProxies: prefixes('10.0.0.0/8', '2001:db8:f::/48') });
  const app = await openApp(t, stage);
  const cases: [peer: string, forwarded: string | undefined, client: string][] = [
    ['198.51.100.1', '192.0.2.7', '198.51.100.1'],
    ['10.1.1.1', undefined, '10.1.1.1'],
    ['10.1.1.1', '192.0.2.7', '192.0.2.7'],
    ['::ffff:10.1.1.1', '192.0.2.7', '192.0.2.7'],
    ['2001:db8:f::1', '2001:db8::7', '2001:db8::7'],
    ['10.1.1.1', '192.0.2.66, 192.0.2.7', '192.0.2.7'],
    ['10.1.1.1', '192.0.2.7, 10.2.2.2', '192.0.2.7'],
    ['10.1.1.1', '10.3.3.3, 10.2.2.2', '10.3.3.3'],
    ['10.1.1.1', '192.0.2.7:4711', '192.0.2.7'],
    ['10.1.1.1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['10.1.1.1', 'unknown', '10.1.1.1'],
    ['10.1.1.1', '192.0.2.7, nonsense', '10.1.1.1'],
    ['10.1.1.1', ' , ,', '10.1.1.1'],
  ];
  for (const [remoteAddress, forwarded, client] of cases) {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    await app.inject({ url: '/v1/resolve?name=www', remoteAddress, headers });
    const peer = stage.api.asked.resolve.at(-1)?.peer;
    assert.equal(peer && formatIp(peer), client, `${remoteAddress} for ${forwarded}`);
  }
});
