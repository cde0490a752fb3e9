// Judgements as a report tells them: when each was made, before which word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgedAt } from '../../src/drill/judged.ts';
import { noon } from '../support/fleet.ts';

test('each finding has the step and the moment', () => {
  const finding = { rule: 'gate', isAllowed: true, figures: 'the gate is open' };
  const at = '2026-05-01T12:00:00.000Z';
  assert.deepEqual(judgedAt(null, noon, [finding]), [{ step: null, at, ...finding }]);
  assert.deepEqual(judgedAt(2, noon, [finding, finding]).length, 2);
  assert.deepEqual(judgedAt(0, noon, []), []);
});
