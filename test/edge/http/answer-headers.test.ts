// The header fields of answers: what the OpenAPI document says of each operation is what it sends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { drill, override } from '../../support/fake-api.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

interface Described {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}

type Document = {
  readonly paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
};

/** What frames a message, or says of what kind its body is. */
const framing = new Set([
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

const token = { sha256: '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b' };
const operator = { authorization: 'Bearer secret' };
const word = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'disk' };
const plan = { region: 'eu-west', steps: [{ share: 1, hold: '5m' }], actor: 'a', reason: 'b' };
const dns = Buffer.alloc(12);

type Asked = InjectOptions & { readonly path: string; readonly url: string };

/** One good request for each operation, by the path of the document. */
const good: readonly Asked[] = [
  { path: '/', url: '/' },
  { path: '/v1/about', url: '/v1/about' },
  { path: '/openapi.json', url: '/openapi.json' },
  { path: '/v1/resolve', url: '/v1/resolve?name=www.example.test' },
  { path: '/go/{name}', url: '/go/www.example.test' },
  { path: '/go/{name}/{*}', url: '/go/www.example.test/a/b' },
  { path: '/v1/health', url: '/v1/health' },
  { path: '/v1/health/{region}', url: '/v1/health/eu-west' },
  { path: '/v1/events', url: '/v1/events', payloadAsStream: true },
  { path: '/v1/regions', url: '/v1/regions' },
  { path: '/v1/services', url: '/v1/services' },
  { path: '/v1/overrides', url: '/v1/overrides' },
  { path: '/v1/overrides', url: '/v1/overrides', method: 'POST', payload: word },
  { path: '/v1/overrides/{id}', url: `/v1/overrides/${override.id}` },
  {
    path: '/v1/overrides/{id}',
    url: `/v1/overrides/${override.id}`,
    method: 'PUT',
    payload: { signed: 'mac {}' },
  },
  { path: '/v1/overrides/{id}', url: `/v1/overrides/${override.id}`, method: 'DELETE' },
  { path: '/v1/drills', url: '/v1/drills' },
  { path: '/v1/drills', url: '/v1/drills', method: 'POST', payload: plan },
  { path: '/v1/drills/regions', url: '/v1/drills/regions' },
  { path: '/v1/drills/{id}', url: `/v1/drills/${drill.id}` },
  { path: '/v1/drills/{id}', url: `/v1/drills/${drill.id}`, headers: { accept: 'text/html' } },
  { path: '/v1/drills/{id}', url: `/v1/drills/${drill.id}`, method: 'DELETE' },
  { path: '/v1/reports', url: '/v1/reports' },
  {
    path: '/v1/reports/{region}/{name}',
    url: '/v1/reports/eu-west/app',
    method: 'POST',
    payload: { state: 'up' },
  },
  { path: '/v1/clients', url: '/v1/clients' },
  { path: '/v1/clients', url: '/v1/clients?format=csv' },
  { path: '/v1/load', url: '/v1/load' },
  { path: '/v1/load/{region}', url: '/v1/load/eu-west', method: 'POST', payload: { load: 0.5 } },
  { path: '/livez', url: '/livez' },
  { path: '/readyz', url: '/readyz' },
  { path: '/metrics', url: '/metrics' },
  { path: '/v1/timeline', url: '/v1/timeline' },
  { path: '/v1/votes', url: '/v1/votes' },
  {
    path: '/v1/votes',
    url: '/v1/votes',
    method: 'POST',
    payload: { life: 'x', slot: 'a', value: 'v', lifetimeMs: 1, mac: '' },
  },
  { path: '/dns-query', url: `/dns-query?dns=${dns.toString('base64url')}` },
  {
    path: '/dns-query',
    url: '/dns-query',
    method: 'POST',
    payload: dns,
    headers: { 'content-type': 'application/dns-message' },
  },
];

const votes = {
  life: 'x',
  seal: { sign: () => '', verify: () => true },
  board: {
    read: async () => new Map(),
    post: async () => undefined,
  },
} as never;

async function openWhole(t: Parameters<typeof openApp>[0], http: object = {}) {
  const stage = setStage({ tokens: [{ ...token, scope: 'operate' }], ...http }, votes);
  const doors = { ...stage.doors, respond: () => dns };
  const app = await openApp(t, { ...stage, doors });
  const document = (await app.inject({ url: '/openapi.json' })).json<Document>();
  return { app, document };
}

/** Holds one answer against the document: nothing is sent that it does not name, and the other way round. */
function compare(
  document: Document,
  { path, method = 'GET' }: Asked,
  reply: LightMyRequestResponse,
) {
  const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const described = responses[reply.statusCode] ?? responses['default'];
  const where = `${method} ${path} → ${reply.statusCode}`;
  assert.ok(described, where);
  const named = Object.entries(described.headers ?? {});
  const sent = Object.keys(reply.headers).filter((name) => !framing.has(name));
  assert.deepEqual(
    sent.filter((name) => !named.some(([each]) => each === name)),
    [],
    where,
  );
  const due = named.filter(([, { required }]) => required === true).map(([name]) => name);
  assert.deepEqual(
    due.filter((name) => !sent.includes(name)),
    [],
    where,
  );
}

test('every operation is asked here, and sends what the document says', async (t) => {
  const { app, document } = await openWhole(t);
  const left = new Set(
    Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    ),
  );
  for (const asked of good) {
    const { path, ...request } = asked;
    const reply = await app.inject({ ...request, headers: { ...operator, ...request.headers } });
    assert.ok(reply.statusCode < 400, `${path}: ${reply.statusCode}`);
    compare(document, asked, reply);
    left.delete(`${(request.method ?? 'GET').toLowerCase()} ${path}`);
    if (reply.headers.etag === undefined) continue;
    const held = { ...operator, ...request.headers, 'if-none-match': reply.headers.etag };
    const again = await app.inject({ ...request, headers: held });
    assert.equal(again.statusCode, 304, path);
    compare(document, asked, again);
  }
  assert.deepEqual([...left], []);
});

test('so do refusals: no token, another one, a tag that is old, a key that comes again, what is not there', async (t) => {
  const { app, document } = await openWhole(t);
  const statuses = new Set<number>();
  const send = async (asked: Asked, headers: Record<string, string>): Promise<void> => {
    const { path: _, ...request } = asked;
    const reply = await app.inject({ ...request, headers: { ...request.headers, ...headers } });
    statuses.add(reply.statusCode);
    compare(document, asked, reply);
  };
  for (const asked of good.filter(({ method }) => method !== undefined)) {
    await send(asked, {});
    await send(asked, { authorization: 'Bearer wrong' });
    await send(asked, { ...operator, 'if-match': '"old"' });
    const key = {
      ...operator,
      'idempotency-key': `${asked.method} ${asked.path}`.replaceAll(' ', '-'),
    };
    await send(asked, key);
    await send(asked, key);
    await send({ ...asked, payload: '{' }, { ...operator, 'content-type': 'application/json' });
  }
  for (const url of ['/v1/overrides/none', '/v1/drills/none', '/v1/health/none']) {
    const path = url.replace('none', url.includes('health') ? '{region}' : '{id}');
    await send({ path, url }, operator);
  }
  for (const status of [201, 400, 401, 404, 412]) assert.ok(statuses.has(status), String(status));
});

test('and who asks too often, or for room that there is not', async (t) => {
  const { app, document } = await openWhole(t, { requestsPerSecond: 1, writesPerSecond: 1 });
  const asked: Asked = { path: '/v1/regions', url: '/v1/regions' };
  await app.inject({ url: asked.url });
  const reply = await app.inject({ url: asked.url });
  assert.equal(reply.statusCode, 429);
  compare(document, asked, reply);
});

test('a client certificate may stand wherever a bearer token may', async (t) => {
  const { document } = await openWhole(t);
  const { components, paths } = document as unknown as {
    components: { securitySchemes: Record<string, { type: string }> };
    paths: Record<string, Record<string, { security?: unknown }>>;
  };
  assert.equal(components.securitySchemes['certificate']?.type, 'mutualTLS');
  assert.deepEqual(paths['/v1/drills']?.['post']?.security, [{ bearer: [] }, { certificate: [] }]);
  assert.equal(paths['/v1/drills']?.['get']?.security, undefined);
});
