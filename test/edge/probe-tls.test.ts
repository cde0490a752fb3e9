// The TLS probe against real servers whose certificates may be wrong.

import assert from 'node:assert/strict';
import { createServer as createTcpServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer, setDefaultCACertificates } from 'node:tls';
import { createProbe } from '../../src/edge/probe.ts';
import type { Sample } from '../../src/model/health.ts';
import type { TlsProbe } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { hungUp, type Running, start } from '../support/probed.ts';

const day = 86_400_000;
const never = new AbortController().signal;

function run(port: number, extra: Partial<TlsProbe> = {}, signal = never): Promise<Sample> {
  const spec: TlsProbe = {
    kind: 'tls',
    host: '127.0.0.1',
    port,
    serverName: undefined,
    verify: true,
    timeout: millis(20_000),
    ...extra,
  };
  return createProbe()(spec, signal);
}

describe('a handshake', () => {
  const asked: unknown[] = [];
  let certificate: Certificate;
  let server: Running;

  before(async () => {
    certificate = await selfSigned('www.example.test', 30);
    const SNICallback = (name: string, done: (error: null) => void): void => {
      asked.push(name);
      done(null);
    };
    server = await start(createServer({ ...certificate, SNICallback }));
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('with a chain that ends nowhere fails, and the connection is closed', async () => {
    const sample = await run(server.port, { serverName: 'www.example.test' });
    assert.deepEqual([sample.isHealthy, sample.reason], [false, 'self-signed certificate']);
    await hungUp(server);
  });

  test('is not checked where the operator says so, and still tells the days to expiry', async () => {
    const sample = await run(server.port, { verify: false });
    assert.deepEqual([sample.isHealthy, sample.reason], [true, '']);
    const days = (sample.expiresIn ?? 0) / day;
    assert.ok(days > 29.9 && days <= 30, `${days}`);
    await hungUp(server);
  });

  test('must show a certificate with the name that was asked for', async () => {
    setDefaultCACertificates([certificate.cert]);
    asked.length = 0;
    assert.equal((await run(server.port, { serverName: 'www.example.test' })).reason, '');
    const wrong = await run(server.port, { serverName: 'www.example.net' });
    assert.match(wrong.reason, /does not match certificate/);
    assert.deepEqual(asked, ['www.example.test', 'www.example.net']);
  });

  test('without a server name asks for the host, unless that is an address', async () => {
    setDefaultCACertificates([certificate.cert]);
    asked.length = 0;
    assert.match((await run(server.port, { host: 'localhost' })).reason, /localhost/);
    assert.match((await run(server.port)).reason, /127\.0\.0\.1/);
    assert.deepEqual(asked, ['localhost']);
  });

  test('with a certificate that has expired fails', async () => {
    const old = await selfSigned('www.example.test', -1);
    setDefaultCACertificates([old.cert]);
    await using expired = await start(createServer(old));
    const sample = await run(expired.port, { serverName: 'www.example.test' });
    assert.equal(sample.reason, 'certificate has expired');
    const unchecked = await run(expired.port, { verify: false });
    assert.ok((unchecked.expiresIn ?? 0) < 0);
  });
});

describe('no handshake', () => {
  test('in time is a timeout', async () => {
    await using server = await start(createTcpServer((socket) => socket.resume()));
    const sample = await run(server.port, { timeout: millis(150) });
    assert.equal(sample.reason, 'timed out after 150ms');
    await hungUp(server);
  });

  test('because of a hang-up, of plain text, or of a closed port is told', async () => {
    await using deaf = await start(createTcpServer((socket) => socket.end()));
    assert.equal((await run(deaf.port)).reason, 'connection reset');
    await using plain = await start(
      createTcpServer((socket) => {
        socket.end('SSH-2.0-OpenSSH_9.2\r\n');
        socket.resume();
      }),
    );
    assert.equal((await run(plain.port)).isHealthy, false);
    assert.equal((await run(1)).reason, 'connection refused');
  });

  test('once it is stopped', async () => {
    assert.equal((await run(1, {}, AbortSignal.abort())).reason, 'stopped');
  });
});
