import assert from 'node:assert/strict';
import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { batchedSending } from '../../src/compose/workers/recruits.ts';
import { addressOf, formatEndpoint, startUdp, type UdpOptions } from '../../src/edge/udp.ts';
import { FaultError } from '../../src/model/fault.ts';
import { formatIp, parseIp } from '../../src/model/ip.ts';
import type { Peer } from '../../src/model/message.ts';
import type { BatchingData } from '../support/batching-thread.ts';
import { eventually } from '../support/eventually.ts';
import { canForge, sendForged } from '../support/forge.ts';
import { proxyHeader } from '../support/proxy.ts';

const local = { host: '127.0.0.1', port: 0 };

/** Sends back what came, and keeps note of who asked. */
function echo(): Pick<UdpOptions, 'respond'> & { peers: Peer[] } {
  const peers: Peer[] = [];
  return {
    peers,
    respond: (bytes, peer) => {
      peers.push(peer);
      return bytes;
    },
  };
}

function exchange(port: number, data: Uint8Array, host = '127.0.0.1'): Promise<Buffer> {
  const socket = createSocket(host === '::1' ? 'udp6' : 'udp4');
  return new Promise<Buffer>((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
    socket.send(data, port, host);
  }).finally(() => socket.close());
}

describe('startUdp', () => {
  test('hands over every datagram with its sender and sends the answer back', async () => {
    const { respond, peers } = echo();
    await using udp = await startUdp({ listen: local, respond, onSendError: () => assert.fail() });
    const answer = await exchange(udp.address.port, Buffer.from('any octets, DNS or not'));
    assert.equal(answer.toString(), 'any octets, DNS or not');
    assert.equal(peers[0]?.transport, 'udp');
    assert.equal(peers[0] && formatIp(peers[0].address), '127.0.0.1');
  });

  test('speaks IPv6', async () => {
    const { respond, peers } = echo();
    const listen = { host: '::1', port: 0 };
    await using udp = await startUdp({ listen, respond, onSendError: () => assert.fail() });
    assert.equal((await exchange(udp.address.port, Buffer.from('six'), '::1')).toString(), 'six');
    assert.equal(peers[0] && formatIp(peers[0].address), '::1');
  });

  test('says which address it cannot have', async () => {
    const { respond } = echo();
    await using udp = await startUdp({ listen: local, respond, onSendError: () => assert.fail() });
    await assert.rejects(
      startUdp({ listen: udp.address, respond, onSendError: () => assert.fail() }),
      (error) => error instanceof FaultError && /127\.0\.0\.1:\d+.*EADDRINUSE/.test(error.message),
    );
  });

  test('frees its port when disposed', async () => {
    const { respond } = echo();
    const udp = await startUdp({ listen: local, respond, onSendError: () => assert.fail() });
    await udp[Symbol.asyncDispose]();
    await using again = await startUdp({
      listen: udp.address,
      respond,
      onSendError: () => assert.fail(),
    });
    assert.equal(again.address.port, udp.address.port);
  });

  for (const execArgv of [[], [batchedSending]]) {
    test(`sends all that it has answered before it closes, ${execArgv.join() || 'as Node is'}`, async () => {
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const workerData: BatchingData = { gate, count: 50 };
      const thread = new URL('../support/batching-thread.ts', import.meta.url);
      const worker = new Worker(thread, { execArgv, workerData });
      const ended = once(worker, 'exit');
      const [port] = (await once(worker, 'message')) as [number];
      const socket = createSocket('udp4');
      const echoed = new Set<number>();
      socket.on('message', ([number]) => echoed.add(number as number));
      // Over loopback, what was sent has arrived.
      for (let i = 0; i < workerData.count; i++) {
        await new Promise((resolve) => socket.send(Uint8Array.of(i), port, '127.0.0.1', resolve));
      }
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      assert.deepEqual(await ended, [0]);
      await eventually('every reply has come', () => echoed.size === workerData.count);
      socket.close();
    });
  }

  test('while the kernel takes nothing, replies are dropped and counted rather than queued', async (t) => {
    const { respond } = echo();
    let dropped = 0;
    const onSendError = (replies: number): void => void (dropped += replies);
    await using udp = await startUdp({ listen: local, respond, onSendError });
    const queue = t.mock.method(Socket.prototype, 'getSendQueueCount', () => 100_000);
    const socket = createSocket('udp4');
    let echoed = 0;
    socket.on('message', () => void echoed++);
    const send = (): void => socket.send('x', udp.address.port, '127.0.0.1');
    for (let i = 0; i < 100; i++) send();
    await eventually('all were dropped', () => dropped === 100);
    assert.equal(echoed, 0);
    queue.mock.restore();
    for (let i = 0; i < 100; i++) send();
    await eventually('they are answered again', () => echoed > 80);
    await eventually('each was answered or counted', () => echoed + dropped === 200);
    socket.close();
  });

  test('a reply that cannot be sent is counted and harms nobody', async (t) => {
    if (!canForge) {
      t.diagnostic('not run: forging a source address needs root and perl');
      return;
    }
    const { respond, peers } = echo();
    let errors = 0;
    await using udp = await startUdp({ listen: local, respond, onSendError: () => void errors++ });
    // A broadcast source and port 0: dns2's own server ends the process at either.
    sendForged({ address: '127.255.255.255', port: 5353 }, udp.address.port, Buffer.from('x'));
    sendForged({ address: '127.0.0.1', port: 0 }, udp.address.port, Buffer.from('x'));
    await eventually('both have come', () => peers.length === 2);
    await eventually('the kernel has refused to send to broadcast', () => errors > 0);
    assert.equal((await exchange(udp.address.port, Buffer.from('fine'))).toString(), 'fine');
  });
});

describe('a proxy', () => {
  const source = '198.51.100.9';

  test('names the client of each datagram, and gets the answer', async () => {
    const { respond, peers } = echo();
    const options = {
      listen: local,
      respond,
      onSendError: () => assert.fail(),
      isProxy: () => true,
    };
    await using udp = await startUdp(options);
    for (const header of [{ source, port: 99 }, { command: 'local' }] as const) {
      const data = Buffer.concat([proxyHeader(header), Buffer.from('query')]);
      assert.equal((await exchange(udp.address.port, data)).toString(), 'query');
    }
    const [client, own] = peers;
    assert.deepEqual(client, { address: parseIp(source), port: 99, transport: 'udp' });
    assert.equal(own && formatIp(own.address), '127.0.0.1');
  });

  test('that names nobody is dropped and counted, one datagram at a time', async () => {
    const { respond, peers } = echo();
    let refused = 0;
    await using udp = await startUdp({
      listen: local,
      respond,
      onSendError: () => assert.fail(),
      isProxy: (address) => formatIp(address) === '127.0.0.1',
      onRefused: () => void refused++,
    });
    const header = proxyHeader({ source });
    const socket = createSocket('udp4');
    for (const data of [Buffer.from('query'), header.subarray(0, 20), Buffer.alloc(0)]) {
      socket.send(data, udp.address.port, '127.0.0.1');
    }
    await eventually('three were dropped', () => refused === 3);
    socket.close();
    const good = Buffer.concat([header, Buffer.from('query')]);
    assert.equal((await exchange(udp.address.port, good)).toString(), 'query');
    assert.equal(peers.length, 1);
  });

  test('is who the configuration names: from others a header is a part of the message', async () => {
    const { respond } = echo();
    const isProxy = (): boolean => false;
    await using udp = await startUdp({
      listen: local,
      respond,
      onSendError: () => assert.fail(),
      isProxy,
    });
    const data = Buffer.concat([proxyHeader({ source }), Buffer.from('query')]);
    assert.deepEqual(await exchange(udp.address.port, data), data);
  });
});

test('addressOf unwraps IPv4-mapped addresses and drops zones', () => {
  assert.equal(formatIp(addressOf('::ffff:192.0.2.1')), '192.0.2.1');
  assert.equal(formatIp(addressOf('fe80::1%eth0')), 'fe80::1');
  assert.equal(formatIp(addressOf('not an address')), '0.0.0.0');
});

test('formatEndpoint puts IPv6 addresses in brackets', () => {
  assert.equal(formatEndpoint({ host: '::1', port: 53 }), '[::1]:53');
  assert.equal(formatEndpoint({ host: '192.0.2.1', port: 53 }), '192.0.2.1:53');
});
