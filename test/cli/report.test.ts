import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { report } from '../../src/cli/report.ts';
import { run as runLine } from '../../src/cli/run.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const held = {
  region: 'eu',
  name: 'web',
  state: 'draining',
  load: 0.7,
  connections: 12,
  reason: 'deploy 42',
  ageSeconds: 0,
  leftSeconds: 30,
  director: 'eu-1',
  posted: 2,
};

describe('meridian report', () => {
  test('posts what the application would say, with the token, and says what is held', async () => {
    await using director = await startFakeDirector({ 'POST /v1/reports/eu/web': { json: held } });
    const words = ['eu', 'web', 'draining', '--load', '0.7', '--connections', '12'];
    const more = ['--reason', 'deploy 42', '--for', '30s', '--url', director.url];
    const run = await runIn(report, [...words, ...more], { MERIDIAN_TOKEN: 'own' });
    assert.equal(run.code, 0);
    assert.equal(run.out, 'web of eu: draining, load 0.7, for 30 s, on 2 board(s)');
    const [request] = director.requests;
    assert.equal(request?.token, 'Bearer own');
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      state: 'draining',
      load: 0.7,
      connections: 12,
      reason: 'deploy 42',
      for: '30s',
    });
  });

  test('says no more than it was told', async () => {
    const json = { ...held, state: 'up', load: null, leftSeconds: 45 };
    await using director = await startFakeDirector({ 'POST /v1/reports/eu/web': { json } });
    const run = await runIn(report, ['eu', 'web', 'up', '--url', director.url]);
    assert.equal(run.out, 'web of eu: up, for 45 s, on 2 board(s)');
    assert.deepEqual(JSON.parse(director.requests[0]?.body ?? ''), { state: 'up' });
  });

  test('a report that is refused is exit code 1, with the words of the director', async () => {
    const json = { code: 'report.unknown', detail: 'region eu has no push probe "web"' };
    await using director = await startFakeDirector({
      'POST /v1/reports/eu/web': { status: 404, json },
    });
    const run = await runIn(report, ['eu', 'web', 'up', '--url', director.url]);
    assert.equal(run.code, 1);
    assert.equal(run.err, 'region eu has no push probe "web" (report.unknown)');
  });

  for (const words of [
    ['eu', 'web'],
    ['eu', 'web', 'UP'],
    ['eu', 'web', 'up', 'down'],
    ['eu', 'web', 'up', '--load', 'high'],
    ['eu', 'web', 'up', '--load', ''],
    ['eu', 'web', 'up', '--connections', 'many'],
    ['eu', 'web', 'up', '--colour', 'red'],
  ]) {
    test(`${words.join(' ')} is wrong usage`, async () => {
      const run = await runIn(report, words);
      assert.equal(run.code, 2);
      assert.match(run.err, /Usage: meridian report REGION NAME up\|draining\|down/);
    });
  }

  test('is among the commands that --help lists', async () => {
    const lines: string[] = [];
    const out = (line: string): void => void lines.push(line);
    const io = { out, err: out, env: {}, signal: new AbortController().signal };
    assert.equal(await runLine(['--help'], io), 0);
    assert.ok(lines.some((line) => line.startsWith('report ')));
  });
});
