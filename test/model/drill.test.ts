// When a drill is over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOver } from '../../src/model/drill.ts';

test('a drill is over when it is done or aborted, not while anything is still to be said', () => {
  const phases = ['preparing', 'step', 'done', 'aborted'] as const;
  assert.deepEqual(
    phases.filter((phase) => isOver({ phase })),
    ['done', 'aborted'],
  );
});
