// GET /v1/health: sent again only when it says something else, and held back until something changes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { startHttp } from '../../../src/edge/http/server.ts';
import type { HealthReport, RegionHealthReport } from '../../../src/model/report.ts';
import { eventually } from '../../support/eventually.ts';
import { type HttpStage, listen, openApp, setStage } from '../../support/http-stage.ts';

const change = { type: 'suspicion', region: 'eu-west', isSuspect: true } as const;

describe('a report and its tag', () => {
  for (const url of ['/v1/health', '/v1/health/eu-west']) {
    test(`${url} is not sent again to who holds it`, async (t) => {
      const stage = setStage();
      const app = await openApp(t, stage);
      const first = await app.inject({ url });
      const tag = String(first.headers.etag);
      assert.match(tag, /^W\/"[\w-]{22}"$/);
      assert.equal(first.headers['cache-control'], 'no-cache');
      for (const held of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
        const again = await app.inject({ url, headers: { 'if-none-match': held } });
        assert.equal(again.statusCode, 304, held);
        assert.equal(again.body, '');
        assert.equal(again.headers.etag, tag);
      }
      for (const held of ['"other"', 'W/"other"', tag.slice(3, -1), '']) {
        const again = await app.inject({ url, headers: { 'if-none-match': held } });
        assert.equal(again.statusCode, 200, held);
        assert.equal(again.body, first.body);
      }
    });
  }

  test('the tag stays while only ages move, and changes with everything else', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    const tagOf = async (report: HealthReport) => {
      stage.api.report = report;
      return (await app.inject({ url: '/v1/health' })).headers.etag;
    };
    const { report } = stage.api;
    const [region] = report.regions;
    const [observer] = report.observers;
    assert.ok(region && observer);
    const tag = await tagOf(report);
    const later = [{ ...region.votes[0], ageSeconds: 2, latencyMs: 7 }] as typeof region.votes;
    const next = { change: 'override-ends', at: '2026-05-01T12:10:01.000Z' } as const;
    for (const same of [
      { observers: [{ ...observer, ageSeconds: 2 }] },
      { regions: [{ ...region, votes: later, next }] },
    ]) {
      assert.equal(await tagOf({ ...report, ...same }), tag);
    }
    for (const other of [
      { epoch: 8 },
      { missingObservers: [] },
      { boards: [{ board: 'redis-1:6379', isUp: true }] },
      { observers: [{ ...observer, isHeard: false }] },
      { regions: [{ ...region, verdict: 'down' }] },
      { regions: [{ ...region, override: null }] },
      { regions: [{ ...region, next: { ...next, change: 'down' as const } }] },
    ]) {
      assert.notEqual(await tagOf({ ...report, ...other }), tag, JSON.stringify(other));
    }
  });
});

/** A request that is on its way, and what came of it so far. */
function ask(app: Awaited<ReturnType<typeof openApp>>, url: string, headers = {}) {
  const asked = { status: 0, body: '' };
  const done = app.inject({ url, headers }).then((reply) => {
    asked.status = reply.statusCode;
    asked.body = reply.body;
  });
  return { asked, done };
}

describe('a request that waits', () => {
  test('is answered as soon as there is another epoch', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    const all = ask(app, '/v1/health?wait=30s&epoch=7');
    const one = ask(app, '/v1/health/eu-west?wait=30s&epoch=7');
    await eventually('both wait', () => stage.clock.sleepers === 2);
    await stage.clock.advance(29_000);
    assert.deepEqual([all.asked.status, one.asked.status], [0, 0]);
    stage.api.tell(change);
    await Promise.all([all.done, one.done]);
    assert.equal((JSON.parse(all.asked.body) as HealthReport).epoch, 8);
    assert.equal((JSON.parse(one.asked.body) as RegionHealthReport).epoch, 8);
    assert.equal(stage.clock.sleepers, 0);
    const both = ['change came', 'change came', 'change left', 'change left'];
    assert.deepEqual(stage.followers, both);
  });

  test('is answered with what stands when its wait is over, or told that this is what it holds', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    const tag = String((await app.inject({ url: '/v1/health' })).headers.etag);
    const plain = ask(app, '/v1/health?wait=30s&epoch=7');
    const holder = ask(app, '/v1/health?wait=30s&epoch=7', { 'if-none-match': tag });
    await eventually('both wait', () => stage.clock.sleepers === 2);
    await stage.clock.advance(30_000);
    await Promise.all([plain.done, holder.done]);
    assert.equal((JSON.parse(plain.asked.body) as HealthReport).epoch, 7);
    assert.deepEqual([plain.asked.status, holder.asked.status], [200, 304]);
  });

  test('does not when it knows another epoch, an earlier one or one from before a restart', async (t) => {
    const app = await openApp(t, setStage());
    for (const epoch of [0, 6, 8, 999_999]) {
      const reply = await app.inject({ url: `/v1/health?wait=30s&epoch=${epoch}` });
      assert.equal(reply.json<HealthReport>().epoch, 7);
    }
  });

  test('goes on waiting through events that lead to no other epoch', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    const waiting = ask(app, '/v1/health?wait=30s&epoch=7');
    await eventually('it waits', () => stage.followers.includes('change came'));
    const { report } = stage.api;
    stage.api.report = { ...report, epoch: 6 };
    stage.api.tell(change);
    await stage.clock.advance(1000);
    assert.equal(waiting.asked.status, 0);
    stage.api.tell(change);
    await waiting.done;
    assert.equal(waiting.asked.status, 200);
  });

  test('is refused by its field when it asks for what cannot be', async (t) => {
    const app = await openApp(t, setStage());
    const cases = [
      ['wait=30s', 'epoch'],
      ['epoch=7', 'wait'],
      ['wait=30&epoch=7', 'wait'],
      ['wait=-1s&epoch=7', 'wait'],
      ['wait=56s&epoch=7', 'wait'],
      ['wait=99999999999d&epoch=7', 'wait'],
      ['wait=30s&epoch=-1', 'epoch'],
      ['wait=30s&epoch=7.5', 'epoch'],
      ['wait=30s&epoch=', 'epoch'],
      ['wait=30s&epoch=7&epoch=8', 'epoch'],
      ['wait=30s&epok=7', 'epok'],
    ];
    for (const [query, field] of cases) {
      for (const url of [`/v1/health?${query}`, `/v1/health/eu-west?${query}`]) {
        const reply = await app.inject({ url });
        assert.equal(reply.statusCode, 400, url);
        const { code, field: named } = reply.json<Problem>();
        assert.deepEqual([code, named], ['request.invalid', field], url);
      }
    }
    const unknown = await app.inject({ url: '/v1/health/atlantis?wait=30s&epoch=7' });
    assert.equal(unknown.statusCode, 404);
  });
});

describe('room for those who wait', () => {
  const url = '/v1/health?wait=30s&epoch=7';

  test('is bounded for each client and in all, and free again after', async (t) => {
    const stage = setStage();
    const app = await openApp(t, stage);
    const waiting: Promise<{ statusCode: number }>[] = [];
    const from = (remoteAddress: string) => app.inject({ url, remoteAddress });
    for (let client = 1; client <= 16; client++) {
      for (let i = 0; i < 32; i++) waiting.push(from(`192.0.2.${client}`));
    }
    await eventually('all wait', () => stage.clock.sleepers === 512);
    const own = await from('192.0.2.1');
    assert.equal(own.statusCode, 429);
    assert.equal(own.json<Problem>().code, 'request.too-many');
    const other = await from('192.0.2.99');
    assert.equal(other.statusCode, 503);
    assert.equal(other.json<Problem>().code, 'request.no-room');
    assert.equal(
      (await app.inject({ url: '/v1/health' })).statusCode,
      200,
      'nobody else is held up',
    );
    await stage.clock.advance(30_000);
    for (const each of waiting) assert.equal((await each).statusCode, 200);
    const again = from('192.0.2.1');
    await eventually('it waits', () => stage.clock.sleepers === 1);
    await stage.clock.advance(30_000);
    assert.equal((await again).statusCode, 200);
  });

  test('is given back when a client goes away', async (t) => {
    const stage = setStage();
    const port = await listen(t, stage);
    const gone = new AbortController();
    const asking = fetch(`http://127.0.0.1:${port}${url}`, { signal: gone.signal });
    await eventually('it waits', () => stage.followers.includes('change came'));
    gone.abort();
    await assert.rejects(asking);
    await eventually('its place is free', () => stage.followers.includes('change left'));
    assert.equal(stage.clock.sleepers, 0);
  });
});

test('who waits is answered when the server stops, over a connection that is idle for long', async (t) => {
  const stage: HttpStage = setStage();
  const server = await startHttp({ ...stage.doors, listen: { host: '127.0.0.1', port: 0 } });
  t.after(() => server[Symbol.asyncDispose]());
  const asking = fetch(`http://127.0.0.1:${server.address.port}/v1/health?wait=30s&epoch=7`);
  await eventually('it waits', () => stage.followers.includes('change came'));
  const stopped = server[Symbol.asyncDispose]();
  const reply = await asking;
  assert.equal(((await reply.json()) as HealthReport).epoch, 7);
  await stopped;
});
