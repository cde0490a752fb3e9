// Stamps: another text whenever the data may be other data.

import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { stampGeo } from '../../src/edge/stamps.ts';
import { makeFolder } from '../support/folder.ts';

const companion = { mmdb: undefined, asn: undefined };

test('the data that comes along has one stamp, whoever asks', async () => {
  const stamp = await stampGeo(companion, (path) => path);
  assert.match(stamp ?? '', /^[0-9a-f]{64}$/);
  assert.equal(await stampGeo(companion, (path) => `elsewhere/${path}`), stamp);
});

test("an operator's file changes it by its size, by its time, and by what a sample finds", async (t) => {
  const folder = await makeFolder(t);
  const inFolder = (path: string): string => join(folder, path);
  const bytes = Buffer.alloc(1_000_000);
  const seen = new Set<string | undefined>();
  const look = async (geo: { mmdb?: string; asn?: string }): Promise<void> => {
    seen.add(await stampGeo({ ...companion, ...geo }, inFolder));
  };
  const time = new Date('2026-01-01');
  const write = async (content: Buffer): Promise<void> => {
    await writeFile(inFolder('city.mmdb'), content);
    await utimes(inFolder('city.mmdb'), time, time);
  };
  await write(bytes);
  await look({ mmdb: 'city.mmdb' });
  await look({ mmdb: 'city.mmdb' });
  assert.equal(seen.size, 1);
  await look({ asn: 'city.mmdb' });
  await write(bytes.subarray(1));
  await look({ mmdb: 'city.mmdb' });
  await write(Buffer.concat([bytes.subarray(1), Buffer.of(1)]));
  await look({ mmdb: 'city.mmdb' });
  await utimes(inFolder('city.mmdb'), time, new Date('2026-01-02'));
  await look({ mmdb: 'city.mmdb' });
  assert.equal(seen.size, 5);
  assert.ok(!seen.has(undefined));
});

test('there is none for a file that cannot be read', async () => {
  assert.equal(await stampGeo({ ...companion, mmdb: '/no/such' }, (path) => path), undefined);
});
