// RFC 9110 §12.5.1: which representation a client likes best.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { preferred } from '../../../src/edge/http/accept.ts';

const offered = ['application/json', 'text/html', 'text/markdown'] as const;
const browser =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

const wanted: readonly (readonly [accept: string | undefined, type: string | undefined])[] = [
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  [browser, 'text/html'],
  ['text/markdown', 'text/markdown'],
  ['text/*', 'text/html'],
  ['TEXT/Markdown ; Q=1.000', 'text/markdown'],
  ['application/json;q=0.5, text/html;q=0.7', 'text/html'],
  ['text/html;q=0.7, application/json;q=0.7', 'application/json'],
  ['text/html;q=0.001, text/markdown;q=0', 'text/html'],
  ['*/*, application/json;q=0', 'text/html'],
  ['text/*;q=0.3, text/html;q=0.2, */*;q=0.1', 'text/markdown'],
  ['text/html;charset=utf-8', 'text/html'],
  ['application/xml', undefined],
  ['application/json;q=0', undefined],
  ['text/html;level=1, text/markdown;q=0.2', 'text/markdown'],
  ['text/html;q=1.5, text/markdown;q=0.2', 'text/markdown'],
  ['text, ;;;, /', 'application/json'],
];

for (const [accept, type] of wanted) {
  test(`${accept ?? 'no Accept'} is answered with ${type ?? 'none'}`, () => {
    assert.equal(preferred(accept, offered), type);
  });
}

test('whatever is written there, what comes of it is one that is offered, or none', () => {
  const part = fc.constantFrom('text/html', '*/*', ';q=0', ';q=0.3', ',', ' ', '"', ';', '/', 'é');
  const header = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(header, (accept) => {
      const type = preferred(accept, offered);
      assert.ok(type === undefined || offered.includes(type));
    }),
  );
});
