// Strong tags: a write that names what it was read from is done only where that is still so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import type { DrillReport } from '../../../src/model/drill.ts';
import { drill } from '../../support/fake-api.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/overrides';
const payload = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'disk', for: '10m' };
const headers = { host: 'localhost:8053' };

test('lists have a strong tag, by which they are not sent twice', async (t) => {
  const app = await openApp(t, setStage());
  for (const path of [url, '/v1/drills']) {
    const { etag } = (await app.inject({ url: path })).headers;
    assert.match(String(etag), /^"[\w-]{22}\.[\w-]{22}"$/);
    const held = { 'if-none-match': String(etag) };
    assert.equal((await app.inject({ url: path, headers: held })).statusCode, 304);
  }
});

test('If-Match lets through what is still so, and nothing else', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const etag = String((await app.inject({ url })).headers.etag);
  const post = (match: string) =>
    app.inject({ method: 'POST', url, headers: { ...headers, 'if-match': match }, payload });
  for (const match of [etag, '*', `"other", ${etag}`]) {
    assert.equal((await post(match)).statusCode, 201, match);
  }
  for (const match of ['"other"', `W/${etag}`, '']) {
    const refused = await post(match);
    assert.equal(refused.statusCode, 412, match);
    assert.equal(refused.json<Problem>().code, 'request.precondition');
  }
  assert.equal(stage.api.asked.add.length, 3);
});

test('what is not there has no tag, not even any', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  assert.equal((await app.inject({ url: `${url}/none` })).statusCode, 404);
  const gone = { method: 'DELETE', url: `${url}/none`, headers: { ...headers, 'if-match': '*' } };
  const refused = await app.inject({ ...gone, method: 'DELETE' });
  assert.equal(refused.statusCode, 412);
  assert.equal(stage.api.asked.end.length, 0);
});

test('a drill that runs is aborted by who knows its step, however its figures have moved', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  let report: DrillReport = { ...drill, phase: 'step', step: 1 };
  stage.doors.api.drill = () => report;
  stage.doors.api.drills = () => [report];
  const at = `/v1/drills/${drill.id}`;
  const tagOf = async (path: string) => String((await app.inject({ url: path })).headers.etag);
  const abort = (match: string) =>
    app.inject({ method: 'DELETE', url: at, headers: { ...headers, 'if-match': match } });
  const [held, list] = [await tagOf(at), await tagOf('/v1/drills')];
  report = { ...report, unnoted: 7, steps: [], directors: [{ director: 'a', measure: null }] };
  const now = await tagOf(at);
  assert.notEqual(now, held);
  const again = await app.inject({ url: at, headers: { 'if-none-match': held } });
  assert.deepEqual([again.statusCode, again.json<DrillReport>().unnoted], [200, 7]);
  assert.equal((await abort(held)).statusCode, 200);
  for (const moved of [
    { step: 2 },
    { phase: 'done' },
    { until: '2026-05-01T13:00:00Z' },
  ] as const) {
    report = { ...report, phase: 'step', step: 1, ...moved };
    assert.equal((await abort(held)).statusCode, 412, JSON.stringify(moved));
  }
  const begin = { region: 'eu-west', steps: [{ share: 1, hold: '5m' }], actor: 'a', reason: 'b' };
  const second = await app.inject({
    method: 'POST',
    url: '/v1/drills',
    headers: { ...headers, 'if-match': list },
    payload: begin,
  });
  assert.equal(second.statusCode, 412);
});
