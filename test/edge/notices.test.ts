// Notices over real sockets: the answer is one of whom was asked, or there is none.

import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { describe, test, type TestContext } from 'node:test';
import { createNotices } from '../../src/edge/notices.ts';
import { freePort } from '../support/ports.ts';

const never = new AbortController().signal;
const send = createNotices([{ host: '127.0.0.1', port: 53 }]);
const notice = Buffer.from('notice');
const isPong = (bytes: Uint8Array): boolean => Buffer.from(bytes).toString() === 'pong';

/** A server on loopback that does this with every datagram. */
async function server(
  t: TestContext,
  act: (data: Buffer, from: RemoteInfo, say: (text: string) => void) => void,
): Promise<{ host: string; port: number }> {
  const socket = createSocket('udp4');
  socket.on('message', (data, from) => {
    act(data, from, (text) => socket.send(text, from.port, from.address));
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { host: '127.0.0.1', port: socket.address().port };
}

describe('a notice over UDP', () => {
  test('comes from the address that this director answers at, and gets the answer', async (t) => {
    const froms: string[] = [];
    const to = await server(t, (data, from, say) => {
      froms.push(`${String(data)} from ${from.address}`);
      say('pong');
    });
    assert.deepEqual(
      Buffer.from((await send(to, notice, isPong, never)) ?? ''),
      Buffer.from('pong'),
    );
    assert.deepEqual(froms, ['notice from 127.0.0.1']);
  });

  test('passes over what is no answer', async (t) => {
    const to = await server(t, (_data, _from, say) => {
      say('other');
      say('pong');
    });
    assert.ok(typeof (await send(to, notice, isPong, never)) === 'object');
  });

  test('hears nobody but whom it has asked', async (t) => {
    const stranger = createSocket('udp4');
    t.after(() => stranger.close());
    const stop = new AbortController();
    const to = await server(t, (_data, from) => {
      stranger.send('pong', from.port, from.address, () => setImmediate(() => stop.abort()));
    });
    assert.equal(await send(to, notice, isPong, stop.signal), undefined);
  });

  test('says what the network says', async () => {
    const port = await freePort();
    assert.match(String(await send({ host: '127.0.0.1', port }, notice, isPong, never)), /REFUSED/);
  });

  test('is over at once when it is stopped', async (t) => {
    const to = await server(t, () => undefined);
    assert.equal(await send(to, notice, isPong, AbortSignal.abort()), undefined);
  });
});
