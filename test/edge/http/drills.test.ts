// /v1/drills: begun, listed, found and aborted; a plan reaches the control side whole, or not at all.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { digest, drillForms } from '../../../src/compose/drill-forms.ts';
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

describe('the report of a drill', () => {
  const at = `${url}/${drill.id}`;
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  test('is a page to a browser, which may fetch and run nothing', async (t) => {
    const app = await openApp(t, setStage());
    const page = await app.inject({ url: at, headers: { accept: browser } });
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(page.body, drillForms.html(drill));
    const policy = String(page.headers['content-security-policy']);
    assert.match(
      policy,
      /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
    );
    const sheet = /<style>([^]*?)<\/style>/.exec(page.body)?.[1] ?? '';
    assert.ok(policy.includes(`'sha256-${digest(sheet)}'`), 'the policy lets its style sheet be');
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
  });

  test('is Markdown or JSON by what is liked best, and never kept for another who likes otherwise', async (t) => {
    const app = await openApp(t, setStage());
    const accept = 'text/html;q=0.4, text/markdown;q=0.5';
    const words = await app.inject({ url: at, headers: { accept } });
    assert.equal(words.headers['content-type'], 'text/markdown; charset=utf-8');
    assert.equal(words.body, drillForms.markdown(drill));
    const json = await app.inject({ url: at, headers: { accept: '*/*' } });
    assert.deepEqual(json.json(), drill);
    assert.equal((await app.inject({ url: at })).body, json.body);
    const tags = new Set([words, json].map(({ headers: { etag } }) => etag));
    assert.equal(tags.size, 2);
    for (const { headers: told } of [words, json]) assert.equal(told['vary'], 'Accept');
  });

  test('is 304 to who holds this form of it, and to nobody else', async (t) => {
    const app = await openApp(t, setStage());
    const { headers: told } = await app.inject({ url: at, headers: { accept: 'text/html' } });
    const held = { 'if-none-match': String(told.etag) };
    const again = await app.inject({ url: at, headers: { accept: 'text/html', ...held } });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
    assert.equal((await app.inject({ url: at, headers: held })).statusCode, 200);
  });

  test('is 406 to who takes none of its forms, and 404 as a problem where there is none', async (t) => {
    const app = await openApp(t, setStage());
    const reply = await app.inject({ url: at, headers: { accept: 'application/xml' } });
    assert.equal(reply.statusCode, 406);
    assert.equal(reply.json<Problem>().code, 'request.not-acceptable');
    assert.equal(reply.headers['vary'], 'Accept');
    const gone = await app.inject({ url: `${url}/none`, headers: { accept: browser } });
    assert.equal(gone.statusCode, 404);
    assert.equal(gone.headers['content-type'], 'application/problem+json; charset=utf-8');
  });

  test('stands in OpenAPI with each of its forms', async (t) => {
    const app = await openApp(t, setStage());
    const { paths } = (await app.inject({ url: '/openapi.json' })).json<{
      paths: Record<string, { get: { responses: Record<string, { content?: object }> } }>;
    }>();
    const { content = {} } = paths['/v1/drills/{id}']?.get.responses['200'] ?? {};
    assert.deepEqual(Object.keys(content), ['application/json', 'text/html', 'text/markdown']);
  });
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
