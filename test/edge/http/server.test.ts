// The server: what is refused before a route sees it, and how it starts and stops.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { startHttp } from '../../../src/edge/http/server.ts';
import { createLocalBoard } from '../../../src/edge/local-board.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import { FaultError } from '../../../src/model/fault.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { listen, openApp, setStage } from '../../support/http-stage.ts';

test('an address that leads nowhere is 404, also below a known one', async (t) => {
  const app = await openApp(t, setStage());
  for (const url of ['/nowhere', '/v1/health/eu-west/x', '/v1/', '/V1/health', '/metrics/']) {
    const reply = await app.inject({ url });
    assert.equal(reply.statusCode, 404, url);
    assert.equal(reply.json<Problem>().code, 'request.not-found');
    assert.match(String(reply.headers['content-type']), /^application\/problem\+json/);
  }
});

test('a method that a route does not take is 405 and says which it takes', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const cases: ['POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', string, string][] = [
    ['POST', '/v1/resolve', 'GET, HEAD'],
    ['DELETE', '/v1/overrides', 'GET, HEAD, POST'],
    ['PATCH', '/v1/overrides/o-1', 'GET, HEAD, PUT, DELETE'],
    ['PUT', '/go/www.example.test/x', 'GET, HEAD'],
    ['OPTIONS', '/v1/overrides', 'GET, HEAD, POST'],
  ];
  for (const [method, url, allow] of cases) {
    const reply = await app.inject({ method, url, payload: 'anything' });
    assert.equal(reply.statusCode, 405, `${method} ${url}`);
    assert.equal(reply.headers.allow, allow);
    assert.equal(reply.json<Problem>().code, 'request.method');
  }
});

test('HEAD is answered like GET, without the body', async (t) => {
  const app = await openApp(t, setStage());
  const reply = await app.inject({ method: 'HEAD', url: '/v1/health' });
  assert.equal(reply.statusCode, 200);
  assert.equal(reply.body, '');
});

test('our own mistake is 500, told to the log and to nobody else', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const reply = await app.inject({ url: '/v1/resolve?name=broken' });
  assert.equal(reply.statusCode, 500);
  assert.equal(reply.json<Problem>().code, 'director.internal');
  assert.doesNotMatch(reply.body, /secret|Error|\.ts/);
  assert.deepEqual(stage.log.lines, ['error http.failed']);
  assert.match(String(stage.log.fields[0]?.['reason']), /a secret of the inside/);
});

test('what nests deeper than the stack is refused in a few words', async (t) => {
  const board = createLocalBoard(createFakeClock());
  const stage = setStage({}, { board, seal: createSeal(['secret']), life: 'now' });
  const app = await openApp(t, stage);
  const post = async (url: string, payload: string) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await app.inject({ method: 'POST', url, payload, headers });
    assert.equal(reply.statusCode, 400, `${url} ${payload.slice(0, 40)}`);
    return reply.json<Problem>();
  };
  const deep = (field: string, depth: number): string =>
    `{"${field}":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const { detail, field } = await post('/v1/votes', deep('life', 120_000));
  assert.equal(field, 'life');
  assert.equal(detail, 'got [[["…"]]], want the life that GET tells');
  for (const [url, name, known] of [
    ['/v1/overrides', 'region', true],
    ['/v1/overrides', 'breakGlass', false],
    ['/v1/overrides', 'stranger', false],
    ['/v1/drills', 'steps', false],
    ['/v1/drills', '__proto__', false],
  ] as const) {
    const problem = await post(url, deep(name, 30_000));
    if (known) assert.equal(problem.field, name);
    assert.ok(problem.detail.length < 300);
  }
  const around = `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`;
  const plan = `{"region":"eu","steps":[${around}],"actor":"a","reason":"r"}`;
  assert.equal((await post('/v1/drills', plan)).field, 'steps');
  assert.deepEqual(stage.log.lines, []);
});

test('paths that cannot be decoded or are too long are problems too', async (t) => {
  const app = await openApp(t, setStage());
  const broken = await app.inject({ url: '/v1/health/%zz' });
  assert.equal(broken.statusCode, 400);
  assert.equal(broken.json<Problem>().code, 'request.invalid');
  const long = await app.inject({ url: `/v1/health/${'a'.repeat(2000)}` });
  assert.equal(long.statusCode, 413);
  assert.equal(long.json<Problem>().code, 'request.too-large');
});

test('each answered request is told once, by its route and never by its address', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  await app.inject({ url: '/v1/health/eu-west' });
  await app.inject({ url: '/v1/health/atlantis' });
  await app.inject({ url: '/made/up' });
  await app.inject({ method: 'PUT', url: '/livez' });
  assert.deepEqual(stage.seen, [
    { route: '/v1/health/:region', status: 200 },
    { route: '/v1/health/:region', status: 404 },
    { route: 'none', status: 404 },
    { route: '/livez', status: 405 },
  ]);
});

async function send(port: number, bytes: string): Promise<{ status: number; problem: Problem }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes, 'latin1');
  const reply = await text(socket);
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  assert.match(head, /content-type: application\/problem\+json/);
  return { status: Number(head.split(' ')[1]), problem: JSON.parse(body) as Problem };
}

test('what is not HTTP, or has endless headers, is told so on its socket', async (t) => {
  const port = await listen(t, setStage());
  const garbage = await send(port, '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n');
  assert.equal(garbage.status, 400);
  assert.equal(garbage.problem.code, 'request.invalid');
  const endless = await send(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
  assert.equal(endless.status, 413);
  assert.equal(endless.problem.code, 'request.too-large');
});

test('a request that drips in, headers or body, is cut off within seconds', async (t) => {
  const { server } = await openApp(t, setStage());
  assert.ok(server.requestTimeout > 0 && server.requestTimeout <= 5000);
  // Node takes the longer of the two for the whole of a request.
  assert.ok(server.headersTimeout > 0 && server.headersTimeout <= server.requestTimeout);
  assert.ok(server.timeout > 0 && server.timeout <= 10_000);
});

test('a port that is taken is a fault that names the address', async (t) => {
  const stage = setStage();
  const port = await listen(t, stage);
  await assert.rejects(
    startHttp({ ...stage.doors, listen: { host: '127.0.0.1', port } }),
    (error) =>
      error instanceof FaultError &&
      error.fault.code === 'listen.failed' &&
      error.fault.message.includes(`127.0.0.1:${port}`),
  );
});

test('stopping lets an answer on its way arrive, and does not wait for idle connections', async () => {
  const stage = setStage();
  const asked = Promise.withResolvers<void>();
  const body = Promise.withResolvers<string>();
  const metrics = async () => {
    asked.resolve();
    return { contentType: 'text/plain', body: await body.promise };
  };
  const listenOn = { host: '127.0.0.1', port: 0 };
  const server = await startHttp({ ...stage.doors, metrics, listen: listenOn });
  const at = `http://127.0.0.1:${server.address.port}`;
  await (await fetch(`${at}/livez`)).text();
  const scrape = fetch(`${at}/metrics`);
  await asked.promise;
  const stopped = server[Symbol.asyncDispose]();
  body.resolve('late');
  assert.equal(await (await scrape).text(), 'late');
  await stopped;
  await assert.rejects(fetch(`${at}/livez`));
});
