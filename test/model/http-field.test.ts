// What may stand in an HTTP header.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFieldName, isFieldValue } from '../../src/model/http-field.ts';

test('names are tokens', () => {
  for (const name of ['x-load', 'ETag', 'x_1']) assert.ok(isFieldName(name), name);
  for (const name of ['', 'x load', 'x:load', 'x\r\n', 'ü']) assert.ok(!isFieldName(name), name);
});

test('values have no line of their own', () => {
  for (const value of ['', 'Bearer abc', 'a\tb', 'caf\u00e9'])
    assert.ok(isFieldValue(value), value);
  for (const value of ['a\r\nb', 'a\0b', '\u2713']) assert.ok(!isFieldValue(value), value);
});
