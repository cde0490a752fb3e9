import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.ts';
import { aimTable } from './aims.ts';
import { placesOf } from './field.ts';
import { keepHandwritten, keptBelow } from './page.ts';

test('what people wrote below the line stays, what stood above it goes', async (t) => {
  const file = join(await makeFolder(t), 'page.md');
  assert.equal(keepHandwritten('new\n', file), 'new\n');
  writeFileSync(file, `old\n\n${keptBelow}\n\nBy hand.\n`);
  const page = keepHandwritten('new\n', file);
  assert.equal(page, `new\n\n${keptBelow}\n\nBy hand.\n`);
  writeFileSync(file, page);
  assert.equal(keepHandwritten('newer\n', file), `newer\n\n${keptBelow}\n\nBy hand.\n`);
});

test('an aim is met, not met, or has no figure', () => {
  const start = (coldMs: number) => ({
    workers: 2 as const,
    coldMs,
    warmMs: 800,
    resident: 250,
    proportional: 240,
  });
  const rowOf = (coldMs: number): string =>
    aimTable({ mixes: new Map(), start: [start(coldMs)] })
      .split('\n')
      .find((line) => line.includes('cold')) ?? '';
  assert.match(rowOf(2500), /\| 2\.50 s +\| yes/);
  assert.match(rowOf(3500), /\| 3\.50 s +\| NO/);
  assert.match(aimTable({ mixes: new Map() }), /cold +\| < 3 s +\| – +\| –/);
});

test('server and load have processors of their own where there are two and a tool to say so', () => {
  assert.deepEqual(placesOf(2, true).load, ['taskset', '-c', '1']);
  assert.deepEqual(placesOf(8, true).load, ['taskset', '-c', '1-7']);
  assert.deepEqual(placesOf(8, true).server, ['taskset', '-c', '0']);
  assert.deepEqual(placesOf(1, true).server, []);
  assert.deepEqual(placesOf(8, false).load, []);
});
