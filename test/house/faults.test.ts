// The fault registry, the code and the manual name exactly the same codes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultRegistry } from '../../src/model/fault.ts';
import { readSources, root } from '../support/source.ts';

const codes = Object.keys(faultRegistry);

test('every code of the registry is used by the program', () => {
  const text = readSources('src')
    .filter(({ path }) => path !== 'src/model/fault.ts')
    .map((file) => file.text)
    .join('\n');
  for (const code of codes) assert.ok(text.includes(`'${code}'`), `nothing uses ${code}`);
});

test('the manual has a row for every code, and for no other', () => {
  const manual = readFileSync(join(root, 'docs/faults.md'), 'utf8');
  const rows = [...manual.matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, code]) => code);
  assert.deepEqual(new Set(rows), new Set(codes));
});
