// `meridian drill`: run, watched, aborted, listed and told of; what a pipeline learns by the exit code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { drill as command } from '../../src/cli/drill.ts';
import { progressOf } from '../../src/cli/drill-progress.ts';
import type { DrillReport } from '../../src/model/drill.ts';
import { createConfigFolder } from '../support/director-process.ts';
import { drill, drillAges } from '../support/fake-api.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const done: DrillReport = {
  ...drill,
  phase: 'done',
  step: 2,
  isMet: true,
  objectives: drill.objectives.map((each) => ({ ...each, seconds: 0.4, isMet: true })),
};
const at = `/v1/drills/${drill.id}`;
const plan = ['--region=eu-west', '--reason=rehearsal', '--actor=alice'];

async function runAgainst(last: DrillReport, ...words: string[]) {
  await using director = await startFakeDirector({
    'POST /v1/drills': { status: 201, json: drill },
    [`GET ${at}`]: { json: last },
  });
  return await runIn(command, [...words, '--url', director.url]);
}

describe('meridian drill run', () => {
  test('gives the plan to a director and says how far it is', async () => {
    const run = await runAgainst(drill, 'run', ...plan, '--steps=25%,100%', '--hold=5m');
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /^drill 20260501T120000000Z-d1 at d1\n/);
    assert.match(
      run.out,
      /step 1 of 2: 25\.0 % until 12:05:00; 200 of 400 networks asked again, 51 moved/,
    );
  });

  test('waits, if asked, and exits 0 only where every objective is met', async () => {
    const good = await runAgainst(done, 'run', ...plan, '--wait');
    assert.equal(good.code, 0, good.err);
    assert.match(good.out, /Done; every objective was met\./);
    const missed = await runAgainst({ ...done, isMet: false }, 'run', ...plan, '--wait');
    assert.equal(missed.code, 1);
    const abort = { code: 'verdict', message: 'us-east went from up to down' } as const;
    const aborted = { ...done, phase: 'aborted', isMet: false, abort } as const;
    const stopped = await runAgainst(aborted, 'run', ...plan, '--wait');
    assert.equal(stopped.code, 1);
    assert.match(stopped.out, /Aborted: us-east went from up to down \(verdict\)\./);
  });

  test('refuses what is not even the form of a plan before any director is asked', async () => {
    for (const [code, ...words] of [
      [2, 'run', '--region=eu-west'],
      [2, 'run', ...plan, '--steps=half'],
      [2, 'run', ...plan, '--max-load=0.9'],
      [1, 'run', '--plan=/nowhere/plan.yaml'],
    ] as const) {
      const run = await runIn(command, words);
      assert.equal(run.code, code, words.join(' '));
    }
    const bare = await runIn(command, ['run', '--region=eu-west']);
    assert.equal(
      bare.err,
      'a plan has a region, a reason and steps: want reason (request.invalid)',
    );
  });
});

describe('a pipeline learns by the exit code', () => {
  const missed = (seconds: number | null) => ({
    ...done,
    isMet: false,
    objectives: done.objectives.map((each) => ({ ...each, seconds, isMet: false })),
  });

  test('that an objective was missed, and which one', async () => {
    const late = await runAgainst(missed(9), 'run', ...plan, '--wait');
    assert.equal(late.code, 1);
    assert.match(late.out, /Done; an objective was missed\./);
    assert.match(late.out, /\| first moved \| 1 \| 5 s \| 9 s \| no \|/);
    assert.match(
      late.err,
      /^objective missed: the first changed answer in step 1 took 9 s, and 5 s was the most$/m,
    );
    const unseen = await runAgainst(missed(null), 'watch', drill.id);
    assert.equal(unseen.code, 1);
    assert.match(unseen.out, /\| first moved \| 2 \| 5 s \| not seen \| no \|/);
    assert.match(unseen.err, /first changed answer in step 2 was not seen, and 5 s was the most/);
    const drained = { objective: 'drained', step: 1, withinSeconds: 30, seconds: 41.5 } as const;
    const slow = { ...done, isMet: false, objectives: [{ ...drained, isMet: false }] };
    const last = await runAgainst(slow, 'run', ...plan, '--wait');
    assert.deepEqual(
      [last.code, last.err],
      [
        1,
        'objective missed: 90 % of the networks asked again in step 1 took 41.5 s, and 30 s was the most',
      ],
    );
  });

  test('that a drill without objectives was done, or was not', async () => {
    const bare = { ...done, objectives: [] };
    assert.equal((await runAgainst(bare, 'run', ...plan, '--wait')).code, 0);
    const abort = { code: 'number', message: 'json a at http://h/ is at 9, above 5' } as const;
    const stopped = { ...bare, phase: 'aborted', isMet: false, abort } as const;
    const run = await runAgainst(stopped, 'run', ...plan, '--wait');
    const why = 'it was aborted: json a at http://h/ is at 9, above 5 (number)';
    assert.deepEqual([run.code, run.err], [1, why]);
    const whole = { objective: 'noAbort', step: null, withinSeconds: null, seconds: null } as const;
    const stated = { ...stopped, objectives: [{ ...whole, isMet: false }] };
    const named = await runAgainst(stated, 'run', ...plan, '--wait');
    assert.deepEqual([named.code, named.err], [1, `objective missed: no abort: ${why}`]);
    assert.match(named.out, /\| no abort \| all \|  \|  \| no \|/);
  });

  test('that no drill was begun, with the words of the rule that stood against it', async () => {
    await using director = await startFakeDirector({
      'POST /v1/drills': {
        status: 409,
        json: { code: 'safety.refused', detail: 'minRegions: it takes 1 more of eu-west' },
      },
    });
    const run = await runIn(command, ['run', ...plan, '--wait', '--url', director.url]);
    assert.equal(run.code, 1);
    assert.match(run.err, /minRegions: it takes 1 more of eu-west \(safety\.refused\)/);
  });

  test('that the director of a drill has gone while it waited', async () => {
    await using director = await startFakeDirector({
      'POST /v1/drills': { status: 201, json: drill },
    });
    const run = await runIn(command, ['run', ...plan, '--wait', '--url', director.url]);
    assert.equal(run.code, 1);
  });
});

describe('numbers that a drill reads', () => {
  const number = {
    number: 'metric errors{code="500"} at http://h/m',
    bound: 'above',
    limit: 5,
    forSeconds: 30,
    onSilence: 'abort',
    before: 0.5,
    last: 1.23456,
    worst: 4,
    readings: 12,
    failures: 1,
    reason: '',
  } as const;

  test('stand in each line of progress and in the report', async () => {
    const run = await runAgainst({ ...done, numbers: [number] }, 'report', drill.id);
    assert.match(
      run.out,
      /^\| metric errors\{code="500"\} at http:\/\/h\/m \| above 5 for 30 s \| 0\.5 \| 1\.235 \| 4 \| 12 \| 1 \|$/m,
    );
    assert.match(
      progressOf({ ...drill, numbers: [number] }),
      /51 moved; metric errors\{code="500"\} at http:\/\/h\/m: 1\.235 \(ends it above 5 for 30 s\)$/,
    );
    const silent = { ...number, reason: 'timed out after 2s', last: null, forSeconds: 0 };
    assert.match(
      progressOf({ ...drill, phase: 'preparing', numbers: [silent] }),
      /before 12:05:00; metric .*: not read: timed out after 2s \(ends it above 5\)$/,
    );
  });
});

describe('meridian drill', () => {
  test('watches one to its end', async () => {
    const run = await runAgainst(done, 'watch', drill.id);
    assert.equal(run.code, 0);
    assert.match(run.out, /drill of eu-west is done since 12:05:00/);
  });

  test('reports as Markdown or JSON, and what people wrote stays text', async () => {
    const sly = { ...done, reason: 'a|b\n# c <script>' };
    const words = await runAgainst(sly, 'report', drill.id);
    assert.match(words.out, /by alice: a\\\|b \\# c \\<script\\>/);
    assert.match(
      words.out,
      /\| 1 \| 25\.0 % \| 12:00:00Z \| 400 \| 200 \| 51 \| 25\.5 % \| 25\.5 % \|/,
    );
    assert.match(words.out, /\| 1 \| 0\.42 s \| 9\.5 s \| not seen \| not seen \|/);
    const json = await runAgainst(done, 'report', drill.id, '--format=json');
    assert.deepEqual(JSON.parse(json.out), done);
    const short = await runAgainst(done, 'report', drill.id, '--json');
    assert.deepEqual(JSON.parse(short.out), done);
    assert.equal((await runAgainst(done, 'report', drill.id, '--format=xml')).code, 2);
  });

  test('writes its report as a page, and says where it cannot', async () => {
    using folder = createConfigFolder('', {});
    const page = join(folder.folder, 'page.html');
    const run = await runAgainst(done, 'report', drill.id, '--html', page);
    assert.equal(run.code, 0, run.err);
    assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[^]*Drill of eu-west: passed/);
    const lost = await runAgainst(done, 'report', drill.id, '--html=/nowhere/page.html');
    assert.equal(lost.code, 1);
    assert.match(lost.err, /cannot write the page to \/nowhere\/page\.html/);
  });

  test('aborts one in the name of whoever says so', async () => {
    const abort = { code: 'asked', message: 'by bob' } as const;
    await using director = await startFakeDirector({
      [`DELETE ${at}`]: { json: { ...drill, phase: 'aborted', abort, isMet: false } },
    });
    const run = await runIn(command, ['abort', drill.id, '--actor=bob', '--url', director.url]);
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /aborted at 12:05:00: by bob/);
  });

  test('lists them', async () => {
    await using director = await startFakeDirector({
      'GET /v1/drills': { json: [drill] },
      'GET /v1/drills/regions': { json: drillAges },
    });
    const run = await runIn(command, ['list', '--url', director.url]);
    assert.match(run.out, /^ID .*\n20260501T120000000Z-d1 {2}alice {2}drill of eu-west, step 1/);
    assert.match(run.out, /us-east +not known +NOT DRILLED FOR TOO LONG\neu-west +2026-04-30/);
  });

  test('says how it is used', async () => {
    for (const words of [['fly'], ['watch'], ['run', 'x']]) {
      assert.equal((await runIn(command, words)).code, 2);
    }
  });
});
