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
