import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from '../../src/cli/table.ts';

test('columns are as wide as their widest cell, and no line ends in spaces', () => {
  assert.deepEqual(
    formatTable(
      ['A', 'LONG', 'C'],
      [
        ['word', 'x', ''],
        ['y', 'z', 'end'],
      ],
    ),
    ['A     LONG  C', 'word  x', 'y     z     end'],
  );
});

test('a cell makes no row of its own, and columns stay in line beside what is spelled out', () => {
  assert.deepEqual(
    formatTable(
      ['WHO', 'WHY'],
      [
        ['b\u001B[31m', 'a\nforged  row'],
        ['alice', 'disk swap'],
      ],
    ),
    ['WHO          WHY', String.raw`b\u{1b}[31m  a\u{a}forged  row`, 'alice        disk swap'],
  );
});
