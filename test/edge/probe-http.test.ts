// The HTTP probe against real servers on loopback, friendly and hostile.

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { readPattern } from '../../src/config/pattern.ts';
import type { Pattern } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { hungUp, run, start, web } from '../support/probed.ts';

function pattern(source: string): Pattern {
  const read = readPattern(source);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

describe('an answer', () => {
  test('with a wanted status is healthy and has a latency', async () => {
    await using server = await web((_, response) => response.end('ok'));
    const sample = await run(`http://127.0.0.1:${server.port}/healthz`);
    assert.deepEqual([sample.isHealthy, sample.reason], [true, '']);
    const { latency = -1 } = sample;
    assert.ok(latency >= 0 && Number.isInteger(latency));
    await hungUp(server);
  });

  test('with another status says what came and what is wanted', async () => {
    await using server = await web((_, response) => response.writeHead(503).end());
    const url = `http://127.0.0.1:${server.port}/`;
    const sample = await run(url);
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'status 503, want 200']);
    assert.equal((await run(url, { statuses: [200, 204] })).reason, 'status 503, want 200 or 204');
    assert.equal((await run(url, { statuses: [503] })).isHealthy, true);
  });

  test('that redirects is not followed', async () => {
    let requests = 0;
    await using server = await web((_, response) => {
      requests++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const sample = await run(`http://127.0.0.1:${server.port}/`);
    assert.equal(sample.reason, 'status 302, want 200');
    assert.equal(requests, 1);
  });
});

test('the request carries the method, path, headers and name of the probe, alone on its connection', async () => {
  const seen: unknown[] = [];
  await using server = await web(({ method, url, headers }, response) => {
    seen.push({ method, url, ...headers });
    response.end();
  });
  const url = `http://127.0.0.1:${server.port}/health?deep=1`;
  const headers = { Host: 'www.example.test', 'X-Check': 'yes' };
  await run(url, { method: 'HEAD', headers });
  await run(url, { headers: { 'User-Agent': 'mine' } });
  assert.deepEqual(seen[0], {
    method: 'HEAD',
    url: '/health?deep=1',
    host: 'www.example.test',
    'x-check': 'yes',
    'user-agent': 'meridian',
    connection: 'close',
  });
  assert.equal((seen[1] as Record<string, string>)['user-agent'], 'mine');
  assert.equal(server.sockets.length, 2);
});

describe('a body match', () => {
  test('finds the wanted text, also beyond ASCII and across chunks', async () => {
    await using server = await web((_, response) => {
      const bytes = Buffer.from('status: alles grün');
      response.write(bytes.subarray(0, 16));
      setImmediate(() => response.end(bytes.subarray(16)));
    });
    const url = `http://127.0.0.1:${server.port}/`;
    assert.equal((await run(url, { contains: 'alles grün' })).reason, '');
    const other = await run(url, { contains: 'grüner' });
    assert.equal(other.reason, 'body does not contain "grüner"');
  });

  test('looks at no more than 64 KiB, and hangs up on a body without end', async () => {
    await using server = await web((_, response) => {
      response.write(`${'x'.repeat(65_530)}insideoutside`);
      const pour = setInterval(() => response.write('outside'), 1);
      response.on('close', () => clearInterval(pour));
    });
    const url = `http://127.0.0.1:${server.port}/`;
    assert.equal((await run(url, { contains: 'inside' })).reason, '');
    assert.equal((await run(url, { contains: 'outside' })).isHealthy, false);
    await hungUp(server);
  });

  test('finds what a pattern describes, and wants both where both are given', async () => {
    await using server = await web((_, response) => response.end('status: grün'));
    const url = `http://127.0.0.1:${server.port}/`;
    const matches = pattern('gr.n$');
    assert.equal((await run(url, { matches })).reason, '');
    assert.equal((await run(url, { matches, contains: 'status' })).reason, '');
    const one = await run(url, { matches: pattern('^gr'), contains: 'status' });
    assert.equal(one.reason, 'body does not match ^gr');
    const other = await run(url, { matches, contains: 'state' });
    assert.equal(other.reason, 'body does not contain "state"');
  });

  test('shows a pattern no more than 64 KiB', async () => {
    const body = `${'x'.repeat(65_536)}outside`;
    await using server = await web((_, response) => response.end(body));
    const url = `http://127.0.0.1:${server.port}/`;
    assert.equal((await run(url, { matches: pattern('x$') })).reason, '');
    assert.equal((await run(url, { matches: pattern('outside') })).isHealthy, false);
  });

  test('fails when the body breaks off', async () => {
    await using server = await web((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('ok', () => response.destroy());
    });
    const sample = await run(`http://127.0.0.1:${server.port}/`, { contains: 'ok' });
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'connection reset']);
  });
});

describe('time', () => {
  const timeout = millis(150);

  test('runs out on a server that takes the connection and says nothing', async () => {
    await using server = await start(createServer((socket) => socket.resume()));
    const sample = await run(`http://127.0.0.1:${server.port}/`, { timeout });
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'timed out after 150ms']);
    await hungUp(server);
  });

  test('covers a body that drips', async () => {
    await using server = await web((_, response) => {
      const drip = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(drip));
    });
    const sample = await run(`http://127.0.0.1:${server.port}/`, { timeout, contains: 'ok' });
    assert.equal(sample.reason, 'timed out after 150ms');
    await hungUp(server);
  });

  test('covers headers that drip', async () => {
    await using server = await start(
      createServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 5);
        socket.on('close', () => clearInterval(drip));
        socket.resume();
      }),
    );
    const sample = await run(`http://127.0.0.1:${server.port}/`, { timeout });
    assert.equal(sample.reason, 'timed out after 150ms');
    await hungUp(server);
  });

  test('covers a TLS handshake that never comes', async () => {
    await using server = await start(createServer((socket) => socket.resume()));
    const sample = await run(`https://127.0.0.1:${server.port}/`, { timeout });
    assert.equal(sample.reason, 'timed out after 150ms');
    await hungUp(server);
  });
});

describe('stopping', () => {
  test('ends a probe under way at once', async () => {
    await using server = await web(() => {});
    const stop = new AbortController();
    const probing = run(`http://127.0.0.1:${server.port}/`, {}, stop.signal);
    while (server.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const sample = await probing;
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'stopped']);
    await hungUp(server);
  });

  test('is no longer listened for once a probe has ended', async () => {
    await using server = await web((_, response) => response.end());
    const { signal } = new AbortController();
    await run(`http://127.0.0.1:${server.port}/`, {}, signal);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });

  test('beforehand makes no request', async () => {
    await using server = await web((_, response) => response.end());
    const sample = await run(`http://127.0.0.1:${server.port}/`, {}, AbortSignal.abort());
    assert.equal(sample.reason, 'stopped');
  });
});

describe('trouble in words', () => {
  test('refused, also when a name has several addresses', async () => {
    assert.equal((await run('http://127.0.0.1:1/')).reason, 'connection refused');
    assert.equal((await run('http://localhost:1/')).reason, 'connection refused');
  });

  test('hung up before an answer', async () => {
    await using server = await start(createServer((socket) => socket.destroy()));
    assert.equal((await run(`http://127.0.0.1:${server.port}/`)).reason, 'connection reset');
  });

  const hostile: [string, string, RegExp][] = [
    ['not HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', /Parse Error/],
    ['headers without bounds', `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(9999)}`, /header too large/],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      /./,
    ],
  ];
  for (const [title, text, reason] of hostile) {
    test(title, async () => {
      await using server = await start(
        createServer((socket) => {
          socket.write(text);
          socket.resume();
        }),
      );
      const sample = await run(`http://127.0.0.1:${server.port}/`);
      assert.equal(sample.isHealthy, false);
      assert.match(sample.reason, reason);
      await hungUp(server);
    });
  }

  test('a header that cannot be sent is a failure, not a crash', async () => {
    const sample = await run('http://127.0.0.1:1/', { headers: { 'X-Bad': 'a\r\nb' } });
    assert.equal(sample.isHealthy, false);
    assert.match(sample.reason, /Invalid character/);
  });

  test('is one short line without control characters', async () => {
    await using server = await web((_, response) => response.end());
    const contains = `a\r\nb\u0007${'c'.repeat(1000)}`;
    const { reason } = await run(`http://127.0.0.1:${server.port}/`, { contains });
    assert.ok(reason.length <= 160);
    assert.match(reason, /^body does not contain "a b c+$/);
  });
});
