// TLS over connections: who cannot shake hands, or will not, is let go.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { createEncrypt } from '../../src/edge/encrypted.ts';
import { fixedIdentity, selfSigned } from '../support/certificate.ts';
import { listenOn } from '../support/loopback.ts';

/** Sends back what it hears over TLS; the port, and every connection that was secured. */
async function startEcho(t: TestContext, patienceMs = 10_000) {
  const secured: Socket[] = [];
  const encrypt = createEncrypt(fixedIdentity(await selfSigned('dot.test')));
  const server = createServer((raw) => {
    raw.on('error', () => raw.destroy());
    encrypt(raw, patienceMs, (socket) => {
      secured.push(socket);
      socket.pipe(socket);
    });
  });
  return { port: await listenOn(t, server), secured };
}

test('what is said goes both ways', async (t) => {
  const { port, secured } = await startEcho(t);
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.write('hello');
  assert.equal(String((await once(socket, 'data'))[0]), 'hello');
  assert.equal(secured.length, 1);
  const closed = once(secured[0] as Socket, 'close');
  socket.destroy();
  await closed;
});

test('who says nothing is closed in time', async (t) => {
  const { port, secured } = await startEcho(t, 50);
  const socket = connect(port, '127.0.0.1');
  socket.resume();
  await once(socket, 'close');
  assert.deepEqual(secured, []);
});

test('who says something else is closed at once, with an alert at most', async (t) => {
  const { port, secured } = await startEcho(t);
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  assert.deepEqual(secured, []);
});

test('who speaks another protocol than DNS is refused (RFC 7301 §3.2)', async (t) => {
  const { port, secured } = await startEcho(t);
  const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] };
  const [error] = (await once(connectTls(options), 'error')) as [Error];
  assert.match(error.message, /no application protocol/);
  assert.deepEqual(secured, []);
});
