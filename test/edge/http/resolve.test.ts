// GET /v1/resolve: what the control side is asked, and what is refused before it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { formatIp } from '../../../src/model/ip.ts';
import { openApp, setStage } from '../../support/http-stage.ts';

test('name, type, client and explain reach the control side, with defaults', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  await app.inject({
    url: '/v1/resolve?name=www.example.test',
    remoteAddress: '::ffff:198.51.100.7',
  });
  await app.inject({
    url: '/v1/resolve?name=www.example.test&type=AAAA&client=2001:db8::/32&resolver=192.0.2.53&explain=1',
    remoteAddress: '2001:db8::7',
  });
  const [first, second] = stage.api.asked.resolve.map(({ peer, ...rest }) => ({
    ...rest,
    peer: formatIp(peer),
  }));
  assert.deepEqual(first, {
    name: 'www.example.test',
    type: 'A',
    client: undefined,
    resolver: undefined,
    explain: false,
    peer: '198.51.100.7',
  });
  assert.deepEqual(second, {
    name: 'www.example.test',
    type: 'AAAA',
    client: '2001:db8::/32',
    resolver: '192.0.2.53',
    explain: true,
    peer: '2001:db8::7',
  });
});

test('the report comes back whole, the trail only when asked for', async (t) => {
  const app = await openApp(t, setStage());
  const plain = (await app.inject({ url: '/v1/resolve?name=www' })).json<Record<string, unknown>>();
  assert.deepEqual(Object.keys(plain).sort(), [
    'answers',
    'client',
    'decisionId',
    'epoch',
    'name',
    'regions',
    'scope',
    'status',
    'ttl',
    'type',
  ]);
  const told = await app.inject({ url: '/v1/resolve?name=www&explain=1' });
  const { trail } = told.json<{ trail: { steps: unknown[]; text: string } }>();
  assert.deepEqual(trail.steps, [
    {
      step: 'alive',
      summary: '1 of 2 regions is alive',
      tiers: [['eu-west']],
      left: [{ region: 'us-east', code: 'verdict-down', detail: 'down for 3m' }],
    },
  ]);
  assert.equal(trail.text, 'www.example.test → eu-west');
});

test('a query that does not fit is 400 and names the field', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const refused: [query: string, field: string][] = [
    ['', 'name'],
    ['name=', 'name'],
    ['name=a&name=b', 'name'],
    [`name=${'a'.repeat(1025)}`, 'name'],
    ['name=a&type=', 'type'],
    [`name=a&type=${'A'.repeat(17)}`, 'type'],
    ['name=a&client=', 'client'],
    [`name=a&client=${'1'.repeat(65)}`, 'client'],
    ['name=a&explain=yes', 'explain'],
    ['name=a&clinet=192.0.2.1', 'clinet'],
    ['name=a&__proto__=x', '__proto__'],
    ['name=a&constructor=x', 'constructor'],
  ];
  for (const [query, field] of refused) {
    const reply = await app.inject({ url: `/v1/resolve?${query}` });
    const problem = reply.json<Problem>();
    assert.equal(reply.statusCode, 400, query);
    assert.equal(problem.code, 'request.invalid', query);
    assert.equal(problem.field, field, query);
    assert.notEqual(problem.detail, '');
  }
  assert.equal(stage.api.asked.resolve.length, 0);
});

test("a fault of the control side keeps its code, words and field, whatever is the route's shape", async (t) => {
  const app = await openApp(t, setStage());
  const reply = await app.inject({ url: '/v1/resolve?name=..' });
  assert.equal(reply.statusCode, 400);
  assert.deepEqual(reply.json(), {
    type: 'urn:meridian:fault:request.invalid',
    title: 'The request is not valid',
    status: 400,
    detail: 'got "..", want a domain name',
    code: 'request.invalid',
    field: 'name',
    request: reply.headers['x-request-id'],
  });
});
