// Patterns: what they find, and that none can hold up the director.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPattern } from '../../src/config/pattern.ts';

function finds(source: string, text: string): boolean {
  const pattern = readPattern(source);
  if (typeof pattern === 'string') throw new Error(pattern);
  return pattern.test(text);
}

describe('a pattern', () => {
  test('matches anywhere, unless it is tied to an end', () => {
    assert.equal(finds('"status": *"(ok|up)"', '{ "status":  "up" }'), true);
    assert.equal(finds('^ok$', 'ok'), true);
    assert.equal(finds('^ok$', 'not ok'), false);
  });

  test('knows classes, flags and letters beyond ASCII', () => {
    assert.equal(finds('(?i)READY\\b', 'is ready.'), true);
    assert.equal(finds('gr\\pL+n', 'grün'), true);
    assert.equal(finds('(?s)a.b', 'a\nb'), true);
    assert.equal(finds('a.b', 'a\nb'), false);
  });

  test('keeps nothing from one text to the next', () => {
    const pattern = readPattern('ok');
    assert.ok(typeof pattern !== 'string');
    assert.deepEqual(
      ['ok', 'no', 'ok', 'ok'].map((text) => pattern.test(text)),
      [true, false, true, true],
    );
  });
});

describe('a pattern is refused', () => {
  const cases = [
    ['(a', 'is no regular expression of RE2: missing closing ): `(a`'],
    ['(a)\\1', 'is no regular expression of RE2: invalid escape sequence: `\\1`'],
    ['a(?=b)', 'is no regular expression of RE2: invalid or unsupported Perl syntax: `(?=`'],
    ['a{99}', 'is too large: 101 steps, want at most 100'],
  ] as const;
  for (const [source, words] of cases) {
    test(source, () => assert.equal(readPattern(source), words));
  }

  test('a{98} just not', () => assert.equal(typeof readPattern('a{98}'), 'object'));
});

// Each would keep an engine that backtracks busy for longer than the universe has existed.
describe('64 KiB are searched to their end by', () => {
  for (const source of ['(x+x+)+[yz]', '(x|xx)+[yz]', '^(([a-z])+.)+[A-Z]$', '(x*)*[yz]']) {
    test(source, () => assert.equal(finds(source, 'x'.repeat(65_536)), false));
  }
});
