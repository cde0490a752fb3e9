// `meridian audit`: exit codes, places and sentences.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { audit } from '../../src/cli/audit.ts';
import { runCommand } from '../../src/cli/command.ts';
import { aDraft, fileName, textOf, writeLog } from '../audit/log.ts';
import { makeFolder } from '../support/folder.ts';
import { listen, setStage } from '../support/http-stage.ts';

async function ask(env: Readonly<Record<string, string>>, ...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env,
    signal: new AbortController().signal,
  };
  return { code: await runCommand(audit, words, io), out, err };
}

const { lines, head } = writeLog(
  [
    aDraft('file', { after: null }),
    aDraft('trip', { region: 'eu', trips: 3 }),
    aDraft('trip', { region: 'us', trips: 1 }),
    aDraft('stopped'),
  ],
  undefined,
  { isSigned: true },
);

async function folderOf(t: TestContext, octets: Uint8Array): Promise<string> {
  const folder = await makeFolder(t);
  writeFileSync(join(folder, fileName(1)), octets);
  return folder;
}

const secret = { MERIDIAN_SECRETS: 'a secret for tests' };

test('a whole log is one sentence and exit code 0', async (t) => {
  const folder = await folderOf(t, textOf(lines));
  const checked = await ask(secret, 'verify', folder);
  assert.equal(checked.code, 0);
  const ends = `it ends with 4:${head.hash}`;
  const at = '2026-05-01T12:00:00.000Z';
  const words = `whole: ams-1, entries 1 to 4 in 1 file(s), ${at} to ${at}`;
  assert.deepEqual(checked.out, [`${words}; 4 of 4 signed with the fleet's secret; ${ends}`]);
  const blind = await ask({}, 'verify', join(folder, fileName(1)));
  assert.deepEqual(blind.out, [`${words}; signatures not checked: no secret is at hand; ${ends}`]);
  const json = await ask(secret, 'verify', folder, '--json');
  assert.equal((JSON.parse(json.out.join('')) as { isWhole: boolean }).isWhole, true);
});

test('one that is not names every place, and is exit code 1', async (t) => {
  const folder = await folderOf(t, textOf(lines.toSpliced(1, 1)));
  const { code, err } = await ask({}, 'verify', folder);
  assert.equal(code, 1);
  assert.deepEqual(err, [
    `${fileName(1)}:2: entry 2: removed: entry 2 is missing before it`,
    'NOT WHOLE: 1 place(s) are not as they were written',
  ]);
});

test('who wrote down the end, or a director that runs, knows of a cut', async (t) => {
  const folder = await folderOf(t, textOf(lines.slice(0, 3)));
  assert.equal((await ask({}, 'verify', folder)).code, 0);
  const noted = await ask({}, 'verify', folder, '--head', `4:${head.hash}`);
  assert.match(noted.err[0] ?? '', /:4: entry 4: truncated: the end is missing: --head knows/);
  assert.equal((await ask({}, 'verify', folder, '--head', '4')).code, 2);
  const stage = setStage();
  stage.api.timelinePage = { ...stage.api.timelinePage, head };
  const url = `http://127.0.0.1:${await listen(t, stage)}`;
  const live = await ask({}, 'verify', folder, '--url', url);
  assert.equal(live.code, 1);
  assert.match(live.err[0] ?? '', /truncated: the end is missing: d1 at http/);
});

test('who wrote down an entry that has made room since is told that it was not compared', async (t) => {
  const last = { seq: 7, hash: 'a'.repeat(64) };
  const removed = aDraft('removed', { lastSeq: last.seq, lastHash: last.hash });
  const left = writeLog([aDraft('file'), removed], last);
  const folder = await folderOf(t, textOf(left.lines));
  const { code, out } = await ask({}, 'verify', folder, '--head', `3:${'0'.repeat(64)}`);
  assert.equal(code, 0);
  assert.match(out[0] ?? '', /^whole: ams-1, entries 8 to 9 /);
  assert.match(out[1] ?? '', /^note: entry 3, which --head knows, is not here any more/);
});

test('it is printed as sentences, of one region too, and what was changed is marked', async (t) => {
  const changed = lines.map((line) => line.replace('"trips":1', '"trips":2'));
  const folder = await folderOf(t, Buffer.concat([textOf(changed), Buffer.from('rubbish\n')]));
  const { code, out } = await ask({}, 'show', folder, '--region', 'us');
  assert.equal(code, 0);
  const start = '2026-05-01T12:00:00Z  ams-1';
  assert.deepEqual(out, [
    `     1  ${start}  the audit log begins a file`,
    `     3  ${start}  CHANGED: us went down again on its way back, 2 times by now`,
    `     4  ${start}  the director stopped in order`,
    `         ?  a line of ${fileName(1)} is no entry`,
  ]);
});

test('where there is nothing to read, that is said', async (t) => {
  const folder = await makeFolder(t);
  assert.match((await ask({}, 'verify', folder)).err[0] ?? '', /no file of a log in it/);
  assert.match((await ask({}, 'verify', join(folder, 'x'))).err[0] ?? '', /no such file/);
  assert.equal((await ask({}, 'check', folder)).code, 2);
});

test('what is called as a file of a log and is none is said in one sentence, and nothing waits for it', async (t) => {
  const folder = await folderOf(t, textOf(lines));
  const path = join(folder, '000000000099998.jsonl');
  const said = [`cannot read ${path}: it is not a file (disk.read)`];
  const isSaid = async (...words: string[]): Promise<void> => {
    const { code, err } = await ask({}, ...words);
    assert.deepEqual([code, err], [1, said], words.join(' '));
  };
  mkdirSync(path);
  await isSaid('verify', folder);
  await isSaid('show', folder);
  rmdirSync(path);
  execFileSync('mkfifo', [path]);
  await isSaid('verify', folder);
  await isSaid('verify', path);
});
