// JSON as commands print it means what it did, and a terminal obeys nothing of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { harmless, jsonLines, printJson } from '../../src/cli/json.ts';

const anyText = fc.string({ unit: 'binary' });

test('it is indented, a line at a time, and what is no value is null', () => {
  const lines: string[] = [];
  printJson({ reason: 'Köln\n\u009B\u202E\u{E0001}' }, { out: (line) => void lines.push(line) });
  assert.deepEqual(lines, ['{', String.raw`  "reason": "Köln\n\u009b\u202e\udb40\udc01"`, '}']);
  assert.deepEqual(jsonLines(undefined), ['null']);
});

test('white space between values, as files may have it, is no string’s', () => {
  assert.equal(harmless('{\t"a":\r"\u007F"}'), String.raw`{ "a": "\u007f"}`);
});

test('whatever the value, it reads back the same, and no line holds a control character', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, fc.array(anyText)), (value) => {
      const lines = jsonLines(value);
      for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.equal(JSON.stringify(JSON.parse(lines.join('\n'))), JSON.stringify(value));
    }),
  );
});
