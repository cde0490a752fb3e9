import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from '../../src/cli/load.ts';
import { run as runLine } from '../../src/cli/run.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const held = { region: 'eu', load: 0.705, connections: 12, leftSeconds: 30, posted: 2 };

describe('meridian load', () => {
  test('shows how busy regions are, by whose word, and what they pass on', async () => {
    const known = { load: 0.704, connections: 12, source: 'probes', ageSeconds: 1.2, shed: 0.25 };
    const nothing = { load: null, connections: null, source: null, ageSeconds: null, shed: 0 };
    const json = [
      { region: 'eu', ...known },
      { region: 'us', ...nothing },
    ];
    await using director = await startFakeDirector({ 'GET /v1/load': { json } });
    const table = await runIn(load, ['--url', director.url]);
    assert.equal(table.code, 0);
    assert.match(table.out, /^REGION +LOAD +CONNECTIONS +SOURCE +AGE +PASSES ON/);
    assert.match(table.out, /\neu +70 % +12 +probes +1.2 s +25 %/);
    assert.match(table.out, /\nus +– +– +nobody says/);
    const raw = await runIn(load, ['--json', '--url', director.url]);
    assert.deepEqual(JSON.parse(raw.out), json);
  });

  test('reports for a region, with its token, and says what is held', async () => {
    await using director = await startFakeDirector({ 'POST /v1/load/eu': { json: held } });
    const amounts = ['--load', '0.7', '--connections', '12', '--requests', '340.5', '--for', '30s'];
    const words = ['eu', ...amounts, '--url', director.url];
    const run = await runIn(load, words, { MERIDIAN_TOKEN: 'own' });
    assert.equal(run.code, 0);
    assert.equal(run.out, 'eu: load 71 %, 12 connections, for 30 s, on 2 boards');
    const [request] = director.requests;
    assert.equal(request?.token, 'Bearer own');
    const said = { load: 0.7, connections: 12, requests: 340.5, for: '30s' };
    assert.deepEqual(JSON.parse(request?.body ?? ''), said);
  });

  test('a report that is refused is exit code 1, with the words of the director', async () => {
    const json = { code: 'load.unset', detail: 'region eu has no load block' };
    await using director = await startFakeDirector({
      'POST /v1/load/eu': { status: 404, json },
    });
    const run = await runIn(load, ['eu', '--load', '1', '--url', director.url]);
    assert.deepEqual([run.code, run.err], [1, 'region eu has no load block (load.unset)']);
  });

  for (const words of [['eu'], ['eu', '--load', 'high'], ['eu', '--load', ''], ['eu', 'us']]) {
    test(`is wrong usage: ${words.join(' ')}`, async () => {
      assert.equal((await runIn(load, words)).code, 2);
    });
  }

  test('is a command of the program', async () => {
    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: () => undefined };
    await runLine(['--help'], { ...io, env: {} } as unknown as Parameters<typeof runLine>[1]);
    assert.match(lines.join('\n'), /^load /m);
  });
});
