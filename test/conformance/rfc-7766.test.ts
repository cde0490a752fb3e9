// RFC 7766 and RFC 9210: DNS over TCP, connection by connection; RFC 7858 and 8467: over TLS.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { selfSigned } from '../support/certificate.ts';
import { freePort } from '../support/ports.ts';
import { buildQuery } from '../support/query.ts';
import { readReply } from '../support/reply.ts';
import { frame, pipeline } from './exchange.ts';
import { worldOf } from './suite.ts';
import type { World } from './world.ts';

const host = (id: number): Buffer => Buffer.from(buildQuery({ name: 'host.plain.test', id }));

/** Writes pieces one after the other, and collects replies until the other side closes. */
async function converse(
  port: number,
  pieces: readonly Uint8Array[],
  ends = true,
): Promise<number[]> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let all = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    all = Buffer.concat([all, chunk]);
  });
  const closed = once(socket, 'close');
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  if (ends) socket.end();
  await closed;
  const ids: number[] = [];
  for (let at = 0; at < all.length; at += all.readUInt16BE(at) + 2) {
    ids.push(readReply(all.subarray(at + 2, at + 2 + all.readUInt16BE(at))).id);
  }
  return ids;
}

describe('RFC 7766', () => {
  let world: World;
  before(async () => {
    world = await worldOf();
  });

  test('RFC 7766 §6.2.1.1: queries may follow without waiting, and each is answered', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => i);
    const replies = await pipeline(world.port, ids.map(host), (_reply, count) => count === 200);
    const answered = replies.map((reply) => reply.readUInt16BE(0));
    assert.deepEqual(
      answered.toSorted((x, y) => x - y),
      ids,
    );
  });

  test('RFC 7766 §6.2.1: one connection carries one query after the other', async () => {
    const socket = connect(world.port, '127.0.0.1');
    for (let id = 0; id < 5; id++) {
      socket.write(frame(host(id)));
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      assert.equal(readReply(chunk.subarray(2)).id, id);
    }
    socket.destroy();
  });

  test('RFC 7766 §8: a message may come octet by octet', async () => {
    const octets = [...frame(host(7))].map((octet) => Uint8Array.of(octet));
    assert.deepEqual(await converse(world.port, octets), [7]);
  });

  test('RFC 7766 §8: a segment may end within the next message', async () => {
    const both = Buffer.concat([frame(host(1)), frame(host(2))]);
    const pieces = [both.subarray(0, both.length - 9), both.subarray(both.length - 9)];
    assert.deepEqual(await converse(world.port, pieces), [1, 2]);
  });

  test('RFC 7766 §6.2.3: who has sent all its queries and closes its side is answered', async () => {
    assert.deepEqual(
      await converse(world.port, [Buffer.concat([1, 2, 3].map((id) => frame(host(id))))]),
      [1, 2, 3],
    );
  });

  test('RFC 7766 §7: a message that is faulty ends no connection', async () => {
    const faulty = Buffer.concat([host(1), Buffer.of(0)]);
    const replies = await pipeline(world.port, [faulty, host(2)], (_reply, count) => count === 2);
    assert.deepEqual(
      replies.map((reply) => readReply(reply).rcode),
      ['FORMERR', 'NOERROR'],
    );
  });

  test('RFC 7766 §10: a message of no length, or of more than any query has, closes it', async () => {
    for (const length of [0, 0xffff]) {
      const start = Buffer.of(length >>> 8, length & 255);
      assert.deepEqual(await converse(world.port, [start], false), []);
    }
  });
});

describe('RFC 9210', () => {
  const settings = 'dns: { tcpIdle: 1s }';

  test('RFC 9210 §4.3: a connection that says nothing is closed', async () => {
    assert.deepEqual(await converse((await worldOf(settings)).port, [], false), []);
  });

  test('RFC 9210 §4.3: so is one that leaves a message unfinished', async () => {
    const start = frame(host(1)).subarray(0, 9);
    assert.deepEqual(await converse((await worldOf(settings)).port, [start], false), []);
  });

  test('RFC 9210 §4.3: and one that has been answered and asks no more', async () => {
    assert.deepEqual(await converse((await worldOf(settings)).port, [frame(host(1))], false), [1]);
  });
});

describe('RFC 8467', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-'));
  after(() => rmSync(folder, { recursive: true }));
  let port = 0;
  before(async () => {
    const { key, cert } = await selfSigned('dns.example');
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('key.pem'), key);
    writeFileSync(path('cert.pem'), cert);
    port = await freePort();
    const listen = `listen: { dns: ["127.0.0.1:0"], http: "127.0.0.1:0", dot: ["127.0.0.1:${port}"] }`;
    const tls = `tls: { certificate: ${path('cert.pem')}, key: ${path('key.pem')} }`;
    await worldOf(`${listen}\n${tls}`);
  });

  const cases = [
    [
      'RFC 8467 §4.1: a reply to a padded query is a multiple of 468 octets',
      'host.plain.test A',
      468,
    ],
    ['RFC 8467 §4.1: also one that is longer than that', 'middle.plain.test TXT', 936],
    ['RFC 8467 §4.1: also a refusal', 'www.example.com A', 468],
  ] as const;
  for (const [rule, question, size] of cases) {
    test(rule, async () => {
      const words = ['+tls', '+padding=128', '+noidn', ...question.split(' ')];
      const args = ['@127.0.0.1', '-p', String(port), ...words];
      const { stdout } = await promisify(execFile)('kdig', args);
      assert.match(stdout, new RegExp(`Received ${size} B`));
      assert.match(stdout, /;; PADDING: \d+ B/);
    });
  }

  test('RFC 7830 §6: who pads nothing gets nothing padded', async () => {
    const args = [
      '@127.0.0.1',
      '-p',
      String(port),
      '+tls',
      '+nopadding',
      '+edns',
      'host.plain.test',
    ];
    const { stdout } = await promisify(execFile)('kdig', args);
    assert.doesNotMatch(stdout, /PADDING/);
  });
});
