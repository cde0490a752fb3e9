// The identity of a server: read, renewed while it runs, and kept when the new one cannot be used.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { type Identity, type KeyPair, openIdentity } from '../../src/edge/identity.ts';
import { startTcp } from '../../src/edge/tcp.ts';
import { FaultError } from '../../src/model/fault.ts';
import { selfSigned } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { noon } from '../support/fleet.ts';
import { makeFolder } from '../support/folder.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';

interface Stage {
  readonly clock: FakeClock;
  readonly log: RecordLog;
  readonly identity: Identity;
  write(pair: Partial<KeyPair>): Promise<void>;
}

async function stageWith(t: TestContext, pair: KeyPair): Promise<Stage> {
  const folder = await makeFolder(t);
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const write = async (texts: Partial<KeyPair>): Promise<void> => {
    if (texts.cert !== undefined) await writeFile(certificate, texts.cert);
    if (texts.key !== undefined) await writeFile(key, texts.key);
  };
  await write(pair);
  const clock = createFakeClock(noon);
  const log = createRecordLog();
  const identity = await openIdentity({ certificate, key, clock, log });
  t.after(() => identity[Symbol.asyncDispose]());
  return { clock, log, identity, write };
}

/** The name that a TLS server shows, and the protocol that was agreed on. */
async function shown(port: number): Promise<string> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: ['dot'],
  });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return `${String(subject.CN)} ${socket.alpnProtocol}`;
}

test('DNS over TLS shows the certificate, and the new one once it was renewed', async (t) => {
  const [one, two] = [await selfSigned('one.test'), await selfSigned('two.test')];
  const stage = await stageWith(t, one);
  await using server = await startTcp({
    listen: { host: '127.0.0.1', port: 0 },
    respond: (bytes) => bytes,
    identity: stage.identity,
    limits: { idleMs: 10_000 },
  });
  assert.equal(await shown(server.address.port), 'one.test dot');
  const renewed = new Promise<void>((resolve) => stage.identity.onChange(() => resolve()));
  await stage.write(two);
  await stage.clock.advance(61_000);
  await renewed;
  assert.equal(await shown(server.address.port), 'two.test dot');
});

test('a message is answered over TLS as over TCP, and told apart', async (t) => {
  const stage = await stageWith(t, await selfSigned('one.test'));
  const transports: string[] = [];
  await using server = await startTcp({
    listen: { host: '127.0.0.1', port: 0 },
    respond: (bytes, peer) => {
      transports.push(peer.transport);
      return bytes;
    },
    identity: stage.identity,
    limits: { idleMs: 10_000 },
  });
  const socket = connect({
    port: server.address.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  socket.write(Buffer.from('00026869', 'hex'));
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  assert.equal(chunk.toString('hex'), '00026869');
  assert.deepEqual(transports, ['tls']);
});

test('files that do not fit are refused at the start, in words', async (t) => {
  const [one, two] = [await selfSigned('one.test'), await selfSigned('two.test')];
  await assert.rejects(stageWith(t, { cert: one.cert, key: two.key }), (error) => {
    assert.ok(error instanceof FaultError);
    assert.equal(error.fault.code, 'tls.unusable');
    assert.match(error.fault.message, /^cannot use .*cert.pem with .*key.pem: /);
    return true;
  });
});

test('and later leave the last good pair in force, told once', async (t) => {
  const [one, two] = [await selfSigned('one.test'), await selfSigned('two.test')];
  const stage = await stageWith(t, one);
  await stage.write({ cert: two.cert });
  await stage.clock.advance(61_000);
  await eventually('it is told', () => stage.log.lines.includes('error tls.unusable'));
  assert.equal(stage.identity.current().cert, one.cert);
  await stage.write({ key: two.key });
  await stage.clock.advance(61_000);
  await eventually('it is renewed', () => stage.log.lines.includes('info certificate.renewed'));
  assert.equal(stage.identity.current().cert, two.cert);
  assert.deepEqual(stage.log.lines, ['error tls.unusable', 'info certificate.renewed']);
});
