import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drain, undrain } from '../../src/cli/drain.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const made = {
  id: 'a1',
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  start: '2026-01-01T00:00:00.000Z',
  end: '2026-01-01T00:10:00.000Z',
  isActive: true,
  posted: 2,
};

describe('meridian drain', () => {
  test('posts an override with actor, reason and end, and says where it stands', async () => {
    await using director = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: made },
    });
    const args = ['eu', '--for', '10m', '--reason', 'disk swap', '--url', director.url];
    const run = await runIn(drain, args, { USER: 'alice' });
    assert.equal(run.code, 0);
    assert.equal(run.out, 'eu: drain until 2026-01-01T00:10:00.000Z, on 2 board(s); id a1');
    assert.deepEqual(JSON.parse(director.requests[0]?.body ?? ''), {
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'disk swap',
      for: '10m',
    });
  });

  test('says that nobody else may have heard of it where no board took it', async () => {
    const stood = async (posted: number, boards: number) => {
      const json = { ...made, posted, boards };
      await using director = await startFakeDirector({
        'POST /v1/overrides': { status: 201, json },
      });
      return await runIn(drain, ['eu', '--reason', 'x', '--url', director.url]);
    };
    const unheard = await stood(0, 2);
    assert.match(unheard.out, /, on 0 of 2 board\(s\); id a1$/);
    assert.match(unheard.err, /^Warning: no board took it, .* --direct/);
    assert.equal(unheard.code, 0);
    const heard = await stood(1, 2);
    assert.match(heard.out, /, on 1 of 2 board\(s\); id a1$/);
    assert.equal(heard.err, '');
    const alone = await stood(0, 0);
    assert.match(alone.out, /, there are no boards; id a1$/);
    assert.equal(alone.err, '');
  });

  test('warns of services that are left without a region', async () => {
    const json = { ...made, withheld: ['www.example.test'] };
    await using director = await startFakeDirector({ 'POST /v1/overrides': { status: 201, json } });
    const run = await runIn(drain, ['eu', '--reason', 'x', '--url', director.url]);
    assert.equal(run.code, 0);
    assert.match(run.err, /^Warning: www\.example\.test has no region left/);
  });

  test('lasts an hour unless told otherwise', async () => {
    await using director = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: made },
    });
    await runIn(drain, ['eu', '--reason', 'x', '--url', director.url]);
    assert.equal((JSON.parse(director.requests[0]?.body ?? '{}') as { for: string }).for, '1h');
  });

  test('says what it is on, for whom, and that it is for good', async () => {
    const json = { ...made, service: 'www.example.test', share: 0.25, isPermanent: true };
    await using director = await startFakeDirector({ 'POST /v1/overrides': { status: 201, json } });
    const scope = ['--service', 'www.example.test', '--share', '25%'];
    const good = ['--permanent', '--confirm', 'eu', '--reason', 'x', '--url', director.url];
    const run = await runIn(drain, ['eu', ...scope, ...good], { USER: 'alice' });
    assert.equal(
      run.out,
      'eu for www.example.test: drain 25 % PERMANENT, until somebody ends it, on 2 board(s); id a1',
    );
    assert.deepEqual(JSON.parse(director.requests[0]?.body ?? ''), {
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'x',
      permanent: true,
      confirm: 'eu',
      service: 'www.example.test',
      share: 0.25,
    });
  });

  test('names safety rules to break, with a reason of its own', async () => {
    await using director = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: made },
    });
    const glass = ['--break-glass', 'minRegions', '--break-glass', 'gate', '--because', 'fire'];
    await runIn(drain, ['eu', '--reason', 'x', ...glass, '--url', director.url]);
    const body = JSON.parse(director.requests[0]?.body ?? '{}') as { breakGlass?: object };
    assert.deepEqual(body.breakGlass, { rules: ['minRegions', 'gate'], reason: 'fire' });
  });

  test('asks what rules would say, and does nothing', async () => {
    const refusals = [{ rule: 'minRegions', message: 'it takes 1 more of eu (down)' }];
    const json = { isAllowed: false, checked: ['minRegions', 'gate'], refusals };
    await using director = await startFakeDirector({
      'POST /v1/overrides': { status: 200, json },
    });
    const run = await runIn(drain, ['eu', '--reason', 'x', '--dry-run', '--url', director.url]);
    assert.equal(run.code, 1);
    assert.equal(
      run.out,
      'minRegions: it takes 1 more of eu (down)\nnothing against it: gate\nit would be refused',
    );
    const fine = { isAllowed: true, checked: [], refusals: [] };
    await using other = await startFakeDirector({
      'POST /v1/overrides': { status: 200, json: fine },
    });
    const good = await runIn(drain, ['eu', '--reason', 'x', '--dry-run', '--url', other.url]);
    assert.deepEqual([good.code, good.out], [0, 'no safety rule is set\nit would be taken']);
  });

  test('wants a share in per cent', async () => {
    for (const share of ['0.25', '25', 'half', '25%%', '']) {
      const run = await runIn(drain, ['eu', '--reason', 'x', '--share', share]);
      assert.deepEqual([run.code, /--share 25%/.test(run.err)], [2, true], share);
    }
  });

  test('goes to one director, unless it is direct', async () => {
    const urls = ['--url', 'http://127.0.0.1:1', '--url', 'http://127.0.0.1:2'];
    const run = await runIn(drain, ['eu', '--reason', 'x', ...urls]);
    assert.equal(run.code, 2);
    assert.match(run.err, /--direct/);
  });

  test('wants a reason', async () => {
    const run = await runIn(drain, ['eu']);
    assert.equal(run.code, 2);
    assert.match(run.err, /A reason is needed/);
  });
});

describe('meridian undrain', () => {
  test('ends the override in force on the region', async () => {
    const other = { ...made, id: 'old', isActive: false };
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [other, made] },
      'DELETE /v1/overrides/a1': { json: { ...made, isActive: false } },
    });
    const run = await runIn(undrain, ['eu', '--actor', 'bob', '--url', director.url]);
    assert.equal(run.out, 'eu: drain ended, on 2 board(s)');
    assert.equal(director.requests[1]?.url, '/v1/overrides/a1?actor=bob');
  });

  test('ends the one on the same part, however its name is written', async () => {
    const address = { ...made, id: 'a2', endpoint: '2001:db8::1' };
    const service = { ...made, id: 'a3', service: 'www.example.test' };
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [address, service] },
      'DELETE /v1/overrides/a2': { json: { ...address, isActive: false } },
      'DELETE /v1/overrides/a3': { json: { ...service, isActive: false } },
    });
    const end = (...words: string[]) => runIn(undrain, ['eu', ...words, '--url', director.url]);
    assert.equal((await end('--endpoint', '2001:DB8:0::1')).out.split(':')[0], 'eu at 2001');
    const ended = 'eu for www.example.test: drain ended, on 2 board(s)';
    assert.equal((await end('--service', 'WWW.example.test.')).out, ended);
    assert.equal((await end()).err, 'no override is in force on "eu" (override.unknown)');
  });

  test('names safety rules to break, with a reason of its own', async () => {
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [made] },
      'DELETE /v1/overrides/a1': { json: { ...made, isActive: false } },
    });
    const glass = [
      '--break-glass',
      'gate',
      '--break-glass',
      'windows',
      '--because',
      'a flood & more',
    ];
    const run = await runIn(undrain, ['eu', '--actor', 'bob', ...glass, '--url', director.url]);
    assert.equal(run.code, 0, run.err);
    const { searchParams } = new URL(director.requests[1]?.url ?? '', director.url);
    assert.deepEqual(Object.fromEntries(searchParams), {
      actor: 'bob',
      breakGlass: 'gate,windows',
      because: 'a flood & more',
    });
  });

  test('tells what a rule has against it, and exits 1', async () => {
    const detail = 'gate: the gate is closed, so nothing may be changed';
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [made] },
      'DELETE /v1/overrides/a1': { status: 409, json: { code: 'safety.refused', detail } },
    });
    const run = await runIn(undrain, ['eu', '--url', director.url]);
    assert.deepEqual([run.code, run.err], [1, `${detail} (safety.refused)`]);
  });

  test('wants one region, and a service or an address of it at most', async () => {
    for (const words of [[], ['eu', 'us']]) {
      const run = await runIn(undrain, [...words, '--url', 'http://127.0.0.1:9']);
      assert.equal(run.code, 2);
    }
  });

  test('says so when there is none', async () => {
    await using director = await startFakeDirector({
      'GET /v1/overrides': { json: [] },
    });
    const run = await runIn(undrain, ['eu', '--url', director.url]);
    assert.deepEqual(
      [run.code, run.err],
      [1, 'no override is in force on "eu" (override.unknown)'],
    );
  });
});
