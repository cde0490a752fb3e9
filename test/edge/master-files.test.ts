// Master files: read whole, and nothing is included from outside their folder.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openMasterFiles } from '../../src/edge/master-files.ts';
import { stampOf } from '../../src/edge/secret-files.ts';
import { makeFolder } from '../support/folder.ts';

async function lay(t: TestContext) {
  const folder = await makeFolder(t);
  const zones = join(folder, 'zones');
  await mkdir(join(zones, 'sub'), { recursive: true });
  const path = join(zones, 'a.zone');
  await writeFile(path, '\ufeffmain');
  await writeFile(join(zones, 'sub', 'b.zone'), 'b');
  await writeFile(join(zones, 'c.zone'), 'c');
  await writeFile(join(folder, 'secret'), 'secret');
  const opened = openMasterFiles(path);
  assert.ok('main' in opened);
  /** The text of a file, or why it cannot be had. */
  const include = (name: string, from = path): string => {
    const found = opened.files.open(name, from);
    return 'text' in found ? found.text : found.reason;
  };
  return { folder, zones, path, opened, include };
}

test('a file and what lies beside and below it are read', async (t) => {
  const { zones, path, opened, include } = await lay(t);
  assert.deepEqual(opened.main, { path, text: 'main' });
  assert.equal(include('sub/b.zone'), 'b');
  assert.equal(include('../c.zone', join(zones, 'sub', 'b.zone')), 'c');
  assert.equal(opened.files.stamps.length, 3);
  assert.equal(opened.files.stamps[0], await stampOf(path));
});

test('nothing outside the folder is, whichever way it is named', async (t) => {
  const { folder, zones, include } = await lay(t);
  await symlink('../secret', join(zones, 'link'));
  await symlink('..', join(zones, 'up'));
  await mkdir(join(folder, 'zones-other'));
  await writeFile(join(folder, 'zones-other', 'x'), 'x');
  const outside = 'it lies outside the folder of the zone';
  for (const name of ['../secret', 'link', 'up/secret', 'sub/../../secret', '../zones-other/x']) {
    assert.equal(include(name), outside, name);
  }
  assert.equal(include(join(folder, 'secret')), 'want a path inside the folder of the zone');
  assert.match(include('none'), /^ENOENT/);
});

test('links inside the folder are followed, as orchestrators lay them out', async (t) => {
  const { zones, include } = await lay(t);
  await symlink('sub', join(zones, '..data'));
  await symlink('..data/b.zone', join(zones, 'd.zone'));
  assert.equal(include('d.zone'), 'b');
});

test('what is no text, no file or too large is told', async (t) => {
  const { zones, include } = await lay(t);
  await writeFile(join(zones, 'latin'), Buffer.from('\xe9', 'latin1'));
  execFileSync('mkfifo', [join(zones, 'pipe')]);
  await writeFile(join(zones, 'large'), '');
  await truncate(join(zones, 'large'), (256 << 20) + 1);
  assert.match(include('latin'), /not valid/);
  assert.equal(include('pipe'), 'it is not a file');
  assert.equal(include('sub'), 'it is not a file');
  assert.match(include('large'), /more than 268435456 bytes/);
  assert.ok('reason' in openMasterFiles(join(zones, 'none')));
});

test('the digest follows the contents of every file', async (t) => {
  const { path, opened, include } = await lay(t);
  const main = opened.files.digest();
  include('c.zone');
  assert.notEqual(opened.files.digest(), main);
  const again = openMasterFiles(path);
  assert.equal('files' in again && again.files.digest(), main);
});
