// A link to a peer, before peers that are away, slow, endless, or no director at all.

import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openPeerLink, type PeerLink } from '../../src/edge/peer-link.ts';
import { createTrafficMeter } from '../../src/edge/traffic.ts';
import type { Clock } from '../../src/ports.ts';
import { selfSigned } from '../support/certificate.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listenOn } from '../support/loopback.ts';
import { freePort } from '../support/ports.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';

function link(
  t: TestContext,
  port: number,
  clock: Clock = realClock,
  scheme = 'http',
  traffic = createTrafficMeter(),
): PeerLink {
  const opened = openPeerLink(new URL(`${scheme}://127.0.0.1:${port}/v1/votes`), clock, traffic);
  t.after(() => opened.close());
  return opened;
}

test('one connection serves one call after the other, and a burst takes four', async (t) => {
  let connections = 0;
  let waiting = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++waiting);
    request.resume().on('end', () => {
      waiting--;
      response.end('fine');
    });
  });
  server.on('connection', () => connections++);
  const peer = link(t, await listenOn(t, server));
  for (let i = 0; i < 5; i++) assert.equal(await peer.ask(i % 2 === 0 ? undefined : 'x'), 'fine');
  assert.equal(connections, 1);
  const answers = await Promise.all(Array.from({ length: 40 }, () => peer.ask('x'.repeat(1000))));
  assert.deepEqual(new Set(answers), new Set(['fine']));
  assert.ok(connections <= 4, `${connections} connections`);
  assert.ok(most <= 4, `${most} at a time`);
});

test('octets both ways are counted, over every connection', async (t) => {
  const traffic = createTrafficMeter();
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('y'.repeat(2000)));
  });
  const peer = link(t, await listenOn(t, server), realClock, 'http', traffic);
  await Promise.all(Array.from({ length: 10 }, () => peer.ask('x'.repeat(1000))));
  const { read, written } = traffic.total();
  assert.ok(read > 20_000 && read < 25_000, `${read} octets read`);
  assert.ok(written > 10_000 && written < 15_000, `${written} octets written`);
});

test('a peer that never answers keeps no call waiting, and no connection', async (t) => {
  const clock = createFakeClock();
  let open = 0;
  const server = createTcpServer((socket) => {
    open++;
    socket.resume();
    socket.on('error', () => undefined).on('close', () => open--);
  });
  const peer = link(t, await listenOn(t, server), clock);
  let settled = 0;
  const calls = Array.from({ length: 10 }, async () => {
    const told = await peer.ask('x').then(String, String);
    settled++;
    return told;
  });
  await eventually('four connections are open', () => open === 4);
  await clock.advance(999);
  assert.equal(settled, 0);
  await clock.advance(1);
  assert.deepEqual(new Set(await Promise.all(calls)), new Set(['Error: no answer in time']));
  await eventually('all are closed', () => open === 0);
  assert.equal(clock.sleepers, 0);
});

test('what becomes of a call is told in words', async (t) => {
  const told = async (port: number, scheme?: string): Promise<string> =>
    link(t, port, realClock, scheme).ask().then(String, String);
  const answering = async (listener: RequestListener): Promise<string> =>
    told(await listenOn(t, createServer(listener)));
  const withStatus = (status: number): Promise<string> =>
    answering((_request, response) => response.writeHead(status).end('{"a":"b\u0007"}'));

  const free = await freePort();
  assert.equal(await told(free), 'Error: connection refused');
  assert.match(await withStatus(403), /refused the seal/);
  assert.match(await withStatus(404), /hands out no votes/);
  assert.match(await withStatus(429), /too many requests/);
  assert.equal(await withStatus(500), 'Error: it answered with status 500');
  assert.equal(
    await answering((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ),
    'Error: it answered with status 302',
  );
  assert.equal(
    await answering((_request, response) => response.socket?.destroy()),
    'Error: connection reset',
  );
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n';
  assert.equal(
    await answering((_request, response) => response.socket?.end(upgrade)),
    'Error: connection closed without an answer',
  );
  const { key, cert } = await selfSigned('localhost');
  const secure = createHttpsServer({ key, cert }, (_request, response) => response.end('fine'));
  assert.match(await told(await listenOn(t, secure), 'https'), /certificate/);
});

test('an answer without end is not waited for', async (t) => {
  const server = createServer((_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = (): void => void response.write(chunk, (error) => error ?? more());
    more();
  });
  const peer = link(t, await listenOn(t, server), createFakeClock());
  await assert.rejects(peer.ask(), /its answer is too long/);
});

test('closing ends the calls under way', async (t) => {
  const peer = link(t, await listenOn(t, createTcpServer()));
  const call = assert.rejects(peer.ask(), /closed/);
  peer.close();
  await call;
  await assert.rejects(peer.ask(), /closed/);
});
