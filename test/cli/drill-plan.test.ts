// Plans from files and options: options come first, and YAML is as good as JSON.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Options } from '../../src/cli/command.ts';
import { planIn } from '../../src/cli/drill-plan.ts';

const io = { env: { USER: 'alice' }, out() {}, err() {}, signal: new AbortController().signal };
const plan = (options: Options) => planIn(options, io);

test('options alone make a plan of three steps', async () => {
  const made = await plan({
    region: 'eu',
    reason: 'rehearsal',
    'keep-ttl': true,
    'max-load': '90%',
  });
  assert.deepEqual(made, {
    actor: 'alice',
    region: 'eu',
    reason: 'rehearsal',
    steps: [0.25, 0.5, 1].map((share) => ({ share, hold: '5m' })),
    lowerTtl: false,
    abortIf: { load: 0.9 },
  });
});

test('a file is a plan, and options come before what it says', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drill-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plan.yaml');
  await writeFile(file, 'region: eu\nreason: monthly\nsteps:\n  - { share: 0.5, hold: 1m }\n');
  const made = await plan({ plan: file, region: 'us', 'first-moved': '5s' });
  assert.deepEqual(made, {
    actor: 'alice',
    region: 'us',
    reason: 'monthly',
    steps: [{ share: 0.5, hold: '1m' }],
    objectives: { firstMoved: '5s' },
  });
  for (const text of ['steps: 7\nregion: eu\nreason: x', '[1]', 'a: [', 'steps: [null]']) {
    await writeFile(file, text);
    await assert.rejects(plan({ plan: file, region: 'us', reason: 'x' }), { name: 'FaultError' });
  }
});

test('limits of options are added to those of a file, and objectives are merged', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drill-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plan.yaml');
  await writeFile(
    file,
    `region: eu
reason: monthly
steps: [{ share: 1, hold: 1m }]
objectives: { drained: 5m }
abortIf:
  load: 0.8
  numbers: [{ http: "http://h/", json: errors, above: 5, onSilence: continue }]
`,
  );
  const made = await plan({
    plan: file,
    'first-moved': '5s',
    'abort-if': ['header x-load at http://h/ above 80 for 1m'],
  });
  assert.deepEqual(made.objectives, { drained: '5m', firstMoved: '5s' });
  assert.deepEqual(made.abortIf, {
    load: 0.8,
    numbers: [
      { http: 'http://h/', json: 'errors', above: 5, onSilence: 'continue' },
      { http: 'http://h/', answerHeader: 'x-load', above: 80, for: '1m' },
    ],
  });
});

test('a key that no plan has is told with its place', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drill-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'plan.yaml');
  await writeFile(file, 'region: eu\nreason: x\nsteps: []\n');
  await assert.rejects(plan({ plan: file }), /plan\.yaml:3:\d+.*want a list of steps/s);
  await writeFile(file, 'region: eu\nreason: x\nabortif: {}\n');
  await assert.rejects(plan({ plan: file }), /plan\.yaml:3:1: \/abortif: is not a setting here/);
});
