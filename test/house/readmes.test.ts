// Every room says in a few lines what lives in it.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/source.ts';

for (const entry of readdirSync(join(root, 'src'), { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  test(`src/${entry.name} has a README of at most ten lines`, () => {
    const path = join(root, 'src', entry.name, 'README.md');
    assert.ok(existsSync(path));
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    assert.equal(lines[0], `# ${entry.name}`);
    assert.ok(lines.length <= 10, `${lines.length} lines`);
  });
}

test('links in the manual lead to files that exist', () => {
  for (const page of [
    'README.md',
    ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ]) {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, page, '..', target)), `${page} links to ${target}`);
    }
  }
});
