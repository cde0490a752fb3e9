// DNS over HTTP: messages in, messages out, as fresh as their records; over TLS with HTTP/2.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import { startDoh } from '../../../src/edge/http/doh.ts';
import { openIdentity } from '../../../src/edge/identity.ts';
import type { Peer } from '../../../src/model/message.ts';
import { selfSigned } from '../../support/certificate.ts';
import { settingsOf, shippedText } from '../../support/config.ts';
import { createDnsStage, plainSnapshot } from '../../support/dns-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { makeFolder } from '../../support/folder.ts';
import { openApp, setStage } from '../../support/http-stage.ts';
import { buildQuery } from '../../support/query.ts';
import { readReply } from '../../support/reply.ts';

const snapshot = plainSnapshot(settingsOf(shippedText()));
const mail = buildQuery({ name: 'mail.example.test' });
const media = 'application/dns-message';

function dohStage() {
  const dns = createDnsStage(snapshot);
  const stage = setStage();
  const respond = (bytes: Uint8Array, peer: Peer) => dns.send(bytes, peer);
  return { dns, stage: { ...stage, doors: { ...stage.doors, respond } } };
}

describe('/dns-query', () => {
  test('answers GET and POST alike, as fresh as the record (RFC 8484 §4.1, §5.1)', async (t) => {
    const { dns, stage } = dohStage();
    const app = await openApp(t, stage);
    const dnsText = Buffer.from(mail).toString('base64url');
    const got = await app.inject({ url: `/dns-query?dns=${dnsText}` });
    const posted = await app.inject({
      method: 'POST',
      url: '/dns-query',
      headers: { 'content-type': media },
      body: Buffer.from(mail),
    });
    for (const response of [got, posted]) {
      assert.equal(response.statusCode, 200);
      assert.equal(response.headers['content-type'], media);
      assert.equal(response.headers['cache-control'], 'private, max-age=3600');
      assert.deepEqual(
        readReply(response.rawPayload).answers.map(({ data }) => data),
        ['192.0.2.25'],
      );
    }
    assert.equal(dns.counters.received.https, 2);
  });

  test('gives NXDOMAIN and FORMERR as success of HTTP (§4.2.1)', async (t) => {
    const { stage } = dohStage();
    const app = await openApp(t, stage);
    const ask = async (bytes: Uint8Array) => {
      const { rawPayload, headers } = await app.inject({
        method: 'POST',
        url: '/dns-query',
        headers: { 'content-type': media },
        body: Buffer.from(bytes),
      });
      return `${readReply(rawPayload).rcode} ${headers['cache-control']}`;
    };
    assert.equal(
      await ask(buildQuery({ name: 'nobody.example.test' })),
      'NXDOMAIN private, max-age=30',
    );
    assert.equal(await ask(Uint8Array.from([...mail, 0])), 'FORMERR private, max-age=0');
  });

  const refused = [
    [
      'a parameter with padding',
      { url: `/dns-query?dns=${Buffer.from(mail).toString('base64url')}=` },
      400,
    ],
    ['no parameter', { url: '/dns-query' }, 400],
    [
      'a response',
      {
        url: `/dns-query?dns=${Buffer.from(mail.map((octet, i) => (i === 2 ? 0x80 : octet))).toString('base64url')}`,
      },
      400,
    ],
    [
      'another type',
      {
        method: 'POST',
        url: '/dns-query',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      },
      415,
    ],
    ['a body without a type', { method: 'POST', url: '/dns-query' }, 415],
    [
      'a long body',
      {
        method: 'POST',
        url: '/dns-query',
        headers: { 'content-type': media },
        body: Buffer.alloc(5000),
      },
      413,
    ],
    ['another method', { method: 'PUT', url: '/dns-query' }, 405],
  ] as const;
  for (const [words, request, status] of refused) {
    test(`refuses ${words} with ${status} and a problem document`, async (t) => {
      const { stage } = dohStage();
      const app = await openApp(t, stage);
      const response = await app.inject(request as InjectOptions);
      assert.equal(response.statusCode, status);
      assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    });
  }

  test('is not there where nobody answers DNS', async (t) => {
    const app = await openApp(t, setStage());
    assert.equal((await app.inject({ url: '/dns-query?dns=AAAA' })).statusCode, 404);
  });
});

test('over TLS it speaks HTTP/2 (§5.2), and has no other address', async (t) => {
  const { stage } = dohStage();
  const folder = await makeFolder(t);
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const { cert, key } = await selfSigned('doh.test');
  await writeFile(files.certificate, cert);
  await writeFile(files.key, key);
  const clock = createFakeClock();
  await using identity = await openIdentity({ ...files, clock, log: stage.log });
  await using server = await startDoh({
    ...stage.doors,
    listen: { host: '127.0.0.1', port: 0 },
    identity,
  });
  const client = connect(`https://127.0.0.1:${server.address.port}`, { rejectUnauthorized: false });
  const ask = async (path: string): Promise<string> => {
    const request = client.request({ ':path': path });
    const [headers] = (await once(request, 'response')) as [Record<string, unknown>];
    request.resume();
    await once(request, 'end');
    return `${String(headers[':status'])} ${String(headers['content-type'])}`;
  };
  const query = Buffer.from(mail).toString('base64url');
  assert.equal(await ask(`/dns-query?dns=${query}`), `200 ${media}`);
  assert.match(await ask('/v1/overrides'), /^404 /);
  client.close();
  await once(client, 'close');
});
