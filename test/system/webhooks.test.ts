// Webhooks of a real director: a receiver that fails twice and then takes what it can verify.

import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';

const key = Buffer.alloc(32, 5);

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function receiver(t: TestContext, failures: number) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(received.length > failures ? 200 : 503).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** As a receiver would. */
function isSigned({ headers, body }: Received): boolean {
  const said = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const own = Buffer.from(createHmac('sha256', key).update(said).digest('base64'));
  const [version, mac = ''] = String(headers['webhook-signature']).split(',');
  const given = Buffer.from(mac);
  return version === 'v1' && given.length === own.length && timingSafeEqual(given, own);
}

test('a drain is told until the receiver takes it, under one id and signed each time', async (t) => {
  const { received, url } = await receiver(t, 2);
  using config = copyExampleConfig();
  const secret = `whsec_${key.toString('base64')}`;
  const hooks = `\nwebhooks:\n  - name: pager\n    url: { env: HOOK }\n    secrets: [${secret}]\n    events: [override, stopped]\n`;
  config.write('meridian.yaml', readFileSync(config.main, 'utf8') + hooks);
  await using director = await startDirectorProcess(config.main, { HOOK: url });
  const given = await fetch(`${director.http}/v1/overrides`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      region: 'eu-west',
      kind: 'drain',
      for: '10m',
      actor: 'alice',
      reason: 'swap',
    }),
  });
  const { id } = (await given.json()) as { id: string };
  assert.equal(given.status, 201);
  await eventually('the third try is made', () => received.length === 3);
  await eventually('it is known to be taken', () =>
    director.logs().some(({ event }) => event === 'webhook.recovered'),
  );
  for (const one of received) {
    assert.equal(one.headers['webhook-id'], `override-${id}-begun`);
    assert.ok(isSigned(one));
  }
  const { type, data } = JSON.parse(received[2]?.body ?? '') as Record<string, object>;
  assert.equal(type, 'override');
  assert.equal((data as { reason: string }).reason, 'swap');
  const metrics = await (await fetch(`${director.http}/metrics`)).text();
  assert.match(metrics, /meridian_webhook_messages_total\{hook="pager",outcome="sent"\} 1\n/);
  assert.match(metrics, /meridian_webhook_messages_total\{hook="pager",outcome="retried"\} 2\n/);
  assert.equal(await director.stop(), 0);
  const last = received.at(-1);
  assert.ok(last !== undefined && isSigned(last));
  assert.equal((JSON.parse(last.body) as { type: string }).type, 'stopped');
});
