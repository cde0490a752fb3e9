// Webhooks over real sockets: signed as the Standard Webhooks say, and bounded in every direction.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { postHook, signatureOf } from '../../src/edge/webhook-post.ts';
import { parsePrefix, type Prefix } from '../../src/model/ip.ts';
import { millis } from '../../src/model/time.ts';
import type { WebhookSettings } from '../../src/model/webhook.ts';

const never = new AbortController().signal;

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const old = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

async function receiver(
  t: TestContext,
  act: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<WebhookSettings> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => act(request, response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    name: 'a',
    url: `http://127.0.0.1:${port}/hook?key=1`,
    secrets: [secret, old],
    events: [],
    from: 'all',
    retryFor: millis(60_000),
    networks: undefined,
  };
}

const message = { id: 'event-1', body: '{"type":"verdict","reason":"ünrühig"}' };

test('the example of the specification is signed as it is there', () => {
  assert.equal(
    signatureOf(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}',
    ),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('a message is posted with its id, the time, and a signature by each secret', async (t) => {
  let seen: readonly [IncomingMessage, string] | undefined;
  const hook = await receiver(t, (request, response, body) => {
    seen = [request, body];
    response.writeHead(204).end();
  });
  assert.deepEqual(await postHook(hook, message, never), { isTaken: true });
  const [request, body] = seen ?? [];
  assert.equal(request?.method, 'POST');
  assert.equal(request.url, '/hook?key=1');
  assert.equal(body, message.body);
  const { headers } = request;
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['webhook-id'], 'event-1');
  const at = Number(headers['webhook-timestamp']);
  assert.ok(Math.abs(at - Date.now() / 1000) < 60);
  const expected = [7, 9].map((fill) => {
    const key = Buffer.alloc(fill === 7 ? 24 : 32, fill);
    const mac = createHmac('sha256', key).update(`event-1.${at}.${message.body}`);
    return `v1,${mac.digest('base64')}`;
  });
  assert.equal(headers['webhook-signature'], expected.join(' '));
});

test('every other status is a refusal, and a redirect is not followed', async (t) => {
  const asked: (string | undefined)[] = [];
  const hook = await receiver(t, (request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  const answer = await postHook(hook, message, never);
  assert.deepEqual(answer, {
    isTaken: false,
    reason: 'status 307, want 200 to 299',
    isRefused: false,
    retryAfter: undefined,
  });
  assert.deepEqual(asked, ['/hook?key=1']);
});

test('a status that finds fault with the message is told from one that does not', async (t) => {
  let status = 0;
  const hook = await receiver(t, (_, response) => void response.writeHead(status).end());
  const refusing: number[] = [];
  for (status of [300, 400, 401, 404, 408, 410, 422, 425, 429, 499, 500, 503]) {
    const answer = await postHook(hook, message, never);
    assert.ok(!answer.isTaken);
    if (answer.isRefused === true) refusing.push(status);
  }
  assert.deepEqual(refusing, [400, 401, 404, 410, 422, 499]);
});

test('a pause that the receiver asks for in seconds is told', async (t) => {
  const hook = await receiver(t, (_, response) => {
    response.writeHead(429, { 'retry-after': '30' }).end();
  });
  const answer = await postHook(hook, message, never);
  assert.ok(!answer.isTaken && answer.retryAfter === 30_000);
});

test('a body without end is not read to it', async (t) => {
  const hook = await receiver(t, (_, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  });
  assert.deepEqual(await postHook(hook, message, never), { isTaken: true });
});

test('a connection that is closed, or refused, is a reason without the address of the hook or its host', async (t) => {
  const hook = await receiver(t, (request) => void request.socket.destroy());
  const closed = await postHook(hook, message, never);
  assert.ok(!closed.isTaken && !closed.reason.includes('key=1'), JSON.stringify(closed));
  const nobody = await postHook({ ...hook, url: 'http://127.0.0.1:1/?key=1' }, message, never);
  assert.deepEqual(nobody, { isTaken: false, reason: 'ECONNREFUSED' });
  // No resolver needs to be asked for what is no name.
  const url = `http://${'x'.repeat(64)}.test/`;
  const unknown = await postHook({ ...hook, url }, message, never);
  assert.ok(!unknown.isTaken && /^E[A-Z_]+$/.test(unknown.reason), JSON.stringify(unknown));
});

test('it ends at once when the director does', async (t) => {
  const hook = await receiver(t, () => undefined);
  const stop = new AbortController();
  const answer = postHook(hook, message, stop.signal);
  stop.abort();
  assert.equal((await answer).isTaken, false);
});

test('a host outside the networks is not asked, by address or by name', async (t) => {
  let count = 0;
  const hook = await receiver(t, (_, response) => {
    count++;
    response.end();
  });
  const networks = [parsePrefix('192.0.2.0/24') as Prefix];
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
    const url = hook.url.replace('127.0.0.1', host);
    const answer = await postHook({ ...hook, url, networks }, message, never);
    const reason = 'the host lies outside webhooks[].networks';
    assert.deepEqual(answer, { isTaken: false, reason });
  }
  assert.equal(count, 0);
});
