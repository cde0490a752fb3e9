// The seal tells texts of the fleet from all others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createSeal } from '../../src/edge/seal.ts';

test('what a seal signs, a seal with the same secret verifies, and no other', () => {
  const ours = createSeal(['ours']);
  const theirs = createSeal(['theirs']);
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.ok(createSeal(['ours']).verify(text, ours.sign(text)));
      assert.ok(!theirs.verify(text, ours.sign(text)));
    }),
  );
});

test('a MAC belongs to one text and has one spelling', () => {
  const seal = createSeal(['ours']);
  const mac = seal.sign('text');
  assert.ok(!seal.verify('texts', mac));
  for (const other of ['', mac.slice(1), `${mac}=`, ` ${mac}`, `${mac}\n`, mac.toLowerCase()]) {
    assert.ok(!seal.verify('text', other), other);
  }
  fc.assert(fc.property(fc.string(), (other) => seal.verify('text', other) === (other === mac)));
});

test('while a secret is changed, directors with the old one, both and the new one get along', () => {
  const old = createSeal(['old', 'new']);
  const next = createSeal(['new', 'old']);
  assert.ok(old.verify('text', next.sign('text')));
  assert.ok(next.verify('text', old.sign('text')));
  assert.ok(createSeal(['new']).verify('text', next.sign('text')));
  assert.ok(!createSeal(['new']).verify('text', old.sign('text')));
});

test('it is HMAC-SHA256, so that other programs can check it (RFC 4231 §4.3)', () => {
  assert.equal(
    Buffer.from(createSeal(['Jefe']).sign('what do ya want for nothing?'), 'base64url').toString(
      'hex',
    ),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('without a secret there is still a seal, one that everybody has', () => {
  assert.ok(createSeal([]).verify('text', createSeal([]).sign('text')));
  assert.ok(!createSeal(['ours']).verify('text', createSeal([]).sign('text')));
});
