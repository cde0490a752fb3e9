// Lines in real files: appended whole, found again, torn, full and moved.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openJournal } from '../../src/edge/journal.ts';
import { readLines } from '../../src/edge/log-lines.ts';
import type { Journal } from '../../src/ports.ts';
import { digest, fileName } from '../audit/log.ts';
import { makeFolder } from '../support/folder.ts';

async function openAll(journal: Journal) {
  const lines: string[] = [];
  const tail = await journal.open((line) => void lines.push(line));
  return { ...tail, lines };
}

test('lines are found again, by another start too, and only the owner may read them', async (t) => {
  const folder = join(await makeFolder(t), 'state', 'audit');
  const journal = openJournal(folder);
  assert.deepEqual(await openAll(journal), {
    name: undefined,
    octets: 0,
    torn: undefined,
    empty: undefined,
    lines: [],
  });
  journal.begin(fileName(1));
  assert.deepEqual(await journal.append(['one', 'two']), { octets: 8 });
  assert.deepEqual(await journal.append(['drei ü']), { octets: 16 });
  assert.equal(statSync(join(folder, fileName(1))).mode & 0o777, 0o600);
  const found = await openAll(openJournal(folder));
  assert.deepEqual(found, {
    name: fileName(1),
    octets: 16,
    torn: undefined,
    empty: undefined,
    lines: ['one', 'two', 'drei ü'],
  });
});

test('a torn line gets its end before the next, and is told with its digest', async (t) => {
  const folder = await makeFolder(t);
  const path = join(folder, fileName(1));
  writeFileSync(path, 'one\n{"half');
  const journal = openJournal(folder);
  const found = await openAll(journal);
  assert.deepEqual('torn' in found && found.torn, { octets: 6, sha256: digest('{"half') });
  await journal.append(['two']);
  assert.equal(readFileSync(path, 'utf8'), 'one\n{"half\ntwo\n');
});

test('a file that is not as it was left is not written to', async (t) => {
  const folder = await makeFolder(t);
  const journal = openJournal(folder);
  const path = join(folder, fileName(1));
  journal.begin(fileName(1));
  await journal.append(['one']);
  appendFileSync(path, 'stranger\n');
  assert.equal(await journal.append(['two']), 'moved');
  await openAll(journal);
  assert.deepEqual(await journal.append(['two']), { octets: 17 });
  writeFileSync(join(folder, fileName(9)), 'newer\n');
  assert.equal(await journal.append(['three']), 'moved', 'another has begun a file');
  await openAll(journal);
  rmSync(join(folder, fileName(9)));
  assert.equal(await journal.append(['three']), 'moved');
  journal.begin(fileName(1));
  assert.equal(await journal.append(['three']), 'moved', 'it is there already');
});

test('the oldest files go when there are too many octets, never the one that grows', async (t) => {
  const folder = await makeFolder(t);
  for (const seq of [1, 2, 3]) writeFileSync(join(folder, fileName(seq)), `line ${seq}\n`);
  const journal = openJournal(folder);
  assert.equal(await journal.surplus(21), undefined);
  assert.deepEqual(await journal.surplus(20), { names: [fileName(1)], firstLeft: 'line 2' });
  const surplus = await journal.surplus(0);
  assert.deepEqual(surplus, { names: [fileName(1), fileName(2)], firstLeft: 'line 3' });
  await journal.remove(surplus?.names ?? []);
  assert.deepEqual(readdirSync(folder), [fileName(3)]);
});

/** A folder of 64 kB, as full as is wanted. */
async function makeSmallDisk(t: TestContext) {
  const folder = join(await makeFolder(t), 'small');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  const fill = (octets: number): void => writeFileSync(filler, Buffer.alloc(octets));
  const unmount = (): void => void execFileSync('umount', [folder]);
  return { folder, fill, free: () => rmSync(filler), [Symbol.dispose]: unmount };
}

const codeOf = (result: Awaited<ReturnType<Journal['append']>>): string =>
  typeof result === 'object' && 'code' in result ? result.code : 'none';

test('a disk without room gets nothing by halves, and takes lines again later', async (t) => {
  using disk = await makeSmallDisk(t);
  const { folder, fill, free } = disk;
  const journal = openJournal(folder);
  journal.begin(fileName(1));
  assert.deepEqual(await journal.append(['one']), { octets: 4 });
  fill(40_000);
  assert.equal(codeOf(await journal.append(['x'.repeat(50_000)])), 'disk.write');
  assert.equal(readFileSync(join(folder, fileName(1)), 'utf8'), 'one\n');
  free();
  assert.deepEqual(await journal.append(['two']), { octets: 8 });
});

describe('a file in which nothing stands', () => {
  test('as a disk that is full when it begins leaves it is written into later', async (t) => {
    using disk = await makeSmallDisk(t);
    const { folder, fill, free } = disk;
    const journal = openJournal(folder);
    fill(64 << 10);
    journal.begin(fileName(1));
    assert.equal(codeOf(await journal.append(['one'])), 'disk.write');
    assert.equal(codeOf(await journal.append(['one'])), 'disk.write', 'as often as it is tried');
    assert.equal(statSync(join(folder, fileName(1))).size, 0);
    free();
    assert.deepEqual(await journal.append(['one']), { octets: 4 });
    assert.deepEqual(await journal.append(['two']), { octets: 8 });
  });

  test('is told by another start, with what the file before it holds', async (t) => {
    const folder = await makeFolder(t);
    writeFileSync(join(folder, fileName(1)), 'one\n');
    for (const seq of [2, 3]) writeFileSync(join(folder, fileName(seq)), '');
    const journal = openJournal(folder);
    assert.deepEqual(await openAll(journal), {
      name: fileName(1),
      octets: 4,
      torn: undefined,
      empty: fileName(3),
      lines: ['one'],
    });
    assert.equal(await journal.append(['two']), 'moved', 'a newer file has begun');
    journal.begin(fileName(3));
    assert.deepEqual(await journal.append(['two']), { octets: 4 });
    assert.equal((await openAll(openJournal(folder))).lines.join(), 'one,two');
  });

  test('is left to whoever writes into it first, or takes it away', async (t) => {
    const folder = await makeFolder(t);
    const path = join(folder, fileName(1));
    writeFileSync(path, '');
    const [one, two] = [openJournal(folder), openJournal(folder)];
    for (const each of [one, two]) {
      await openAll(each);
      each.begin(fileName(1));
    }
    assert.deepEqual(await one.append(['one']), { octets: 4 });
    assert.equal(await two.append(['two']), 'moved');
    assert.equal(readFileSync(path, 'utf8'), 'one\n');
    rmSync(path);
    assert.equal(await two.append(['two']), 'moved');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('is left for a moment to another life that has just made it', async (t) => {
    const folder = await makeFolder(t);
    const path = join(folder, fileName(1));
    writeFileSync(path, '');
    const found = openAll(openJournal(folder));
    await setTimeout(20);
    writeFileSync(path, 'one\n');
    assert.deepEqual((await found).lines, ['one']);
  });

  test('does not keep older ones from making room', async (t) => {
    const folder = await makeFolder(t);
    for (const seq of [1, 3]) writeFileSync(join(folder, fileName(seq)), `line ${seq}\n`);
    writeFileSync(join(folder, fileName(2)), '');
    const surplus = await openJournal(folder).surplus(7);
    assert.deepEqual(surplus, { names: [fileName(1)], firstLeft: 'line 3' });
  });
});

test('a folder that cannot be had is a fault', async (t) => {
  const folder = join(await makeFolder(t), 'file');
  writeFileSync(folder, '');
  const tail = await openJournal(join(folder, 'audit')).open(() => undefined);
  assert.equal('code' in tail && tail.code, 'disk.read');
});

test('lines of any octets are read, those that are none of ours as text that no entry is', async (t) => {
  const path = join(await makeFolder(t), 'log');
  const odd = Buffer.concat([
    Buffer.from('ok\n'),
    Buffer.from([0xff, 0xfe, 10]),
    Buffer.from('end'),
  ]);
  writeFileSync(path, odd);
  const lines = [];
  for await (const line of readLines(path)) lines.push(line);
  assert.deepEqual(
    lines.map(({ text, octets, isEnded }) => [text, octets, isEnded]),
    [
      ['ok', 2, true],
      ['\0\u00ff\u00fe', 2, true],
      ['end', 3, false],
    ],
  );
  writeFileSync(path, Buffer.alloc(3 << 20, 'a'));
  for await (const line of readLines(path)) assert.equal(line.text, '\0');
});
