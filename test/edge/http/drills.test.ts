// /v1/drills: begun, listed, found and aborted; a plan reaches the control side whole, or not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import type { DrillReport } from '../../../src/model/drill.ts';
import { drill, drillAges } from '../../support/fake-api.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/drills';
const headers = { host: 'localhost:8053' };
const body = {
  region: 'eu-west',
  steps: [{ share: 0.25, hold: '5m' }],
  abortIf: {
    load: 0.9,
    numbers: [{ http: 'https://192.0.2.1/metrics', metric: 'errors', above: 5, for: '30s' }],
  },
  objectives: { firstMoved: '5s' },
  actor: 'alice',
  reason: 'quarterly drill',
};

test('a drill that began is 201 with its report and its address', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const reply = await app.inject({ method: 'POST', url, headers, payload: body });
  assert.equal(reply.statusCode, 201);
  assert.equal(reply.headers.location, `${url}/${drill.id}`);
  assert.deepEqual(stage.api.asked.drill, [body]);
  assert.deepEqual(reply.json(), drill);
});

test('a plan that does not fit is 400 and names the field', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const refused: [payload: object, field: string][] = [
    [{ ...body, steps: [] }, 'steps'],
    [{ ...body, steps: [{ share: 25, hold: '5m' }] }, 'steps'],
    [{ ...body, steps: [{ share: 1 }] }, 'steps'],
    [{ ...body, abortIf: { loud: 1 } }, 'abortIf'],
    [{ ...body, abortIf: { numbers: [{ json: 'a', above: 1 }] } }, 'abortIf'],
    [{ ...body, abortIf: { numbers: [{ http: 'http://h/', json: 'a', above: '1' }] } }, 'abortIf'],
    [
      { ...body, abortIf: { numbers: [{ http: 'http://h/', json: 'a', onSilence: 'wait' }] } },
      'abortIf',
    ],
    [{ ...body, reason: '' }, 'reason'],
  ];
  for (const [payload, field] of refused) {
    const reply = await app.inject({ method: 'POST', url, headers, payload });
    assert.equal(reply.statusCode, 400, JSON.stringify(payload));
    assert.equal(reply.json<Problem>().field, field);
  }
  assert.equal(stage.api.asked.drill.length, 0);
});

test('what stands against a drill is 409', async (t) => {
  const app = await openApp(t, setStage());
  const payload = { ...body, region: 'us-east' };
  const reply = await app.inject({ method: 'POST', url, headers, payload });
  assert.equal(reply.statusCode, 409);
  assert.equal(reply.json<Problem>().code, 'drill.refused');
});

test('when each region was drilled is told to everybody', async (t) => {
  const app = await openApp(t, setStage());
  const reply = await app.inject({ method: 'GET', url: `${url}/regions`, headers });
  assert.deepEqual(reply.json(), drillAges);
});

test('drills are listed, found by id and aborted by name', async (t) => {
  const app = await openApp(t, setStage());
  const list = await app.inject({ method: 'GET', url, headers });
  assert.deepEqual(list.json(), [drill]);
  const found = await app.inject({ method: 'GET', url: `${url}/${drill.id}`, headers });
  assert.deepEqual(found.json(), drill);
  const gone = await app.inject({ method: 'GET', url: `${url}/none`, headers });
  assert.equal(gone.statusCode, 404);
  const ended = await app.inject({
    method: 'DELETE',
    url: `${url}/${drill.id}?actor=bob`,
    headers,
  });
  assert.equal(ended.json<DrillReport>().abort?.message, 'by bob');
});

test('who may not operate begins and aborts nothing', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const remoteAddress = '192.0.2.1';
  for (const [method, at] of [
    ['POST', url],
    ['DELETE', `${url}/${drill.id}`],
  ] as const) {
    const reply = await app.inject({ method, url: at, headers, remoteAddress });
    assert.equal(reply.statusCode, 403);
  }
  assert.equal(stage.api.asked.drill.length, 0);
});
