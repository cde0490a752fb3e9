// When a drill is over, and whether it has met what was asked of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasMetAll, isOver } from '../../src/model/drill.ts';

test('a drill is over when it is done or aborted, not while anything is still to be said', () => {
  const phases = ['preparing', 'step', 'done', 'aborted'] as const;
  assert.deepEqual(
    phases.filter((phase) => isOver({ phase })),
    ['done', 'aborted'],
  );
});

test('a drill has met all when it is done and met each, and nothing where it was aborted', () => {
  const objective = {
    objective: 'noAbort',
    step: null,
    withinSeconds: null,
    seconds: null,
  } as const;
  const [met, missed] = [true, false].map((isMet) => ({ ...objective, isMet }));
  assert.ok(met !== undefined && missed !== undefined);
  assert.equal(hasMetAll('done', []), true);
  assert.equal(hasMetAll('done', [met, met]), true);
  assert.equal(hasMetAll('done', [met, missed]), false);
  assert.equal(hasMetAll('aborted', []), false);
  assert.equal(hasMetAll('aborted', [met]), false);
});
