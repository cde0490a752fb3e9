// HMAC-SHA256: the examples of RFC 4231, and what is not accepted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hmac } from '../../src/edge/hmac.ts';

const jefe = Buffer.from('Jefe');
const parts = ['what do ya ', '', 'want for nothing?'].map((text) => Buffer.from(text));
const mac = Buffer.from('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', 'hex');

test('RFC 4231 §4.3, in pieces', () => {
  assert.deepEqual(Buffer.from(hmac.sign(jefe, parts)), mac);
});

test('a MAC is believed whole or as far as it goes, and never when there is none', () => {
  assert.ok(hmac.verify(jefe, parts, mac));
  assert.ok(hmac.verify(jefe, parts, mac.subarray(0, 16)));
  assert.ok(!hmac.verify(jefe, parts, mac.subarray(0, 0)));
  assert.ok(!hmac.verify(jefe, parts, Buffer.concat([mac, mac])));
  for (let i = 0; i < 32; i++) {
    assert.ok(!hmac.verify(jefe, parts, mac.with(i, (mac[i] ?? 0) ^ 1)));
  }
});

test('time is whole seconds', () => {
  assert.ok(Math.abs(hmac.unixSeconds() - Date.now() / 1000) < 2);
  assert.ok(Number.isInteger(hmac.unixSeconds()));
});
