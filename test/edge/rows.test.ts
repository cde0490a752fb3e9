import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { countRows, readRows } from '../../src/edge/rows.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-rows-'));
});

after(async () => {
  await rm(folder, { recursive: true });
});

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'rows.dat');
  await writeFile(path, bytes);
  return path;
}

test('every row comes once, in order and whole, in pieces of bounded size', async () => {
  const count = 100_000;
  const bytes = Buffer.alloc(count * 12);
  for (let i = 0; i < count; i++) bytes.writeUInt32BE(i, i * 12);
  const path = await fileOf(bytes);
  assert.equal(await countRows(path, 12), count);
  let next = 0;
  for await (const rows of readRows(path, 12)) {
    assert.equal(rows.length % 12, 0);
    assert.ok(rows.length > 0 && rows.length <= 2 ** 20);
    for (let at = 0; at < rows.length; at += 12) assert.equal(rows.readUInt32BE(at), next++);
  }
  assert.equal(next, count);
});

test('an empty file has no rows', async () => {
  const path = await fileOf(Buffer.alloc(0));
  assert.equal(await countRows(path, 12), 0);
  assert.deepEqual(await Array.fromAsync(readRows(path, 12)), []);
});

test('a file that ends within a row is refused', async () => {
  await assert.rejects(countRows(await fileOf(Buffer.alloc(25)), 12), /whole row/);
});

test('a file that cannot be read is refused', async () => {
  await assert.rejects(countRows(join(folder, 'missing'), 12), { code: 'ENOENT' });
  await assert.rejects(Array.fromAsync(readRows(join(folder, 'missing'), 12)), { code: 'ENOENT' });
});
