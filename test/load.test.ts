// Loading: the files as they are become settings, or every fault in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../src/load.ts';

test('the example configuration is fine', async () => {
  const loaded = await loadSettings('meridian.yaml', {});
  assert.ok(loaded.ok);
  assert.match(loaded.value.configuration, /^[0-9a-f]{12}$/);
});

test('files that are not there are faults', async () => {
  const loaded = await loadSettings('nowhere/meridian.yaml', {});
  assert.ok(!loaded.ok);
  assert.deepEqual(
    loaded.faults.map(({ code }) => code),
    ['config.read'],
  );
});
