// /v1/overrides: changes reach the control side whole, or not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { override, refusal } from '../../support/fake-api.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/overrides';
const headers = { host: 'localhost:8053' };
const body = { region: 'eu-west', kind: 'drain', actor: 'alice', reason: 'disk', for: '10m' };

test('an override that was accepted is 201 with its report and its address', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const reply = await app.inject({ method: 'POST', url, headers, payload: body });
  assert.equal(reply.statusCode, 201);
  assert.equal(reply.headers.location, '/v1/overrides/o-1');
  assert.deepEqual(stage.api.asked.add, [body]);
  const report = reply.json<{ posted: number; reason: string }>();
  assert.equal(report.reason, 'disk');
  assert.equal(report.posted, 2);
});

test('a body that does not fit is 400 and names the field', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const { reason: _reason, ...without } = body;
  const refused: [payload: unknown, field: string | undefined][] = [
    [without, 'reason'],
    [{ ...body, kind: 'explode' }, 'kind'],
    [{ ...body, region: 7 }, 'region'],
    [{ ...body, reason: '' }, 'reason'],
    [{ ...body, for: 600 }, 'for'],
    [{ ...body, actor: 'a'.repeat(201) }, 'actor'],
    [{ ...body, service: '' }, 'service'],
    [{ ...body, endpoint: 7 }, 'endpoint'],
    [{ ...body, share: '25%' }, 'share'],
    [{ ...body, share: 0 }, 'share'],
    [{ ...body, share: 25 }, 'share'],
    [{ ...body, permanent: 'yes' }, 'permanent'],
    [{ ...body, confirm: true }, 'confirm'],
    [{ ...body, until: 'tomorrow' }, 'until'],
    [[body], undefined],
    ['drain', undefined],
    [null, undefined],
  ];
  for (const [payload, field] of refused) {
    const reply = await app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
    assert.equal(reply.statusCode, 400, JSON.stringify(payload));
    assert.equal(reply.json<Problem>().field, field);
  }
  assert.equal(stage.api.asked.add.length, 0);
});

test('what a word is on, and that it is permanent, are said as they were given', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const { for: _, ...rest } = body;
  const payload = { ...rest, service: 'www.example.test', share: 0.25, permanent: true };
  const reply = await app.inject({ method: 'POST', url, headers, payload });
  assert.equal(reply.statusCode, 201);
  assert.deepEqual(stage.api.asked.add, [payload]);
  assert.equal(reply.json<{ share: number }>().share, 0.25);
});

test('a word that another director signed is handed over by its id, as often as one likes', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const put = (payload: object) =>
    app.inject({ method: 'PUT', url: `${url}/o-1`, headers, payload });
  for (let times = 0; times < 2; times++) {
    assert.equal((await put({ signed: 'mac {}' })).statusCode, 200);
  }
  const outdone = await put({ signed: 'mac old' });
  assert.deepEqual([outdone.statusCode, outdone.json<Problem>().code], [409, 'override.outdone']);
  assert.equal((await put({})).json<Problem>().field, 'signed');
  assert.equal((await put({ signed: 'x'.repeat(8193) })).statusCode, 400);
  assert.deepEqual(stage.api.asked.take.length, 3);
});

test('a fault of the control side decides the status', async (t) => {
  const app = await openApp(t, setStage());
  const payload = { ...body, region: 'atlantis' };
  const reply = await app.inject({ method: 'POST', url, headers, payload });
  assert.equal(reply.statusCode, 404);
  assert.equal(reply.json<Problem>().code, 'region.unknown');
  assert.equal(reply.json<Problem>().field, 'region');
});

test('bodies that are not JSON, empty, poisoned, too large or of another type are refused', async (t) => {
  const app = await openApp(t, setStage());
  const post = async (payload: string, type: string): Promise<Problem> => {
    const reply = await app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': type },
      payload,
    });
    assert.match(String(reply.headers['content-type']), /^application\/problem\+json/);
    assert.equal(reply.statusCode, reply.json<Problem>().status);
    return reply.json<Problem>();
  };
  assert.equal((await post('{', 'application/json')).status, 400);
  assert.equal((await post('', 'application/json')).status, 400);
  assert.equal((await post('{"__proto__":{}}', 'application/json')).status, 400);
  assert.equal((await post(`"${'x'.repeat(65_536)}"`, 'application/json')).status, 413);
  assert.equal((await post(JSON.stringify(body), 'text/plain')).status, 415);
  assert.equal((await post('region=eu-west', 'application/x-www-form-urlencoded')).status, 415);
});

test('an override is ended by its id, by whom the query names or else by nobody known', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const end = (path: string) => app.inject({ method: 'DELETE', url: `${url}/${path}`, headers });
  const reply = await end('o-1?actor=bob%20b.');
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(reply.json(), { ...override, isActive: false, posted: 1 });
  assert.equal((await end('o-1')).statusCode, 200);
  assert.equal((await end('o-2')).statusCode, 404);
  assert.equal((await end('o-1?actor=')).statusCode, 400);
  assert.equal((await end('o-1?reason=x')).json<Problem>().field, 'reason');
  assert.deepEqual(stage.api.asked.end, [
    { id: 'o-1', actor: 'bob b.' },
    { id: 'o-1', actor: 'anonymous' },
    { id: 'o-2', actor: 'anonymous' },
  ]);
});

test('a dry run is 200 with what the rules say, and posts nothing', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const request = { method: 'POST', headers, payload: body } as const;
  const reply = await app.inject({ ...request, url: `${url}?dryRun=1` });
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(reply.json(), {
    isAllowed: false,
    checked: ['minRegions'],
    refusals: [refusal],
  });
  assert.deepEqual([stage.api.asked.tried, stage.api.asked.add], [[body], []]);
  const strange = await app.inject({ ...request, url: `${url}?dryRun=yes` });
  assert.deepEqual([strange.statusCode, strange.json<Problem>().field], [400, 'dryRun']);
});

test('break-glass comes in with a word and with its end', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const breakGlass = { rules: ['minRegions'], reason: 'fire' };
  await app.inject({ method: 'POST', url, headers, payload: { ...body, breakGlass } });
  assert.deepEqual(stage.api.asked.add, [{ ...body, breakGlass }]);
  for (const wrong of [
    { rules: [] },
    { rules: 'all', reason: 'x' },
    { ...breakGlass, more: 1 },
    7,
  ]) {
    const payload = { ...body, breakGlass: wrong };
    const reply = await app.inject({ method: 'POST', url, headers, payload });
    assert.deepEqual([reply.statusCode, reply.json<Problem>().field], [400, 'breakGlass']);
  }
  const query = 'actor=bob&breakGlass=gate,windows&because=fire';
  await app.inject({ method: 'DELETE', url: `${url}/o-1?${query}`, headers });
  const glass = { rules: ['gate', 'windows'], reason: 'fire' };
  assert.deepEqual(stage.api.asked.end, [{ id: 'o-1', actor: 'bob', glass }]);
});

test('a refusal lists what each rule says', async (t) => {
  const stage = setStage();
  const fault = { code: 'safety.refused', message: 'minRegions: no', rules: [refusal] } as const;
  const api = { ...stage.api, addOverride: async () => fault };
  const app = await openApp(t, { ...stage, doors: { ...stage.doors, api } });
  const reply = await app.inject({ method: 'POST', url, headers, payload: body });
  assert.equal(reply.statusCode, 409);
  const problem = reply.json<Problem>();
  assert.deepEqual([problem.code, problem.rules], ['safety.refused', [refusal]]);
});
