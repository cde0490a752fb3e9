import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'node:test';
import { createTrafficMeter } from '../../src/edge/traffic.ts';

test('octets over several sockets are counted both ways, also once they have closed', async () => {
  const server = createServer((socket) => {
    socket.on('data', (bytes) => socket.write(Buffer.concat([bytes, bytes])));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const meter = createTrafficMeter();
  assert.deepEqual(meter.total(), { read: 0, written: 0 });
  for (const [i, size] of [10, 300].entries()) {
    const socket = connect(port, '127.0.0.1');
    meter.watch(socket);
    meter.watch(socket);
    socket.write(Buffer.alloc(size));
    let read = 0;
    while (read < 2 * size) read += ((await once(socket, 'data')) as [Buffer])[0].length;
    const sum = [10, 310][i] ?? 0;
    assert.deepEqual(meter.total(), { read: 2 * sum, written: sum });
    socket.destroy();
    await once(socket, 'close');
    assert.deepEqual(meter.total(), { read: 2 * sum, written: sum });
  }
  server.close();
});
