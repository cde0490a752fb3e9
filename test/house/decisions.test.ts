// The words of a decision: the code and the manual name exactly the same ones.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stepKinds } from '../../src/steering/chain.ts';
import { ttlReasons } from '../../src/steering/ttl.ts';
import { readSources, root } from '../support/source.ts';

const sources = readSources('src');

/** The rows of the table below a heading of the manual, cell by cell, without their marks. */
function rowsBelow(heading: string): string[][] {
  const manual = readFileSync(join(root, 'docs/decisions.md'), 'utf8');
  const section = manual.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  assert.ok(section !== undefined, `no section "${heading}"`);
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** The words of a union of strings, as the file of all decisions writes it. */
function wordsOf(type: string): string[] {
  const text = sources.find(({ path }) => path === 'src/model/decision.ts')?.text ?? '';
  const union = new RegExp(`^export type ${type} =([^;]*);`, 'm').exec(text)?.[1] ?? '';
  return [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, word = '']) => word);
}

const firsts = (rows: readonly (readonly string[])[]): string[] => rows.map(([word = '']) => word);

test('the manual has a row for every reason code, and for no other', () => {
  const rows = firsts(rowsBelow('Why a region is out'));
  assert.deepEqual(rows.toSorted(), wordsOf('ReasonCode').toSorted());
});

test('every reason code is given by the step that the manual says, and by no other', () => {
  for (const [code = '', step = ''] of rowsBelow('Why a region is out')) {
    const givers = sources.filter(
      ({ path, text }) => path.startsWith('src/steering/') && text.includes(`'${code}'`),
    );
    const steps = givers.filter(({ path }) => path.startsWith('src/steering/steps/'));
    assert.deepEqual(
      steps.map(({ path }) => path),
      [`src/steering/steps/${step}.ts`],
      code,
    );
  }
});

test('the manual has a row for every step, in the order in which they run', () => {
  const kinds = stepKinds.map(({ kind }) => kind);
  assert.deepEqual(firsts(rowsBelow('What each step does')), kinds);
});

test('the manual has a row for every way that a decision ends', () => {
  const rows = firsts(rowsBelow('How a decision ended'));
  assert.deepEqual(rows.toSorted(), wordsOf('DecisionState').toSorted());
});

test('the manual has a row for every reason of a TTL, in the words of an explanation', () => {
  const rows = rowsBelow('Why a TTL is as it is').map(([reason, words]) => [reason, words]);
  assert.deepEqual(rows, Object.entries(ttlReasons));
});

test('the manual has a row for every reason of a scope', () => {
  const rows = firsts(rowsBelow('Why a scope is as wide as it is'));
  assert.deepEqual(rows, wordsOf('ScopeReason'));
});
