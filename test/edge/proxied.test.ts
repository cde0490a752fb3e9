// Connections of proxies: the header first, then the client's own words, over TCP and over TLS.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { startTcp, type TcpOptions, type TcpServer } from '../../src/edge/tcp.ts';
import { formatIp } from '../../src/model/ip.ts';
import type { Peer } from '../../src/model/message.ts';
import { fixedIdentity, selfSigned } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { proxyHeader } from '../support/proxy.ts';

const source = '198.51.100.9';
const message = Buffer.from('00026869', 'hex');

interface Stage extends AsyncDisposable {
  readonly server: TcpServer;
  readonly peers: Peer[];
  readonly refused: () => number;
}

/** A server to which everybody is a proxy, unless told otherwise. */
async function stageOf(
  options: Partial<Pick<TcpOptions, 'identity' | 'isProxy'>> = {},
  limits: Partial<TcpOptions['limits']> = {},
): Promise<Stage> {
  const peers: Peer[] = [];
  let refused = 0;
  const server = await startTcp({
    listen: { host: '127.0.0.1', port: 0 },
    respond: (bytes, peer) => {
      peers.push(peer);
      return bytes;
    },
    limits: { idleMs: 10_000, ...limits },
    isProxy: () => true,
    onRefused: () => void refused++,
    ...options,
  });
  const close = () => server[Symbol.asyncDispose]();
  return { server, peers, refused: () => refused, [Symbol.asyncDispose]: close };
}

async function open({ server }: Stage): Promise<Socket> {
  const socket = connect({ port: server.address.port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function reply(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('hex');
}

/** Resolves once the other side has closed; nothing may have been said before. */
async function closed(socket: Socket): Promise<void> {
  socket.on('data', () => assert.fail('something was answered'));
  // Not by `once`, which takes a reset of what is still written for a failure.
  await new Promise((resolve) => socket.once('close', resolve));
}

describe('a connection of a proxy', () => {
  test('is that of the client from its first message on', async () => {
    await using stage = await stageOf();
    const socket = await open(stage);
    socket.write(Buffer.concat([proxyHeader({ source, port: 99 }), message]));
    assert.equal(await reply(socket), '00026869');
    socket.write(message);
    assert.equal(await reply(socket), '00026869');
    socket.destroy();
    const clients = stage.peers.map(({ address, port }) => `${formatIp(address)} ${port}`);
    assert.deepEqual(clients, [`${source} 99`, `${source} 99`]);
    assert.equal(stage.refused(), 0);
  });

  test('may bring its header octet by octet, and the message later', async () => {
    await using stage = await stageOf();
    const socket = await open(stage);
    for (const octet of proxyHeader({ source })) {
      socket.write(Buffer.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(message);
    assert.equal(await reply(socket), '00026869');
    socket.destroy();
    assert.equal(stage.peers[0] && formatIp(stage.peers[0].address), source);
  });

  test('is its own where it says so, as when it looks whether we are there', async () => {
    await using stage = await stageOf();
    const socket = await open(stage);
    socket.write(Buffer.concat([proxyHeader({ command: 'local' }), message]));
    assert.equal(await reply(socket), '00026869');
    socket.destroy();
    assert.equal(stage.peers[0] && formatIp(stage.peers[0].address), '127.0.0.1');
  });

  test('without a header is closed and counted', async () => {
    await using stage = await stageOf();
    const socket = await open(stage);
    socket.write(message);
    await closed(socket);
    assert.equal(stage.refused(), 1);
    assert.deepEqual(stage.peers, []);
  });

  test('that never ends its header is closed and counted, however busily it drips', async () => {
    await using stage = await stageOf({}, { openingMs: 100 });
    const socket = await open(stage);
    const octets = proxyHeader({ source, notes: Array<number>(900).fill(0) }).values();
    const drip = setInterval(() => socket.write(Buffer.of(octets.next().value ?? 0)), 10);
    await closed(socket);
    clearInterval(drip);
    assert.equal(stage.refused(), 1);
  });

  test('that ends before it has said anything is no refusal', async () => {
    await using stage = await stageOf();
    const socket = await open(stage);
    socket.end();
    await closed(socket);
    await eventually('it is forgotten', () => stage.server.connections() === 0);
    assert.equal(stage.refused(), 0);
  });

  test('counts for its client, not for the proxy', async () => {
    await using stage = await stageOf({}, { perClient: 1 });
    const sockets = [await open(stage), await open(stage), await open(stage)];
    const [first, second, third] = sockets;
    assert.ok(first && second && third);
    first.write(Buffer.concat([proxyHeader({ source }), message]));
    await reply(first);
    second.write(Buffer.concat([proxyHeader({ source: '198.51.100.10' }), message]));
    await reply(second);
    third.write(Buffer.concat([proxyHeader({ source }), message]));
    await closed(third);
    for (const socket of sockets) socket.destroy();
  });
});

test('from others a header is no message', async () => {
  await using stage = await stageOf({ isProxy: () => false });
  const socket = await open(stage);
  socket.end(Buffer.concat([proxyHeader({ source }), message]));
  await closed(socket);
  assert.deepEqual(stage.peers, []);
  assert.equal(stage.refused(), 0);
});

describe('over TLS', () => {
  test('the header comes before the handshake', async () => {
    await using stage = await stageOf({ identity: fixedIdentity(await selfSigned('dot.test')) });
    const raw = await open(stage);
    raw.write(proxyHeader({ source }));
    const socket = connectTls({ socket: raw, rejectUnauthorized: false, ALPNProtocols: ['dot'] });
    socket.write(message);
    assert.equal(await reply(socket), '00026869');
    assert.equal(socket.alpnProtocol, 'dot');
    socket.destroy();
    assert.deepEqual(
      stage.peers.map(({ address, transport }) => `${formatIp(address)} ${transport}`),
      [`${source} tls`],
    );
  });

  test('and may come in one piece with the start of it', async () => {
    await using stage = await stageOf({ identity: fixedIdentity(await selfSigned('dot.test')) });
    const raw = await open(stage);
    raw.cork();
    raw.write(proxyHeader({ source }));
    const socket = connectTls({ socket: raw, rejectUnauthorized: false });
    setImmediate(() => raw.uncork());
    socket.write(message);
    assert.equal(await reply(socket), '00026869');
    socket.destroy();
  });
});
