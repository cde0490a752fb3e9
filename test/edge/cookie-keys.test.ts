// Keys for cookies: the configured ones, else the fleet's, else one of this start.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepKeys } from '../../src/edge/cookie-keys.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { mainText, settingsOf } from '../support/config.ts';
import { fromHex } from '../support/hex.ts';

const [one, two] = ['01'.repeat(16), '02'.repeat(16)];

function keysOf(block: string) {
  return keepKeys()(settingsOf({ main: mainText + block }));
}

test('configured secrets are the keys, in their order', () => {
  const keys = keysOf(`dns: { cookies: { secrets: ["${one}", "${two}"] } }`);
  assert.deepEqual(keys, [sipKey(fromHex(one)), sipKey(fromHex(two))]);
});

test('directors with the same secrets believe the same cookies, and a new secret beside the old', () => {
  const secret = 'a secret of the fleet';
  const [key] = keysOf(`gossip: { secrets: ["${secret}"] }`);
  assert.deepEqual(keysOf(`gossip: { secrets: [another secret yet, "${secret}"] }`)[1], key);
});

test('a director by itself has a key of its own, the same as long as it lives', () => {
  const settings = settingsOf();
  const keep = keepKeys();
  const keys = keep(settings);
  assert.equal(keys.length, 1);
  assert.deepEqual(keep(settingsOf()), keys);
  assert.notDeepEqual(keepKeys()(settings), keys);
});
