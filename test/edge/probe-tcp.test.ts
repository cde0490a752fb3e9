// The TCP probe against real sockets on loopback.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createProbe } from '../../src/edge/probe.ts';
import type { TcpProbe } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';

const never = new AbortController().signal;

function probeOf(port: number, extra: Partial<TcpProbe> = {}): TcpProbe {
  return {
    kind: 'tcp',
    host: '127.0.0.1',
    port,
    timeout: millis(20_000),
    ...extra,
  };
}

test('a port that takes a connection is healthy, and the connection is closed again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = once(server, 'connection') as Promise<[Socket]>;
  const sample = await createProbe()(probeOf((server.address() as AddressInfo).port), never);
  assert.deepEqual([sample.isHealthy, sample.reason], [true, '']);
  const [socket] = await taken;
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  server.close();
  await once(server, 'close');
});

test('a port nobody listens on is refused', async () => {
  const sample = await createProbe()(probeOf(1), never);
  assert.deepEqual([sample.isHealthy, sample.reason], [false, 'connection refused']);
});

test('a port that cannot exist is a failure, not a crash', async () => {
  const sample = await createProbe()(probeOf(70_000), never);
  assert.equal(sample.isHealthy, false);
  assert.match(sample.reason, /port/i);
});

test('a stopped probe settles', async () => {
  const sample = await createProbe()(probeOf(1), AbortSignal.abort());
  assert.deepEqual([sample.isHealthy, sample.reason], [false, 'stopped']);
});
