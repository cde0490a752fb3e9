import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

test('a limit on reloads is read as a share', () => {
  assert.equal(settingsOf().reload, undefined);
  const main = `${mainText}reload: { maxMoved: 12.5%, force: 0123456789ab }\n`;
  assert.deepEqual(settingsOf({ main }).reload, { maxMoved: 0.125, force: '0123456789ab' });
});

test('how a director takes changes is its own affair', () => {
  const main = `${mainText}reload: { maxMoved: 5% }\n`;
  assert.equal(settingsOf({ main }).configuration, settingsOf().configuration);
});

test('what is no share, and no configuration, is refused', () => {
  for (const reload of ['{ maxMoved: 10 }', '{ maxMoved: -1% }', '{ maxMoved: 5%, force: x }']) {
    const faults = faultsOf({ main: `${mainText}reload: ${reload}\n` });
    assert.equal(faults.length, 1, reload);
    assert.match(faults[0] ?? '', /\/reload/);
  }
});
