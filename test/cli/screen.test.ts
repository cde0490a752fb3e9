import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScreen } from '../../src/cli/screen.ts';

test('a screen is drawn over, cut to its size, and left as it was found', () => {
  let written = '';
  const resized = new Set<() => void>();
  const screen = createScreen({
    columns: 12,
    rows: 2,
    write: (text) => (written += text),
    on: (_event, listener) => resized.add(listener),
    off: (_event, listener) => resized.delete(listener),
  });
  screen.open(() => undefined);
  assert.equal(written, '\x1b[?1049h\x1b[?25l');
  assert.equal(resized.size, 1);
  written = '';
  screen.paint(['0123456789abc', 'a\x1b[2Jb\u202Ec\nd', 'below']);
  assert.equal(written, '\x1b[H0123456789ab\x1b[K\r\na\\u{1b}[2Jb\\\x1b[K\x1b[J');
  written = '';
  screen.close();
  assert.equal(
    written,
    '\x1b[?25h\x1b[?1049l0123456789abc\na\\u{1b}[2Jb\\u{202e}c\\u{a}d\nbelow\n',
  );
  assert.equal(resized.size, 0);
});
