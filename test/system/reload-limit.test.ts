// A running director refuses files that would move too many clients, until it is told that this is meant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { createPlaces, places } from '../support/rehearsed.ts';
import { linesOf } from '../support/solo.ts';

test('a change that moves too many is refused with its figure, and comes into force when forced', async () => {
  using config = createPlaces(`${places}reload: { maxMoved: 10% }\n`);
  await using director = await startDirectorProcess(config.main);
  const drained = places.replace('regions: [dublin, ashburn]', 'regions: [ashburn]');

  config.write('meridian.yaml', `${drained}reload: { maxMoved: 10% }\n`);
  await eventually('the change is refused', () => linesOf(director, 'config.refused').length > 0);
  const [refused] = linesOf(director, 'config.refused');
  assert.equal(refused?.['code'], 'config.moves');
  const words = String(refused['message']);
  assert.match(words, /[23]\d\.\d % of the clients of www\.example\.test.* allows 10\.0 %/);
  assert.equal(linesOf(director, 'config.reloaded').length, 0);

  const running = /reload\.force: ([0-9a-f]{12})$/.exec(words)?.[1] ?? assert.fail(words);
  config.write('meridian.yaml', `${drained}reload: { maxMoved: 10%, force: ${running} }\n`);
  await eventually(
    'the change comes into force',
    () => linesOf(director, 'config.reloaded').length > 0,
  );

  // The word was for that one configuration: going back is a change of its own.
  config.write('meridian.yaml', `${places}reload: { maxMoved: 10%, force: ${running} }\n`);
  await eventually(
    'the way back is judged anew',
    () => linesOf(director, 'config.refused').length > 1,
  );
  assert.equal(linesOf(director, 'config.reloaded').length, 1);
});
