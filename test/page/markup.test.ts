import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeText, html } from '../../src/page/markup.ts';

test('values are escaped, in elements and in attributes; markup is not', () => {
  const evil = `</p><script>alert("x")</script>' onload='y`;
  const inner = html`<b>${evil}</b>`;
  const { html: text } = html`<p title="${evil}">${inner}${[inner, inner]}${3}${undefined}</p>`;
  assert.doesNotMatch(text, /<script|<\/p><|' onload/);
  assert.equal(text.match(/<b>/g)?.length, 3);
  assert.ok(text.endsWith('3</p>'));
});

test('no text can end what it stands in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(escapeText(text), /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
    }),
  );
});

test('what no document may hold, and what turns text around, becomes a space', () => {
  assert.equal(escapeText('a\u0000b\ud800c\u202ed\u2066e\u0085f'), 'a b c d e f');
  assert.equal(escapeText('São Paulo 東京 😀'), 'São Paulo 東京 😀');
});

test('a number that is none is left out', () => {
  assert.equal(html`<i>${Number.NaN}${Number.POSITIVE_INFINITY}</i>`.html, '<i></i>');
});
