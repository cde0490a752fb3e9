import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAtlas } from '../../src/edge/geo.ts';

test('without a database of the operator, geography is what geoip-lite ships', async () => {
  const loaded = await loadAtlas(undefined);
  assert.ok(!('code' in loaded));
  assert.match(loaded.source, /^geoip-lite /);
});

test("with a database of the operator, nothing else is used, not even when it can't be read", async () => {
  const loaded = await loadAtlas('/nonexistent/own.mmdb');
  assert.ok('code' in loaded);
  assert.match(loaded.message, /^\/nonexistent\/own\.mmdb cannot be used/);
});
