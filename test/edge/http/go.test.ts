// GET /go/{name}/…: where redirects lead, and that no request can make them lead elsewhere.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { listen, openApp, setStage } from '../../support/http-stage.ts';

test('a redirect keeps the rest of the path and the query, and says to which region', async (t) => {
  const stage = setStage();
  stage.api.target = new URL('https://eu.example.net:8443/app/');
  const app = await openApp(t, stage);
  const cases: [asked: string, location: string][] = [
    ['', 'https://eu.example.net:8443/app/'],
    ['/', 'https://eu.example.net:8443/app/'],
    ['/a/b', 'https://eu.example.net:8443/app/a/b'],
    ['/a//b/', 'https://eu.example.net:8443/app/a//b/'],
    ['/a%2Fb%20c', 'https://eu.example.net:8443/app/a%2Fb%20c'],
    ['/a?x=%41&y=../&z=%2F%2f', 'https://eu.example.net:8443/app/a?x=%41&y=../&z=%2F%2f'],
    ['?q=1', 'https://eu.example.net:8443/app/?q=1'],
  ];
  for (const [rest, location] of cases) {
    const reply = await app.inject({ url: `/go/www.example.test${rest}` });
    assert.equal(reply.statusCode, 307, rest);
    assert.equal(reply.headers.location, location);
    assert.equal(reply.headers['meridian-region'], 'eu-west');
    assert.equal(reply.headers['cache-control'], 'no-store');
  }
});

test('a name that is not steered is 404, and the client is the peer', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const reply = await app.inject({ url: '/go/nowhere.test/x', remoteAddress: '198.51.100.9' });
  assert.equal(reply.statusCode, 404);
  assert.equal(reply.json<{ code: string }>().code, 'service.unknown');
  assert.deepEqual(stage.api.asked.redirect, [
    { name: 'nowhere.test', peer: '198.51.100.9', affinity: undefined },
  ]);
});

test('a client that is held is given its cookie, and shows it again', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const first = await app.inject({ url: '/go/held.example.test/x' });
  assert.equal(
    first.headers['set-cookie'],
    'meridian-affinity=eu-west.1.x; Max-Age=60; Path=/go/held.example.test; HttpOnly; SameSite=Lax',
  );
  const cookie = 'a=b; meridian-affinity=eu-west.1.x; meridian-affinity=second';
  await app.inject({ url: '/go/www.example.test/x', headers: { cookie } });
  assert.deepEqual(
    stage.api.asked.redirect.map(({ affinity }) => affinity),
    [undefined, 'eu-west.1.x'],
  );
  const plain = await app.inject({ url: '/go/www.example.test/x' });
  assert.equal(plain.headers['set-cookie'], undefined);
});

/** Sends a request target as it is: clients that mean well would tidy it first. */
async function ask(port: number, target: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'latin1');
  return text(socket);
}

function locationIn(reply: string): string | undefined {
  return /^location: (.*)\r$/im.exec(reply)?.[1];
}

test('no request target leads out of the base URL', async (t) => {
  const stage = setStage();
  stage.api.target = new URL('https://eu.example.net/app');
  const port = await listen(t, stage);
  for (const rest of [
    '//evil.example',
    '///evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
    '/@evil.example',
    '/https://evil.example/',
    '/https:evil.example',
    '/..//evil.example',
    '/../../secret',
    '/%2e%2e/secret',
    '/.%2E/secret',
    '/a/..%2f..%2f..',
    '/%5c%5cevil.example',
    '/%2f%2fevil.example',
    '/%00',
    '/x#@evil.example',
    '/?x#//evil.example',
  ]) {
    const location = locationIn(await ask(port, `/go/www.example.test/${rest.slice(1)}`));
    assert.ok(location !== undefined, rest);
    const { origin, pathname } = new URL(location);
    assert.equal(origin, 'https://eu.example.net', rest);
    assert.ok(pathname.startsWith('/app/'), `${rest} led to ${location}`);
    assert.doesNotMatch(location, /[^\x21-\x7e]/);
  }
});

test('a target that is a whole URL leads where its path does', async (t) => {
  const stage = setStage();
  stage.api.target = new URL('https://eu.example.net/app');
  const port = await listen(t, stage);
  for (const head of ['http://evil.example', 'HTTPS://a.test:8443']) {
    for (const [rest, location] of [
      ['/abc?q', 'https://eu.example.net/app/abc?q'],
      ['/a%2Fb/', 'https://eu.example.net/app/a%2Fb/'],
      ['', 'https://eu.example.net/app/'],
    ] as const) {
      const reply = await ask(port, `${head}/go/www.example.test${rest}`);
      assert.equal(locationIn(reply), location);
    }
  }
});

test('a target that is not graphic ASCII is refused before any route sees it', async (t) => {
  const port = await listen(t, setStage());
  for (const rest of ['\xe9', '\x01', '\t', '\x7f', '?\xff']) {
    const reply = await ask(port, `/go/www.example.test/${rest}`);
    assert.match(reply, /^HTTP\/1\.1 400 /);
    assert.equal(locationIn(reply), undefined);
  }
});

test('any path at all leads to the configured host, below the configured path', async (t) => {
  const stage = setStage();
  stage.api.target = new URL('http://eu.example.net/app');
  const port = await listen(t, stage);
  const part = fc.oneof(
    fc.constantFrom('/', '\\', '..', '.', '%2e', '%2E', '%2f', '%5c', '@', ':', '?', '#', ';', '%'),
    fc.constantFrom('evil.example', 'http:', 'a', '%41', '"<>'),
  );
  const path = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(path, async (rest) => {
      const reply = await ask(port, `/go/www.example.test/${rest}`);
      const location = locationIn(reply);
      // A percent sign without its digits may be refused.
      if (location === undefined) return assert.match(reply, /^HTTP\/1\.1 400 /);
      const { host, pathname } = new URL(location);
      assert.equal(host, 'eu.example.net');
      assert.ok(pathname.startsWith('/app/'), location);
    }),
    { numRuns: 300 },
  );
});
