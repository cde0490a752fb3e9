// The HTTPS probe against a real server whose certificate may be wrong in several ways.

import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { type Running, run, start } from '../support/probed.ts';

describe('HTTPS', () => {
  let certificate: Certificate;
  let server: Running;

  before(async () => {
    certificate = await selfSigned('www.example.test');
    server = await start(createServer(certificate, (_, response) => response.end('ok')));
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('a chain that ends nowhere is a failure with its reason', async () => {
    const sample = await run(`https://127.0.0.1:${server.port}/`);
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'self-signed certificate']);
  });

  test('nothing is checked where the operator says so', async () => {
    const sample = await run(`https://127.0.0.1:${server.port}/`, { verify: false });
    assert.deepEqual([sample.isHealthy, sample.reason], [true, '']);
  });

  test('the answer tells for how long the certificate is still valid', async () => {
    const url = `https://127.0.0.1:${server.port}/`;
    const { expiresIn = 0 } = await run(url, { verify: false });
    assert.ok(expiresIn > 86_000_000 && expiresIn <= 86_400_000, `${expiresIn}`);
    const failed = await run(url, { verify: false, statuses: [204] });
    assert.equal(failed.isHealthy, false);
    assert.ok((failed.expiresIn ?? 0) > 86_000_000);
  });

  test('a trusted certificate must also have the right name: that of the Host header, if set', async () => {
    setDefaultCACertificates([certificate.cert]);
    const url = `https://127.0.0.1:${server.port}/`;
    assert.match((await run(url)).reason, /IP: 127\.0\.0\.1 is not in the cert/);
    const right = await run(url, { headers: { Host: 'www.example.test' }, contains: 'ok' });
    assert.equal(right.reason, '');
    const wrong = await run(url, { headers: { Host: 'www.example.net' } });
    assert.match(wrong.reason, /does not match certificate/);
  });

  test('an expired certificate is a failure', async () => {
    const old = await selfSigned('www.example.test', -1);
    await using expired = await start(createServer(old, (_, response) => response.end()));
    setDefaultCACertificates([old.cert]);
    const headers = { Host: 'www.example.test' };
    const sample = await run(`https://127.0.0.1:${expired.port}/`, { headers });
    assert.equal(sample.reason, 'certificate has expired');
  });
});
