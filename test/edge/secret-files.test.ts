// Files of secrets: read one by one, and looked at in every way that they are changed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecretsLook, readNamedFiles } from '../../src/edge/secret-files.ts';
import { makeFolder } from '../support/folder.ts';

test('each file is read from the folder or by its whole path, and a bad one hides no other', async (t) => {
  const folder = await makeFolder(t);
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'sub', 'a'), 'hush\n');
  await writeFile(join(folder, 'binary'), Buffer.from([0xff, 0xfe]));
  await writeFile(join(folder, 'large'), '');
  await truncate(join(folder, 'large'), (1 << 20) + 1);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const whole = join(folder, 'sub', 'a');
  const paths = ['gone', 'sub', 'pipe', 'binary', 'large', 'sub/a', whole, 'a\0b'];
  const found = await readNamedFiles(paths, folder);
  assert.deepEqual(Array.from(found.keys()), paths);
  assert.deepEqual(found.get('sub/a'), { text: 'hush\n' });
  assert.deepEqual(found.get(whole), { text: 'hush\n' });
  const reasonOf = (path: string): string => {
    const file = found.get(path) ?? {};
    return 'reason' in file ? String(file.reason) : '';
  };
  assert.match(reasonOf('gone'), /no such file/);
  assert.match(reasonOf('sub'), /not a file/);
  assert.match(reasonOf('pipe'), /not a file/);
  assert.match(reasonOf('large'), /want at most 1048576/);
  for (const path of ['binary', 'a\0b']) assert.notEqual(reasonOf(path), '', path);
});

test('a look sees a file that comes, changes, is replaced by a link above it, and goes', async (t) => {
  const folder = await makeFolder(t);
  const look = createSecretsLook();
  const path = join(folder, 'data', 'secret');
  const isChanged = (): Promise<boolean> => look([path]);
  assert.equal(await isChanged(), true, 'at the first look');
  assert.equal(await isChanged(), false);
  for (const [version, text] of [
    ['v1', 'one'],
    ['v2', 'two'],
  ] as const) {
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, 'secret'), text);
  }
  await symlink('v1', join(folder, 'data'));
  assert.equal(await isChanged(), true);
  await writeFile(path, 'one and a half');
  assert.equal(await isChanged(), true);
  await symlink('v2', join(folder, 'next'));
  await rename(join(folder, 'next'), join(folder, 'data'));
  assert.equal(await isChanged(), true);
  assert.equal(await isChanged(), false);
  await rm(path);
  assert.equal(await isChanged(), true);
  assert.equal(await isChanged(), false);
});
