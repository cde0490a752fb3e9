// State on disk: what was saved is loaded whole, and nothing else is.

import assert from 'node:assert/strict';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDiskStore } from '../../src/edge/store.ts';
import type { Fault } from '../../src/model/fault.ts';
import { makeFolder } from '../support/folder.ts';

test('a text is loaded as it was saved, by a later store too, and the folder is made', async (t) => {
  const folder = join(await makeFolder(t), 'var', 'state');
  const store = createDiskStore(folder);
  assert.equal(await store.load('verdicts'), undefined);
  assert.equal(await store.save('verdicts', 'first\nsecond\n'), undefined);
  assert.equal(await store.save('gossip', ''), undefined);
  const later = createDiskStore(folder);
  assert.equal(await later.load('verdicts'), 'first\nsecond\n');
  assert.equal(await later.load('gossip'), '');
  assert.equal((await readdir(folder)).length, 2, 'no draft is left behind');
});

test('any well-formed text survives', async (t) => {
  const store = createDiskStore(await makeFolder(t));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
      await store.save('any', text);
      assert.equal(await store.load('any'), text);
    }),
    { numRuns: 30 },
  );
});

test('of texts saved at the same time the last stays', async (t) => {
  const store = createDiskStore(await makeFolder(t));
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000 * (20 - i)));
  await Promise.all(texts.map((text) => store.save('verdicts', text)));
  assert.equal(await store.load('verdicts'), texts.at(-1));
});

test('a file that was cut, changed or never ours is a fault and counts as missing', async (t) => {
  const folder = await makeFolder(t);
  const faults: Fault[] = [];
  const store = createDiskStore(folder, (fault) => void faults.push(fault));
  await store.save('verdicts', 'some state');
  const [name] = await readdir(folder);
  assert.ok(name);
  const path = join(folder, name);
  const whole = await readFile(path, 'utf8');
  await truncate(path, whole.length - 3);
  assert.equal(await store.load('verdicts'), undefined);
  await writeFile(path, whole.replace('some', 'same'));
  assert.equal(await store.load('verdicts'), undefined);
  await writeFile(path, '');
  assert.equal(await store.load('verdicts'), undefined);
  assert.deepEqual(
    faults.map(({ code }) => code),
    ['disk.read', 'disk.read', 'disk.read'],
  );
  assert.ok(faults.every(({ message }) => message.includes(path)));
  await store.save('verdicts', 'new state');
  assert.equal(await store.load('verdicts'), 'new state');
});

test('a text that was never saved is no fault', async (t) => {
  const faults: Fault[] = [];
  const store = createDiskStore(await makeFolder(t), (fault) => void faults.push(fault));
  assert.equal(await store.load('verdicts'), undefined);
  assert.deepEqual(faults, []);
});

test('a folder that cannot be made or written to is a fault of the save, which may succeed later', async (t) => {
  const parent = await makeFolder(t);
  const folder = join(parent, 'state');
  await writeFile(folder, 'a file stands where the folder should');
  const store = createDiskStore(folder);
  const fault = await store.save('verdicts', 'text');
  assert.equal(fault?.code, 'disk.write');
  assert.match(fault.message, /state/);
  await rm(folder);
  assert.equal(await store.save('verdicts', 'text'), undefined);
  assert.equal(await store.load('verdicts'), 'text');
});
