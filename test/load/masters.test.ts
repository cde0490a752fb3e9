// Master files in a thread of their own: what it says, and what is not read again.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMasters } from '../../src/load/masters.ts';
import { findEntry } from '../../src/model/record-table.ts';
import { nameOf } from '../support/answers.ts';
import { makeFolder } from '../support/folder.ts';
import { head } from '../support/master.ts';

const apex = nameOf('example.test');

test('zones come back whole, and only those whose files changed are read again', async (t) => {
  const folder = await makeFolder(t);
  const [path, more] = [join(folder, 'a.zone'), join(folder, 'more.zone')];
  await writeFile(path, `${head}$INCLUDE more.zone\n`);
  await writeFile(more, 'www A 192.0.2.1\n');
  const masters = createMasters();
  const wish = { path, apex, inner: [] };
  const other = { path: join(folder, 'none'), apex: nameOf('example.net'), inner: [] };
  const load = async (...wishes: readonly (typeof wish)[]) => {
    const found = (await masters.load(wishes)).get(apex);
    assert.ok(found !== undefined && 'zone' in found);
    return found;
  };
  const first = await load(wish, other);
  assert.deepEqual(first.zone.faults, []);
  assert.ok(findEntry(first.zone.table, nameOf('www.example.test')) !== undefined);
  assert.deepEqual(masters.files(), [path, more, other.path]);
  assert.equal(await load(wish), first);
  await writeFile(more, 'web A 192.0.2.1\n');
  const second = await load(wish);
  assert.notEqual(second.digest, first.digest);
  assert.ok(findEntry(second.zone.table, nameOf('web.example.test')) !== undefined);
  const inner = [nameOf('web.example.test')];
  assert.notEqual(await load({ ...wish, inner: inner as never[] }), second);
});

test('a faulty file is read again each time, since its cure may lie elsewhere', async (t) => {
  const path = join(await makeFolder(t), 'a.zone');
  await writeFile(path, `${head}$INCLUDE more.zone\n`);
  const masters = createMasters();
  const load = async () => (await masters.load([{ path, apex, inner: [] }])).get(apex);
  const first = await load();
  assert.ok(first !== undefined && 'zone' in first);
  assert.match(first.zone.faults[0]?.message ?? '', /cannot read more.zone/);
  assert.notEqual(await load(), first);
});

test('a file that cannot be read is told in words', async (t) => {
  const path = join(await makeFolder(t), 'none');
  const found = (await createMasters().load([{ path, apex, inner: [] }])).get(apex);
  assert.ok(found !== undefined && 'reason' in found);
  assert.match(found.reason, /^ENOENT/);
});
