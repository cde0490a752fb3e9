// One message and its reply, over each transport, from servers that answer, that lie, and that do not.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { exchange } from '../../src/edge/dns-client.ts';
import { startDoh } from '../../src/edge/http/doh.ts';
import { startTcp } from '../../src/edge/tcp.ts';
import { startUdp } from '../../src/edge/udp.ts';
import { fixedIdentity, selfSigned } from '../support/certificate.ts';
import { setStage } from '../support/http-stage.ts';
import { listenOn } from '../support/loopback.ts';

const listen = { host: '127.0.0.1', port: 0 };
const query = Buffer.from('question');
const respond = () => Buffer.from('answer');
const isReply = (message: Uint8Array): boolean => String(message) === 'answer';
const never = new AbortController().signal;

test('UDP, TCP and TLS bring the same reply', async () => {
  const limits = { idleMs: 10_000 };
  const pair = await selfSigned('dot.test');
  const identity = fixedIdentity(pair);
  const checks = { ca: pair.cert, serverName: 'dot.test' };
  await using udp = await startUdp({ listen, respond, onSendError: () => assert.fail() });
  await using tcp = await startTcp({ listen, respond, limits });
  await using tls = await startTcp({ listen, respond, limits, identity });
  for (const [transport, { address: server }] of [
    ['udp', udp],
    ['tcp', tcp],
    ['tls', tls],
  ] as const) {
    const reply = await exchange({ server, transport, query, isReply, signal: never, checks });
    assert.equal(String(reply), 'answer', transport);
  }
});

test('a certificate must be signed by whom we trust and for whom we ask, unless nobody checks', async () => {
  const pair = await selfSigned('dot.test');
  const identity = fixedIdentity(pair);
  const limits = { idleMs: 10_000 };
  await using tls = await startTcp({ listen, respond, limits, identity });
  const doors = { ...setStage().doors, respond };
  await using https = await startDoh({ ...doors, listen, identity });
  const asDns = Buffer.from('000000000000000000000000', 'hex');
  for (const [transport, { address: server }] of [
    ['tls', tls],
    ['https', https],
  ] as const) {
    const asked = { server, transport, query: asDns, isReply, signal: never };
    await assert.rejects(exchange(asked), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, transport);
    const { cert: ca } = pair;
    const other = { ca, serverName: 'other.test' };
    const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
    await assert.rejects(exchange({ ...asked, checks: other }), { code }, transport);
    for (const checks of [{ ca, serverName: 'dot.test' }, { isOff: true }]) {
      assert.equal(String(await exchange({ ...asked, checks })), 'answer', transport);
    }
  }
});

async function listenUdp(t: TestContext) {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { socket, server: { host: '127.0.0.1', port: socket.address().port } };
}

test('what is not the reply is passed over, and a lost datagram sent again', async (t) => {
  const { socket, server } = await listenUdp(t);
  let heard = 0;
  socket.on('message', (_bytes, { port }) => {
    heard++;
    if (heard === 1) return;
    socket.send('a forgery', port, '127.0.0.1');
    socket.send('answer', port, '127.0.0.1');
  });
  const reply = await exchange({ server, transport: 'udp', query, isReply, signal: never });
  assert.equal(String(reply), 'answer');
  assert.equal(heard, 2);
});

test('who is silent is waited for no longer than the signal says', async (t) => {
  const { server } = await listenUdp(t);
  const port = await listenOn(t, createServer());
  for (const [transport, at] of [
    ['udp', server],
    ['tcp', { host: '127.0.0.1', port }],
    ['tls', { host: '127.0.0.1', port }],
    ['https', { host: '127.0.0.1', port }],
  ] as const) {
    const signal = AbortSignal.timeout(100);
    const asked = exchange({ server: at, transport, query, isReply, signal });
    await assert.rejects(asked, /timeout/, transport);
  }
});

test('who hangs up, or answers with something else, is told apart from silence', async (t) => {
  const port = await listenOn(
    t,
    createServer((socket) => socket.end('no DNS at all')),
  );
  const server = { host: '127.0.0.1', port };
  for (const transport of ['tcp', 'tls', 'https'] as const) {
    await assert.rejects(exchange({ server, transport, query, isReply, signal: never }));
  }
});
