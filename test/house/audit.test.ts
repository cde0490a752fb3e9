// What the audit log can hold, and the table of it in the manual, are the same.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kinds } from '../../src/director/record/kinds.ts';
import { noticed } from '../../src/director/record/notices.ts';
import { root } from '../support/source.ts';

const manual = readFileSync(join(root, 'docs/audit.md'), 'utf8');

/** The words in the last but one column of every table below a heading. */
function wordsBelow(heading: string): string[] {
  const [, text = ''] = manual.split(`## ${heading}\n`);
  const [section = ''] = text.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'));
  return rows.flatMap((row) => {
    const cell = row.split(' | ')[1] ?? '';
    return [...cell.matchAll(/`([a-z.-]+)`/g)].map(([, word = '']) => word);
  });
}

test('every kind of entry is in the table of the manual, and no other', () => {
  assert.deepEqual(new Set(wordsBelow('What is recorded')), new Set(kinds));
});

test('everything of the log that is recorded as a notice is in the manual, and nothing else', () => {
  assert.deepEqual(new Set(wordsBelow('Notices')), new Set(Object.keys(noticed)));
});
