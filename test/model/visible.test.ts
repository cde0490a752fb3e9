// What others wrote is printed whole, on one line, and obeyed by no terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visible } from '../../src/model/visible.ts';

test('what a terminal would obey, or would hide, is spelled out', () => {
  assert.equal(visible('disk swap, Köln <b>'), 'disk swap, Köln <b>');
  assert.equal(
    visible('a\nb\u001b[2J\u009b\u202Ec\u2028\u200B'),
    'a\\u{a}b\\u{1b}[2J\\u{9b}\\u{202e}c\\u{2028}\\u{200b}',
  );
  assert.equal(visible('\ud800'), '\\u{d800}');
});

test('whatever comes in, one line goes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(visible(text), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('what was made so is left as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(visible(visible(text)), visible(text));
    }),
  );
});
