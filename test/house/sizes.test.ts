// The size law: a file past 250 lines, or a function past 50, wants to be two.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../support/source.ts';

const sources = readSources('src');

test('no file of the program is longer than 250 lines', () => {
  for (const { path, text } of sources) {
    const lines = text.trimEnd().split('\n').length;
    assert.ok(lines <= 250, `${path} has ${lines} lines`);
  }
});

test('no function of the program is longer than 50 lines', () => {
  for (const { path, text } of sources) {
    for (const { name, lines } of functionsIn(text)) {
      assert.ok(lines <= 50, `${path}: ${name} has ${lines} lines`);
    }
  }
});

test('every file opens with a sentence on what it is', () => {
  for (const { path, text } of sources) {
    const opening = text.replace(/^#!.*\n/, '').split('\n\n')[0] ?? '';
    assert.match(opening, /^\/\/ [\s\S]*[.:?]$/, path);
  }
});

/**
 * Functions and methods by the formatter's own layout: a line that opens a body, and the first
 * line after it that closes one at the same indentation.
 */
function functionsIn(text: string): { name: string; lines: number }[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const head =
      /^(\s*)(?:export )?(?:async )?(?:function\*? (\w+)|(#?\w+)\([^)]*\)[^=;]*\{$)/.exec(line);
    const name = head?.[2] ?? head?.[3];
    if (head === null || name === undefined || /^(if|for|while|switch|catch)$/.test(name))
      return [];
    const end = lines.findIndex(
      (each, at) => at > start && each.startsWith(`${head[1]}}`) && !/^\s*\}\): /.test(each),
    );
    return end < 0 ? [] : [{ name, lines: end - start + 1 }];
  });
}
