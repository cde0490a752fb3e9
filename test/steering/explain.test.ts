// Explanations in telling situations, as they stand in golden/: `npm run golden` writes them anew.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ResolveReport } from '../../src/model/report.ts';
import { stepKinds } from '../../src/steering/chain.ts';
import { ttlReasons } from '../../src/steering/ttl.ts';
import { anOverride } from '../support/fleet.ts';
import { situations } from './golden/situations.ts';
import { tell } from './golden/told.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'golden');

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

describe('an explanation', () => {
  for (const [name, situation] of Object.entries(situations)) {
    test(`of ${name} is the one that people have read`, () => {
      const { text, json } = tell(situation);
      assert.equal(text, read(`${name}.txt`));
      assert.equal(json, read(`${name}.json`));
    });
  }

  test('has one line for an override, whatever its reason', () => {
    const reason = 'a\u001B[2J\n  forged  all is well\u202E';
    const [situation] = Object.values(situations);
    assert.ok(situation);
    const facts = { overrides: [anOverride('eu-west', { reason })] };
    const lines = tell({ ...situation, facts }).text.split('\n');
    for (const line of lines) assert.doesNotMatch(line, /^ *forged|[\p{Cc}\p{Cf}]/u);
    assert.ok(lines.some((line) => line.includes(String.raw`: a\u{1b}[2J\u{a}  forged`)));
  });

  test('has no file that no situation tells of', () => {
    const files = readdirSync(folder).filter((file) => /\.(txt|json)$/.test(file));
    const wanted = Object.keys(situations).flatMap((name) => [`${name}.json`, `${name}.txt`]);
    assert.deepEqual(files.sort(), wanted.sort());
  });

  test('is there for every step, every reason of a TTL, and every state', () => {
    const trails = Object.values(situations).flatMap((situation) => {
      const { trail } = JSON.parse(tell(situation).json) as ResolveReport;
      return trail ?? [];
    });
    const steps = new Set(trails.flatMap((trail) => trail.steps.map(({ step }) => step)));
    for (const { kind } of stepKinds) assert.ok(steps.has(kind), `none shows ${kind}`);
    const reasons = new Set(trails.map(({ ttlReason }) => ttlReason));
    assert.deepEqual([...reasons].sort(), Object.keys(ttlReasons).sort());
    assert.equal(new Set(trails.map(({ state }) => state)).size, 6);
    assert.equal(new Set(trails.map(({ scopeReason }) => scopeReason)).size, 7);
  });
});
