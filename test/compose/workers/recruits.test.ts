// Threads that load ahead: taken one by one, and there whatever Node knows of their options.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { recruit } from '../../../src/compose/workers/recruits.ts';

test('a thread starts also where Node does not know an option', async () => {
  await using recruits = recruit(1, ['--no-such-option']);
  const { worker } = recruits.take();
  await once(worker, 'online');
  assert.equal(await worker.terminate(), 1);
});

test('those that nobody takes end, and one more than were waiting is made', async () => {
  const recruits = recruit(2);
  const taken = [recruits.take(), recruits.take(), recruits.take()];
  assert.equal(new Set(taken.map(({ worker }) => worker)).size, 3);
  await Promise.all(taken.map(({ worker }) => worker.terminate()));
  await using others = recruit(1);
  assert.ok(others);
});
