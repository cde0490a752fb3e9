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

test('one more than were waiting is made when it is wanted', async () => {
  await using recruits = recruit(1);
  const taken = [recruits.take(), recruits.take()];
  const online = taken.map(({ worker }) => once(worker, 'online'));
  await Promise.all(online);
  const ends = await Promise.all(taken.map(({ worker }) => worker.terminate()));
  assert.deepEqual(ends, [1, 1]);
});
