// /v1/load: what a region may say of its load, by whose token, and what is known of all.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { millis } from '../../../src/model/time.ts';
import { aRegion } from '../../support/fleet.ts';
import { type HttpStage, openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/load/eu-west';
const body = { load: 0.7, connections: 12, requests: 340.5, for: '10s' };
const local = { host: '127.0.0.1:8053' };
const remoteAddress = '192.0.2.1';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A stage on which eu-west has a token for its load, and us-east has none. */
function stageWith(http: Partial<HttpStage['http']> = {}): HttpStage {
  const stage = setStage(http);
  const load = (token: string | undefined) => ({
    capacity: 1000,
    connections: undefined,
    low: 0.75,
    high: 0.9,
    lifetime: millis(30_000),
    token,
  });
  stage.regions = new Map(
    [
      aRegion('eu-west', { load: load(sha256('own')) }),
      aRegion('us-east', { load: load(undefined) }),
    ].map((region) => [region.id, region]),
  );
  return stage;
}

async function reporting(t: TestContext, stage: HttpStage) {
  const app = await openApp(t, stage);
  return (how: InjectOptions = {}) => app.inject({ method: 'POST', url, payload: body, ...how });
}

test('what is known of every region is listed', async (t) => {
  const app = await openApp(t, stageWith());
  const reply = await app.inject({ url: '/v1/load' });
  const facts = { load: 0.7, connections: 12, source: 'report', ageSeconds: 1.2, shed: 0.25 };
  assert.deepEqual(reply.json(), [{ region: 'eu-west', ...facts }]);
});

test('a report is handed over whole, and what is held comes back', async (t) => {
  const stage = stageWith();
  const report = await reporting(t, stage);
  const reply = await report({ remoteAddress, headers: bearer('own') });
  assert.equal(reply.statusCode, 200);
  const held = { region: 'eu-west', load: 0.7, connections: 12, leftSeconds: 30, posted: 2 };
  assert.deepEqual(reply.json(), held);
  assert.deepEqual(stage.api.asked.load, [{ region: 'eu-west', ...body }]);
});

test('a body that does not fit is 400 and names the field, and one that is too large is 413', async (t) => {
  const stage = stageWith();
  const report = await reporting(t, stage);
  const headers = { ...bearer('own'), 'content-type': 'application/json' };
  const refused: [payload: string, field: string | undefined][] = [
    ['{"load":-0.1}', 'load'],
    ['{"load":1000.1}', 'load'],
    ['{"load":1e400}', 'load'],
    ['{"load":"0.7"}', 'load'],
    ['{"load":NaN}', undefined],
    ['{"connections":1.5}', 'connections'],
    ['{"connections":-1}', 'connections'],
    ['{"requests":-1}', 'requests'],
    ['{"requests":null}', 'requests'],
    ['{"load":1,"for":30}', 'for'],
    ['{"load":1,"state":"up"}', 'state'],
    ['[]', undefined],
  ];
  for (const [payload, field] of refused) {
    const reply = await report({ headers, payload });
    assert.equal(reply.statusCode, 400, payload);
    assert.equal(reply.json<Problem>().field, field, payload);
  }
  const large = await report({ headers, payload: `{"load":1,"for":"${'x'.repeat(70_000)}"}` });
  assert.equal(large.statusCode, 413);
  assert.deepEqual(stage.api.asked.load, []);
});

test("a region's own token lets it report its load, and do nothing else", async (t) => {
  const stage = stageWith({ tokens: [{ sha256: sha256('reader'), scope: 'read' }] });
  const report = await reporting(t, stage);
  assert.equal((await report({ remoteAddress, headers: bearer('own') })).statusCode, 200);
  for (const elsewhere of ['/v1/load/us-east', '/v1/reports/eu-west/app', '/v1/overrides']) {
    const reply = await report({ url: elsewhere, remoteAddress, headers: bearer('own') });
    assert.equal(reply.statusCode, 401, elsewhere);
  }
  assert.equal((await report({ remoteAddress, headers: bearer('reader') })).statusCode, 403);
  assert.equal((await report({ remoteAddress, headers: bearer('wrong') })).statusCode, 401);
  assert.equal((await report({ remoteAddress })).statusCode, 401);
  assert.equal(stage.api.asked.load.length, 1);
});

test('without tokens of operators, this machine may report, but not by a wrong token', async (t) => {
  const report = await reporting(t, stageWith());
  const status = async (how: InjectOptions): Promise<number> => (await report(how)).statusCode;
  assert.equal(await status({ headers: local }), 200);
  assert.equal(await status({ headers: { ...local, ...bearer('wrong') } }), 401);
  const other = '/v1/load/us-east';
  assert.equal(await status({ url: other, headers: local }), 404);
  assert.equal(await status({ url: other, remoteAddress, headers: bearer('own') }), 403);
});

test('a fault of the control side decides the status', async (t) => {
  const report = await reporting(t, stageWith());
  const reply = await report({ url: '/v1/load/atlantis', headers: local });
  assert.equal(reply.statusCode, 404);
  assert.equal(reply.json<Problem>().field, 'region');
});
