// Every report goes out whole, in the shape that the OpenAPI document promises.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApp, setStage } from '../../support/http-stage.ts';

test('each report arrives with every field that the control side gave', async (t) => {
  const stage = setStage();
  const { api } = stage;
  const app = await openApp(t, stage);
  const expected: Record<string, unknown> = {
    '/v1/health': api.health(),
    '/v1/health/eu-west': api.regionHealth('eu-west'),
    '/v1/regions': api.regions(),
    '/v1/services': api.services(),
    '/v1/overrides': api.overrides(),
    '/v1/reports': api.reports(),
    '/v1/about': api.about(),
  };
  for (const [url, report] of Object.entries(expected)) {
    const reply = await app.inject({ url });
    assert.equal(reply.statusCode, 200, url);
    assert.match(String(reply.headers['content-type']), /^application\/json/);
    // These may be kept, if it is asked for each time whether they are still so.
    const keeping = /^\/v1\/(?:health|overrides)/.test(url) ? 'no-cache' : 'no-store';
    assert.equal(reply.headers['cache-control'], keeping, url);
    assert.deepEqual(reply.json(), report, url);
  }
});

test('the health of a region that does not exist is 404 with the code of the registry', async (t) => {
  const app = await openApp(t, setStage());
  const reply = await app.inject({ url: '/v1/health/atlantis' });
  assert.equal(reply.statusCode, 404);
  assert.match(String(reply.headers['content-type']), /^application\/problem\+json/);
  assert.deepEqual(reply.json(), {
    type: 'urn:meridian:fault:region.unknown',
    title: 'No region has this id',
    status: 404,
    detail: 'there is no region "atlantis"',
    code: 'region.unknown',
    request: reply.headers['x-request-id'],
  });
});

test('the index lists every route, and each listed route without parameters answers', async (t) => {
  const app = await openApp(t, setStage());
  const { routes } = (await app.inject({ url: '/' })).json<{
    routes: { method: string; path: string; summary: string }[];
  }>();
  const lines = routes.map(({ method, path }) => `${method} ${path}`);
  for (const line of [
    'GET /v1/resolve',
    'GET /go/{name}',
    'GET /go/{name}/{*}',
    'GET /v1/health/{region}',
    'POST /v1/overrides',
    'DELETE /v1/overrides/{id}',
    'POST /v1/reports/{region}/{name}',
    'GET /metrics',
    'GET /openapi.json',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  for (const { method, path, summary } of routes) {
    assert.notEqual(summary, '', path);
    if (method !== 'GET' || path.includes('{') || path === '/v1/resolve') continue;
    // Its answer has no end, and tests of its own.
    if (path === '/v1/events') continue;
    assert.equal((await app.inject({ url: path })).statusCode, 200, path);
  }
});

test('metrics are passed on with their own content type', async (t) => {
  const app = await openApp(t, setStage());
  const reply = await app.inject({ url: '/metrics' });
  assert.match(String(reply.headers['content-type']), /^text\/plain; version=0\.0\.4/);
  assert.equal(reply.body, 'meridian_epoch 7\n');
});

test('readiness is 503 with the reasons while there are any, liveness stays 200', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  assert.equal((await app.inject({ url: '/readyz' })).statusCode, 200);
  stage.api.reasons = ['starting'];
  const reply = await app.inject({ url: '/readyz' });
  assert.equal(reply.statusCode, 503);
  assert.deepEqual(reply.json(), { ready: false, reasons: ['starting'] });
  assert.equal((await app.inject({ url: '/livez' })).statusCode, 200);
});
