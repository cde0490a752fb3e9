// A TCP server that stops: nobody who has just come is turned away without an answer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { prepareLeave } from '../../src/edge/tcp-leave.ts';

/** Echoes; each piece that comes counts as a question. */
async function startEcho() {
  const sockets = new Set<Socket>();
  const leave = prepareLeave(sockets);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      leave.onQuery(socket);
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const enter = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await once(server, 'connection');
    return socket;
  };
  return { enter, leave: () => leave.close(server) };
}

describe('a server that stops', () => {
  test('answers whoever has come and not asked yet, and is closed then', async () => {
    const { enter, leave } = await startEcho();
    const client = await enter();
    const left = leave();
    client.write('late');
    const [chunk] = await once(client, 'data');
    assert.equal(String(chunk), 'late');
    await left;
  });

  test('closes the connection of whoever was answered before', async () => {
    const { enter, leave } = await startEcho();
    const client = await enter();
    client.write('early');
    await once(client, 'data');
    await Promise.all([once(client, 'end'), leave()]);
  });

  test('does not wait for ever for whoever says nothing', async () => {
    const { enter, leave } = await startEcho();
    const client = await enter();
    client.resume();
    await leave();
  });
});
