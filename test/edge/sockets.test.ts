// Sockets of this process, as the system tells of them.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { handedSockets, openSockets, socketsAt } from '../../src/edge/sockets.ts';
import type { Endpoint } from '../../src/model/settings.ts';

async function bindUdp(t: TestContext, host: string): Promise<Endpoint> {
  const isIpv6 = host.includes(':');
  const socket = createSocket({ type: isIpv6 ? 'udp6' : 'udp4', ipv6Only: isIpv6 });
  t.after(() => socket.close());
  socket.bind(0, host);
  await once(socket, 'listening');
  return { host, port: socket.address().port };
}

async function listenTcp(t: TestContext, host: string): Promise<Endpoint> {
  const server = createServer((socket) => socket.resume());
  t.after(() => server.close());
  server.listen({ port: 0, host, ipv6Only: true });
  await once(server, 'listening');
  return { host, port: (server.address() as AddressInfo).port };
}

describe('open sockets', () => {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) {
    test(`at ${host} are found by protocol, address and port`, async (t) => {
      const [udp, tcp] = [await bindUdp(t, host), await listenTcp(t, host)];
      const open = openSockets();
      assert.equal(socketsAt(open, 'udp', udp).length, 1);
      assert.equal(socketsAt(open, 'tcp', tcp).length, 1);
      assert.deepEqual(socketsAt(open, 'tcp', { ...tcp, host: '192.0.2.1' }), []);
      assert.notEqual(socketsAt(open, 'udp', udp)[0], socketsAt(open, 'tcp', tcp)[0]);
    });
  }

  test('are none of those that are connected', async (t) => {
    const door = await listenTcp(t, '127.0.0.1');
    const client = connect(door.port, door.host);
    t.after(() => client.destroy());
    await once(client, 'connect');
    assert.equal(socketsAt(openSockets(), 'tcp', door).length, 1);
    const { localPort = 0 } = client;
    assert.deepEqual(socketsAt(openSockets(), 'tcp', { ...door, port: localPort }), []);
  });

  test('that are the same address in another spelling are found', async (t) => {
    const udp = await bindUdp(t, '::1');
    assert.equal(socketsAt(openSockets(), 'udp', { ...udp, host: '0:0:0:0:0:0:0:1' }).length, 1);
  });
});

describe('handed sockets', () => {
  test('are those from descriptor 3 on, as many as it says', async (t) => {
    await bindUdp(t, '127.0.0.1');
    const all = openSockets();
    assert.ok(all.length > 0);
    const highest = Math.max(...all.map(({ fd }) => fd));
    assert.deepEqual(handedSockets({ LISTEN_FDS: String(highest - 2) }), all);
    assert.deepEqual(handedSockets({ LISTEN_FDS: String(highest + 100) }), all);
  });

  test('are none where nothing is said, or nonsense, or it is meant for another process', async (t) => {
    await bindUdp(t, '127.0.0.1');
    for (const env of [
      {},
      { LISTEN_FDS: '0' },
      { LISTEN_FDS: '-1' },
      { LISTEN_FDS: 'many' },
      { LISTEN_FDS: '1.5' },
      { LISTEN_FDS: '100', LISTEN_PID: '1' },
    ]) {
      assert.deepEqual(handedSockets(env), [], JSON.stringify(env));
    }
    const own = { LISTEN_FDS: '100', LISTEN_PID: String(process.pid) };
    assert.ok(handedSockets(own).length > 0);
  });
});
