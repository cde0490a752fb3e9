// `meridian timeline` before two directors, one with a clock of its own, and one that is not there.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { runCommand } from '../../src/cli/command.ts';
import { timeline } from '../../src/cli/timeline.ts';
import { listen, setStage } from '../support/http-stage.ts';

const now = (aheadMs = 0): string => new Date(Date.now() + aheadMs).toISOString();

async function director(t: TestContext, name: string, aheadMs: number) {
  const stage = setStage();
  const down = { event: 'verdict', region: 'eu', to: 'down', isKept: false, reason: 'timed out' };
  stage.api.timeline = (request) => {
    stage.api.asked.timeline.push(request);
    const isFirst = request.after === undefined;
    const entries = isFirst
      ? [{ ...down, at: now(aheadMs - 60_000) }]
      : [{ event: 'started', at: now(aheadMs - 30_000), release: '1', configuration: 'abc' }];
    const next = isFirst ? 'life.1' : null;
    const since = { now: now(aheadMs), remembersSince: '2020-01-01T00:00:00.000Z' };
    return { director: name, ...since, head: null, entries, next };
  };
  const port = await listen(t, stage);
  return { stage, url: `http://127.0.0.1:${port}` };
}

async function ask(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    env: {},
    signal: new AbortController().signal,
  };
  return { code: await runCommand(timeline, words, io), out, err };
}

test('two directors tell one story, with the difference of their clocks, page by page', async (t) => {
  const ams = await director(t, 'ams-1', 0);
  const fra = await director(t, 'fra-1', 3_600_000);
  const { code, out } = await ask('--url', ams.url, '--url', fra.url, '--region', 'eu');
  assert.equal(code, 0);
  assert.match(out[0] ?? '', /^What happened from .* UTC to now, as ams-1, fra-1 recorded it/);
  const [, ahead, within] =
    /^The clock of fra-1 is ([\d.]+) s ahead \(±(\d+) ms\); its times are corrected/.exec(
      out[1] ?? '',
    ) ?? [];
  // As far as it says itself that it may be wrong, on the busiest machine, and a rounded tenth.
  const off = Math.abs(Number(ahead) - 3600);
  assert.ok(off <= Number(within) / 1000 + 0.05, out[1]);
  assert.match(out[3] ?? '', /Z {2}eu is down: timed out · (ams-1|fra-1), (ams-1|fra-1)( \+|$)/);
  assert.equal(out.length, 6);
  assert.equal(ams.stage.api.asked.timeline[0]?.region, 'eu');
  assert.equal(ams.stage.api.asked.timeline[1]?.after, 'life.1');
});

test('around a moment it is asked for half an hour on either side', async (t) => {
  const ams = await director(t, 'ams-1', 0);
  assert.equal((await ask('--url', ams.url, '--around', '2026-05-01 12:00')).code, 0);
  const { since, until } = ams.stage.api.asked.timeline[0] ?? {};
  assert.deepEqual([since, until], ['2026-05-01T11:30:00.000Z', '2026-05-01T12:30:00.000Z']);
});

test('who is not reached is named, and nobody at all is a failure', async (t) => {
  const ams = await director(t, 'ams-1', 0);
  const some = await ask('--url', ams.url, '--url', 'http://127.0.0.1:1');
  assert.equal(some.code, 0);
  assert.ok(some.out.some((line) => line.startsWith('NOT IN THIS STORY: http://127.0.0.1:1: ')));
  const none = await ask('--url', 'http://127.0.0.1:1', '--json');
  assert.equal(none.code, 1);
  const { missing } = JSON.parse(none.out.join('\n')) as { missing: { url: string }[] };
  assert.deepEqual(
    missing.map(({ url }) => url),
    ['http://127.0.0.1:1'],
  );
});

test('a time that is none is wrong usage', async () => {
  for (const words of [
    ['--since', 'yesterday'],
    ['--around', '12:00'],
  ]) {
    assert.equal((await ask(...words)).code, 2);
  }
});
