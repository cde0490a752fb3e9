import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { override } from '../../src/cli/override.ts';
import { realClock } from '../support/real-clock.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const now = realClock.now();
const word = {
  id: 'a1',
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  start: new Date(now).toISOString(),
  end: new Date(now + 3_599_000).toISOString(),
  isActive: true,
};
const lifted = { ...word, id: 'old', isActive: false };
const permanent = { ...word, id: 'a2', service: 'www.example.test', share: 0.5, isPermanent: true };

describe('meridian override list', () => {
  test('is a table of what is in force', async () => {
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [word, lifted, permanent] },
    });
    const run = await runIn(override, ['list', '--url', director.url]);
    assert.equal(run.code, 0);
    const until = `${word.end.slice(0, 19).replace('T', ' ')}Z`;
    assert.deepEqual(
      run.out.split('\n').map((line) => line.split(/ {2,}/)),
      [
        ['ID', 'WHAT', 'WHO', 'UNTIL', 'LEFT', 'WHY'],
        ['a1', 'drain eu', 'alice', until, '1h', 'disk swap'],
        ['a2', 'drain 50 % eu for www.example.test', 'alice', 'PERMANENT', 'disk swap'],
      ],
    );
  });

  test('has those that were ended early too, when asked, and is JSON, when asked', async () => {
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [word, lifted] },
    });
    const all = await runIn(override, ['list', '--all', '--url', director.url]);
    assert.match(all.out, /\nold .* ended +disk swap$/);
    const json = await runIn(override, ['list', '--json', '--url', director.url]);
    assert.deepEqual(JSON.parse(json.out), [word]);
  });

  test('says so when there is none', async () => {
    await using director = await startFakeDirector({ 'GET /v1/overrides': { json: [lifted] } });
    const run = await runIn(override, ['list', '--url', director.url]);
    assert.deepEqual([run.code, run.out], [0, 'no override is in force']);
  });
});

describe('meridian override end', () => {
  test('ends one by its id', async () => {
    await using director = await startFakeDirector({
      'DELETE /v1/overrides/a1': { json: { ...word, isActive: false, posted: 2 } },
    });
    const run = await runIn(override, ['end', 'a1', '--actor', 'bob', '--url', director.url]);
    assert.deepEqual([run.code, run.out], [0, 'eu: drain ended, on 2 board(s)']);
    assert.equal(director.requests[0]?.url, '/v1/overrides/a1?actor=bob');
  });

  test('wants an id, and no other word', async () => {
    for (const words of [['end'], ['stop', 'a1'], ['list', 'a1']]) {
      assert.equal((await runIn(override, words)).code, 2, words.join(' '));
    }
  });
});
