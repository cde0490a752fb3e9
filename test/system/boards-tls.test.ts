// One director and a Redis that speaks TLS alone, with certificates of a private authority.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { createAuthority } from '../support/authority.ts';
import type { Certificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import { makeFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { startRedisAt } from '../support/redis.ts';
import { startSentinels } from '../support/sentinels.ts';
import { linesOf, startSolo } from '../support/solo.ts';
import { startProxy } from '../support/tcp-proxy.ts';

test('a board over TLS: who has the wrong certificate is not talked to, and the log says why', async (t) => {
  const folder = await makeFolder(t);
  const path = (name: string): string => join(folder, name);
  await using ours = await createAuthority('ours');
  await using theirs = await createAuthority('theirs');
  const put = async ({ key, cert }: Certificate): Promise<void> => {
    await writeFile(path('key'), key);
    await writeFile(path('cert'), cert);
  };
  const right = await ours.issue('localhost');
  await put(right);
  await writeFile(path('ca'), ours.ca);
  const port = await freePort();
  const tls = `--port 0 --tls-port ${port} --tls-cert-file ${path('cert')} --tls-key-file ${path('key')} --tls-ca-cert-file ${path('ca')}`;
  await using _redis = await startRedisAt({ port, prefix: [], args: tls.split(' ') });

  // The same Redis by other ports, so that the log tells one board from another.
  await using proxies = new AsyncDisposableStack();
  const boards: string[] = [];
  const names: string[] = [];
  const shown = 'cert: { file: cert }, key: { file: key }';
  for (const each of [
    `ca: { file: ca }, ${shown}`,
    shown,
    `ca: { file: ca }, ${shown}, serverName: redis.example`,
    'ca: { file: ca }',
  ]) {
    const proxy = proxies.use(await startProxy(port));
    names.push(`localhost:${proxy.port}`);
    boards.push(`{ url: "rediss://localhost:${proxy.port}", tls: { ${each} } }`);
  }
  const files = `tls-cert-file ${path('cert')}\ntls-key-file ${path('key')}\ntls-ca-cert-file ${path('ca')}`;
  await using sentinels = await startSentinels('board', port, (each) => {
    return `port 0\ntls-port ${each}\ntls-replication yes\n${files}`;
  });
  const [watcher = 0] = sentinels.ports;
  names.push(`sentinel board 127.0.0.1:${watcher}`);
  // They tell addresses, while certificates have names.
  const watched = `sentinel: { name: board, nodes: ["127.0.0.1:${watcher}"] }`;
  boards.push(`{ ${watched}, tls: { ca: { file: ca }, ${shown}, serverName: localhost } }`);
  const own = await ours.issue('director.example');
  await using solo = await startSolo(boards, { ca: ours.ca, cert: own.cert, key: own.key });
  const { director } = solo;
  const reasonOf = (board = ''): string => {
    const line = linesOf(director, 'board.lost').find((entry) => entry['board'] === board);
    return line === undefined ? 'found' : JSON.stringify(line['reason']);
  };
  const count = (event: string): number => linesOf(director, event).length;
  await eventually('two boards are in use, and three are lost', () => {
    return count('board.found') === 2 && count('board.lost') === 3;
  });
  const [good = '', untrusted, misnamed, unknown, behindSentinels = ''] = names;
  const found = linesOf(director, 'board.found').map((entry) => String(entry['board']));
  assert.deepEqual(found.sort(), [good, behindSentinels].sort());
  assert.match(reasonOf(untrusted), /certificate/);
  assert.match(reasonOf(misnamed), /redis\.example.*localhost/s);
  assert.equal(reasonOf(unknown), '"it wants a certificate of ours"');
  t.diagnostic(names.map((name) => `${name}: ${reasonOf(name)}`).join('\n'));

  using clients = new DisposableStack();
  const trusted = { ca: ours.ca, cert: own.cert, key: own.key };
  const admin = new Redis({ host: 'localhost', port, tls: trusted });
  const raw = clients.adopt(admin, (one) => one.disconnect());
  // In place of a restart, so that nobody is refused the connection before he sees the certificate.
  const replace = async (certificate: Certificate): Promise<void> => {
    await put(certificate);
    await raw.call('CONFIG', 'SET', 'tls-cert-file', path('cert'), 'tls-key-file', path('key'));
    for (const type of ['normal', 'pubsub']) await raw.call('CLIENT', 'KILL', 'TYPE', type);
  };
  await replace(await theirs.issue('localhost'));
  await eventually('both are lost', () => count('board.lost') === 5);
  for (const board of [good, behindSentinels]) assert.match(reasonOf(board), /certificate/);
  await replace(right);
  await eventually('both are found again', () => count('board.found') === 4);
  assert.equal(count('board.lost'), 5);
  assert.equal(await director.stop(), 0);
});
