// The rate limit: one budget for each client, whatever it asks for.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type HttpStage, listen, openApp, setStage } from '../../support/http-stage.ts';

/** Time stands still until it is told to pass, so that no test depends on how fast it runs. */
async function limited(t: TestContext, stage: HttpStage) {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const app = await openApp(t, stage);
  return (remoteAddress: string, url = '/v1/resolve?name=www', headers = {}) =>
    app.inject({ url, remoteAddress, headers });
}

test('what goes beyond the limit is 429 until the second is over', async (t) => {
  const ask = await limited(t, setStage({ requestsPerSecond: 3 }));
  for (let i = 0; i < 3; i++) assert.equal((await ask('192.0.2.1')).statusCode, 200);
  const refused = await ask('192.0.2.1');
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.headers['retry-after'], '1');
  assert.match(String(refused.headers['content-type']), /^application\/problem\+json/);
  assert.equal(refused.json<{ code: string }>().code, 'request.too-many');
  assert.equal((await ask('192.0.2.2')).statusCode, 200, 'another client has its own');
  t.mock.timers.tick(1000);
  assert.equal((await ask('192.0.2.1')).statusCode, 200);
});

test('all routes share one budget, redirects and reports alike', async (t) => {
  const ask = await limited(t, setStage({ requestsPerSecond: 2 }));
  assert.equal((await ask('192.0.2.1', '/v1/health')).statusCode, 200);
  assert.equal((await ask('192.0.2.1', '/go/www.example.test/')).statusCode, 307);
  for (const url of [
    '/v1/resolve?name=www',
    '/v1/health',
    '/go/www.example.test/',
    '/openapi.json',
  ]) {
    assert.equal((await ask('192.0.2.1', url)).statusCode, 429, url);
  }
});

test('an IPv6 client is its /64', async (t) => {
  const ask = await limited(t, setStage({ requestsPerSecond: 1 }));
  assert.equal((await ask('2001:db8::1')).statusCode, 200);
  assert.equal((await ask('2001:db8::ffff:1')).statusCode, 429);
  assert.equal((await ask('2001:db8:0:1::1')).statusCode, 200);
});

test('a header does not give a client a new budget', async (t) => {
  const ask = await limited(t, setStage({ requestsPerSecond: 1 }));
  const url = '/v1/resolve?name=www';
  assert.equal((await ask('192.0.2.1', url, { 'x-forwarded-for': '192.0.2.8' })).statusCode, 200);
  assert.equal((await ask('192.0.2.1', url, { 'x-forwarded-for': '192.0.2.9' })).statusCode, 429);
});

test('a token that is known has a budget of its own wherever it comes from; an unknown one gains nothing', async (t) => {
  const sha256 = createHash('sha256').update('good').digest('hex');
  const stage = setStage({ requestsPerSecond: 1, tokens: [{ sha256, scope: 'read' }] });
  const ask = await limited(t, stage);
  const by = (from: string, token: string) =>
    ask(from, '/v1/health', { authorization: `Bearer ${token}` });
  assert.equal((await ask('192.0.2.1')).statusCode, 200);
  assert.equal((await by('192.0.2.1', 'guess-1')).statusCode, 429);
  assert.equal((await by('192.0.2.1', 'guess-2')).statusCode, 429);
  assert.equal((await by('192.0.2.1', 'good')).statusCode, 200);
  assert.equal((await by('192.0.2.2', 'good')).statusCode, 429);
});

test('writes count apart from reads', async (t) => {
  const stage = setStage({ requestsPerSecond: 2, writesPerSecond: 1 });
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const app = await openApp(t, stage);
  const end = () => app.inject({ method: 'DELETE', url: '/v1/overrides/o-1', headers: local });
  assert.equal((await end()).statusCode, 200);
  const refused = await end();
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.headers['retry-after'], '1');
  for (let i = 0; i < 2; i++) assert.equal((await app.inject('/v1/health')).statusCode, 200);
  assert.equal((await app.inject('/v1/health')).statusCode, 429);
});

test('a write is one however its address is spelt', async (t) => {
  const stage = setStage({ requestsPerSecond: 100, writesPerSecond: 1 });
  const port = await listen(t, stage);
  for (const target of ['/v1/overrides/x', '/%761/overrides/x', 'http://a.test/v1/overrides/x']) {
    const statuses = await Promise.all([statusOf(port, target), statusOf(port, target)]);
    assert.ok(statuses.includes(429), `${target}: ${statuses.join()}`);
    const refused = stage.refusals.splice(0).map(({ code }) => code);
    assert.ok(refused.includes('request.too-many'), target);
  }
});

/** As it is written: clients that mean well would tidy it first. */
async function statusOf(port: number, target: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  const head = [`DELETE ${target} HTTP/1.1`, 'host: localhost', 'connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
  return Number((await text(socket)).split(' ')[1]);
}

const local = { host: 'localhost:8053' };

test('who knocks in vain is limited too, apart from whoever else is at the same address', async (t) => {
  const sha256 = createHash('sha256').update('good').digest('hex');
  const stage = setStage({ requestsPerSecond: 2, tokens: [{ sha256, scope: 'operate' }] });
  const ask = await limited(t, stage);
  const from = '192.0.2.1';
  const by = async (url: string, token: string) =>
    (await ask(from, url, { authorization: `Bearer ${token}` })).statusCode;
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) statuses.push(await by('/v1/timeline', `guess-${i}`));
  assert.deepEqual(statuses, [401, 401, 429, 429, 429]);
  assert.equal(await by('/v1/clients', 'guess'), 429, 'one budget for all that is guarded');
  assert.equal(await by('/v1/timeline', 'good'), 200);
  assert.equal((await ask(from, '/v1/health')).statusCode, 200);
  t.mock.timers.tick(1000);
  assert.equal(await by('/v1/timeline', 'guess'), 401);
});

test('who knocks in vain takes no write from this machine', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const app = await openApp(t, setStage({ requestsPerSecond: 1 }));
  const end = async (headers: Record<string, string>) =>
    (await app.inject({ method: 'DELETE', url: '/v1/overrides/o-1', headers })).statusCode;
  const foreign = { ...local, origin: 'https://evil.example' };
  assert.deepEqual([await end(foreign), await end(foreign)], [403, 429]);
  assert.equal(await end(local), 200);
});

test('what no route answers counts like a read, and a method that is not taken too', async (t) => {
  const stage = setStage({ requestsPerSecond: 2, writesPerSecond: 1 });
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const app = await openApp(t, stage);
  const ask = async (method: 'GET' | 'POST', url: string, remoteAddress: string) =>
    (await app.inject({ method, url, remoteAddress })).statusCode;
  assert.equal(await ask('GET', '/nowhere', '192.0.2.1'), 404);
  assert.equal(await ask('POST', '/v1/nowhere', '192.0.2.1'), 404);
  assert.equal(await ask('GET', '/v1/health', '192.0.2.1'), 429);
  assert.equal(await ask('GET', '/elsewhere', '192.0.2.1'), 429);
  assert.equal(await ask('POST', '/livez', '192.0.2.2'), 405);
  assert.equal(await ask('POST', '/', '192.0.2.2'), 405);
  assert.equal(await ask('POST', '/livez', '192.0.2.2'), 429);
  assert.equal(await ask('POST', '/v1/health', '192.0.2.2'), 405);
  assert.equal(await ask('POST', '/v1/health', '192.0.2.2'), 429);
});

test('liveness and readiness are always answered', async (t) => {
  const ask = await limited(t, setStage({ requestsPerSecond: 1 }));
  for (let i = 0; i < 5; i++) {
    assert.equal((await ask('192.0.2.1', '/livez')).statusCode, 200);
    assert.equal((await ask('192.0.2.1', '/readyz')).statusCode, 200);
  }
});

test('the limit of a reload counts at once', async (t) => {
  const stage = setStage({ requestsPerSecond: 1 });
  const ask = await limited(t, stage);
  await ask('192.0.2.1');
  assert.equal((await ask('192.0.2.1')).statusCode, 429);
  stage.http = { ...stage.http, requestsPerSecond: 5 };
  assert.equal((await ask('192.0.2.1')).statusCode, 200);
});
