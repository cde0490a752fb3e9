// State on disk: what was saved is loaded whole, and nothing else is.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createDiskStore } from '../../src/edge/store.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { Store } from '../../src/ports.ts';
import { makeFolder } from '../support/folder.ts';

function open(folder: string, incarnation = 1, faults: Fault[] = []): Store {
  return createDiskStore({ folder, incarnation, onFault: (fault) => void faults.push(fault) });
}

test('a text is loaded as it was saved, by a later store too, and the folder is made', async (t) => {
  const folder = join(await makeFolder(t), 'var', 'state');
  const store = open(folder);
  assert.equal(await store.load('verdicts'), undefined);
  assert.equal(await store.save('verdicts', 'first\nsecond\n'), undefined);
  assert.equal(await store.save('gossip', ''), undefined);
  const later = open(folder);
  assert.equal(await later.load('verdicts'), 'first\nsecond\n');
  assert.equal(await later.load('gossip'), '');
  assert.equal((await readdir(folder)).length, 2, 'no draft is left behind');
});

test('any well-formed text survives', async (t) => {
  const store = open(await makeFolder(t));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
      await store.save('any', text);
      assert.equal(await store.load('any'), text);
    }),
    { numRuns: 30 },
  );
});

test('of texts saved at the same time the last stays', async (t) => {
  const store = open(await makeFolder(t));
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(1000 * (20 - i)));
  await Promise.all(texts.map((text) => store.save('verdicts', text)));
  assert.equal(await store.load('verdicts'), texts.at(-1));
});

describe('a file that was cut, changed or never ours', () => {
  const harms: Readonly<Record<string, (whole: string) => string>> = {
    cut: (whole) => whole.slice(0, -3),
    'changed in its text': (whole) => whole.replace('some', 'same'),
    'changed in who kept it': (whole) => whole.replace(' 7\n', ' 8\n'),
    'without its first line': () => 'some state',
    empty: () => '',
    'full of what is no text': () => '\u0000\uffff'.repeat(1000),
  };
  for (const [how, harm] of Object.entries(harms)) {
    test(`${how}: is a fault, counts as missing and is left aside`, async (t) => {
      const folder = await makeFolder(t);
      const faults: Fault[] = [];
      const store = open(folder, 7, faults);
      await store.save('verdicts', 'some state');
      const path = join(folder, 'verdicts.state');
      const harmed = harm(await readFile(path, 'utf8'));
      await writeFile(path, harmed);
      assert.equal(await store.load('verdicts'), undefined);
      const [fault] = faults;
      assert.equal(fault?.code, 'disk.read');
      assert.match(fault.message, /verdicts\.state is damaged and was left aside as .*\.damaged$/);
      assert.equal(await readFile(`${path}.damaged`, 'utf8'), harmed);
      assert.equal(await store.load('verdicts'), undefined);
      assert.equal(faults.length, 1, 'it is told once');
      await store.save('verdicts', 'new state');
      assert.equal(await store.load('verdicts'), 'new state');
    });
  }

  test('or is none at all: is a fault, and nothing waits for it', async (t) => {
    const folder = await makeFolder(t);
    const faults: Fault[] = [];
    await mkdir(join(folder, 'verdicts.state'));
    const store = open(folder, 1, faults);
    assert.equal(await store.load('verdicts'), undefined);
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['disk.read'],
    );
    assert.equal((await store.save('verdicts', 'text'))?.code, 'disk.write');
  });
});

test('a file of a release that did not say who kept it is read, and belongs to nobody', async (t) => {
  const folder = await makeFolder(t);
  const digest = createHash('sha256').update('first').digest('hex');
  await writeFile(join(folder, 'verdicts.state'), `sha256 ${digest}\nfirst`);
  const store = open(folder, 0);
  assert.equal(await store.load('verdicts'), 'first');
  assert.equal(await store.save('verdicts', 'second'), undefined);
  assert.equal(await store.load('verdicts'), 'second');
});

test('only its owner may read a file, and a draft that was never finished goes', async (t) => {
  const folder = join(await makeFolder(t), 'state');
  const store = open(folder, 5);
  await store.save('verdicts', 'text');
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, 'verdicts.state'))).mode & 0o777, 0o600);
  for (const draft of ['verdicts.state.4.tmp', 'verdicts.state.6.tmp', 'other.state.4.tmp']) {
    await writeFile(join(folder, draft), 'half');
  }
  await store.load('verdicts');
  assert.deepEqual((await readdir(folder)).sort(), [
    'other.state.4.tmp',
    'verdicts.state',
    'verdicts.state.6.tmp',
  ]);
});

describe('two processes with one folder', () => {
  test('what the later one saved stays, whatever the earlier one saves', async (t) => {
    const folder = await makeFolder(t);
    const earlier = open(folder, 1);
    await earlier.save('verdicts', 'old');
    const later = open(folder, 2);
    assert.equal(await later.load('verdicts'), 'old');
    assert.equal(await earlier.save('verdicts', 'older and later'), undefined);
    assert.equal(await later.save('verdicts', 'new'), undefined);
    assert.equal(await earlier.save('verdicts', 'old again'), undefined);
    assert.equal(await open(folder, 3).load('verdicts'), 'new');
    assert.equal(await earlier.save('gossip', 'words'), undefined);
    assert.equal(await open(folder, 3).load('gossip'), 'words', 'what the later one lacks is kept');
  });

  test('a start is later than all that it found, whatever its clock says', async (t) => {
    const folder = await makeFolder(t);
    await open(folder, 1000).save('verdicts', 'before the clock went back');
    const store = open(folder, 5);
    assert.equal(await store.load('verdicts'), 'before the clock went back');
    await store.save('verdicts', 'after it');
    assert.equal(await open(folder, 6).load('verdicts'), 'after it');
  });

  test('once the later one has ended, the earlier one goes on', async (t) => {
    const folder = await makeFolder(t);
    const earlier = open(folder, 1);
    await open(folder, 2).save('verdicts', 'of one that ended soon');
    for (let i = 0; i < 6; i++) await earlier.save('verdicts', 'not yet');
    assert.equal(await open(folder, 3).load('verdicts'), 'of one that ended soon');
    await earlier.save('verdicts', 'at last');
    assert.equal(await open(folder, 4).load('verdicts'), 'at last');
  });

  test('while the later one lives on, the earlier one says so', async (t) => {
    const folder = await makeFolder(t);
    const [earlier, later] = [open(folder, 1), open(folder, 2)];
    const path = join(folder, 'verdicts.state');
    const faults: (Fault | undefined)[] = [];
    for (let second = 1; second <= 8; second++) {
      await later.save('verdicts', 'new');
      await utimes(path, second, second);
      faults.push(await earlier.save('verdicts', 'old'));
    }
    assert.deepEqual(faults.slice(0, 5), Array.from({ length: 5 }));
    for (const fault of faults.slice(5)) {
      assert.equal(fault?.code, 'disk.write');
      assert.match(fault.message, /verdicts\.state is written by a process that started later/);
    }
    assert.equal(await open(folder, 3).load('verdicts'), 'new');
  });

  test('each writes a draft of its own, so that neither garbles the other', async (t) => {
    const folder = await makeFolder(t);
    const stores = [1, 2, 3].map((incarnation) => open(folder, incarnation));
    const long = 'x'.repeat(100_000);
    const saves = stores.flatMap((store, i) =>
      Array.from({ length: 10 }, () => store.save('verdicts', `${i} ${long}`)),
    );
    await Promise.all(saves);
    const faults: Fault[] = [];
    assert.match((await open(folder, 4, faults).load('verdicts')) ?? '', /^[012] x+$/);
    assert.deepEqual(faults, []);
  });
});

test('a text that was never saved is no fault', async (t) => {
  const faults: Fault[] = [];
  const store = open(await makeFolder(t), 1, faults);
  assert.equal(await store.load('verdicts'), undefined);
  assert.deepEqual(faults, []);
});

test('a folder that cannot be made or written to is a fault of the save, which may succeed later', async (t) => {
  const parent = await makeFolder(t);
  const folder = join(parent, 'state');
  await writeFile(folder, 'a file stands where the folder should');
  const store = open(folder);
  const fault = await store.save('verdicts', 'text');
  assert.equal(fault?.code, 'disk.write');
  assert.match(fault.message, /state/);
  await rm(folder);
  assert.equal(await store.save('verdicts', 'text'), undefined);
  assert.equal(await store.load('verdicts'), 'text');
});
