// POST /v1/reports: what an application may say of itself, and by whose token.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { Problem } from '../../../src/edge/http/problem.ts';
import type { PushProbe, RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { selfReport } from '../../support/fake-api.ts';
import { aRegion } from '../../support/fleet.ts';
import { type HttpStage, openApp, setStage } from '../../support/http-stage.ts';

const url = '/v1/reports/eu-west/app';
const body = { state: 'draining', load: 0.7, connections: 12, reason: 'deploy 42', for: '30s' };
const local = { host: '127.0.0.1:8053' };
const afar = '192.0.2.1';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A stage on which the application `app` of eu-west has a token, and `other` has none. */
function stageWith(http: Partial<HttpStage['http']> = {}): HttpStage {
  const stage = setStage(http);
  const region = 'eu-west' as RegionId;
  const probe = (name: string, token: string | undefined): PushProbe => ({
    kind: 'push',
    region,
    name,
    lifetime: millis(45_000),
    token,
  });
  const list = [probe('app', sha256('own')), probe('other', undefined)];
  const pace = { interval: 5000, downAfter: 3, upAfter: 5, holdDown: 0, flapHalfLife: 0, need: 1 };
  const probes = { ...pace, list } as unknown as NonNullable<ReturnType<typeof aRegion>['probes']>;
  stage.regions = new Map([[region, aRegion(region, { probes })]]);
  return stage;
}

async function reporting(t: TestContext, stage: HttpStage) {
  const app = await openApp(t, stage);
  return (how: InjectOptions = {}) => app.inject({ method: 'POST', url, payload: body, ...how });
}

test('a report is handed over whole, and what is held comes back', async (t) => {
  const stage = stageWith();
  const report = await reporting(t, stage);
  const reply = await report({ remoteAddress: afar, headers: bearer('own') });
  assert.equal(reply.statusCode, 200);
  assert.deepEqual(reply.json(), { ...selfReport, state: 'draining', posted: 2 });
  assert.deepEqual(stage.api.asked.report, [{ region: 'eu-west', name: 'app', ...body }]);
  const least = await report({ headers: bearer('own'), payload: { state: 'up' } });
  assert.equal(least.statusCode, 200);
  assert.deepEqual(stage.api.asked.report[1], { region: 'eu-west', name: 'app', state: 'up' });
});

test('a body that does not fit is 400 and names the field', async (t) => {
  const stage = stageWith();
  const report = await reporting(t, stage);
  const refused: [payload: unknown, field: string | undefined][] = [
    [{ load: 0.7 }, 'state'],
    [{ ...body, state: 'UP' }, 'state'],
    [{ ...body, load: -0.1 }, 'load'],
    [{ ...body, load: 1000.1 }, 'load'],
    [{ ...body, load: '0.7' }, 'load'],
    [{ ...body, load: null }, 'load'],
    [{ ...body, connections: 1.5 }, 'connections'],
    [{ ...body, connections: -1 }, 'connections'],
    [{ ...body, reason: 'x'.repeat(201) }, 'reason'],
    [{ ...body, for: 30 }, 'for'],
    [{ ...body, until: 'tomorrow' }, 'until'],
    [[body], undefined],
    ['up', undefined],
  ];
  for (const [payload, field] of refused) {
    const headers = { ...bearer('own'), 'content-type': 'application/json' };
    const reply = await report({ headers, payload: JSON.stringify(payload) });
    assert.equal(reply.statusCode, 400, JSON.stringify(payload));
    assert.equal(reply.json<Problem>().field, field);
  }
  const huge = `{"state":"up","load":1e400}`;
  const headers = { ...bearer('own'), 'content-type': 'application/json' };
  assert.equal((await report({ headers, payload: huge })).json<Problem>().field, 'load');
  assert.deepEqual(stage.api.asked.report, []);
});

test('a fault of the control side decides the status', async (t) => {
  const report = await reporting(t, stageWith());
  const reply = await report({ url: '/v1/reports/atlantis/app', headers: local });
  assert.equal(reply.statusCode, 404);
  assert.equal(reply.json<Problem>().field, 'region');
});

test("an application's own token lets it report itself, and do nothing else", async (t) => {
  const stage = stageWith({ tokens: [{ sha256: sha256('reader'), scope: 'read' }] });
  const report = await reporting(t, stage);
  const remoteAddress = afar;
  assert.equal((await report({ remoteAddress, headers: bearer('own') })).statusCode, 200);
  const others = ['/v1/reports/eu-west/other', '/v1/reports/us-east/app', '/v1/overrides'];
  for (const elsewhere of others) {
    const reply = await report({ url: elsewhere, remoteAddress, headers: bearer('own') });
    assert.equal(reply.statusCode, 401, elsewhere);
  }
  assert.equal(stage.api.asked.report.length, 1);
});

test('whoever may operate may report; whoever may read may not', async (t) => {
  const tokens = [
    { sha256: sha256('reader'), scope: 'read' },
    { sha256: sha256('operator'), scope: 'operate' },
  ] as const;
  const report = await reporting(t, stageWith({ tokens }));
  for (const target of [url, '/v1/reports/eu-west/other']) {
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await report({ url: target, headers: { ...local, ...headers } })).statusCode;
    assert.equal(await status(bearer('operator')), 200);
    assert.equal(await status(bearer('reader')), 403);
    assert.equal(await status(bearer('unknown')), 401);
    assert.equal(await status({}), 401);
  }
});

test('without tokens of operators, this machine may report, but not by a wrong token', async (t) => {
  const report = await reporting(t, stageWith());
  const status = async (how: InjectOptions): Promise<number> => (await report(how)).statusCode;
  assert.equal(await status({ headers: local }), 200);
  assert.equal(await status({ headers: { ...local, ...bearer('wrong') } }), 401);
  assert.equal(await status({ headers: { ...local, authorization: 'Basic b3du' } }), 401);
  assert.equal(await status({ remoteAddress: afar, headers: local }), 401);
  assert.equal(await status({ remoteAddress: afar, headers: bearer('wrong') }), 401);
  // Where the application has no token of its own, it is as with any other change.
  const other = '/v1/reports/eu-west/other';
  assert.equal(await status({ url: other, headers: local }), 200);
  assert.equal(await status({ url: other, remoteAddress: afar, headers: bearer('own') }), 403);
  assert.equal(await status({ url: other, headers: { host: 'evil.example' } }), 403);
});

test('a refusal says how to ask, and comes before the body is read', async (t) => {
  const report = await reporting(t, stageWith());
  const headers = { ...bearer('wrong'), 'content-type': 'application/json' };
  const reply = await report({ headers, payload: '{' });
  assert.equal(reply.statusCode, 401);
  assert.equal(reply.headers['www-authenticate'], 'Bearer realm="meridian"');
  assert.equal(reply.json<Problem>().code, 'request.unauthorized');
});

test('twenty reports a second come through from one address, whatever else it asks', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const report = await reporting(t, stageWith({ requestsPerSecond: 1 }));
  const status = async (remoteAddress: string): Promise<number> =>
    (await report({ remoteAddress, headers: bearer('own') })).statusCode;
  for (let i = 0; i < 20; i++) assert.equal(await status(afar), 200);
  assert.equal(await status(afar), 429);
  assert.equal(await status('192.0.2.2'), 200);
  t.mock.timers.tick(1000);
  assert.equal(await status(afar), 200);
});

test('who guesses at tokens is limited, and takes nothing from applications at the same address', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) });
  const report = await reporting(t, stageWith());
  const by = async (token: string) =>
    (await report({ remoteAddress: afar, headers: bearer(token) })).statusCode;
  for (let i = 0; i < 20; i++) assert.equal(await by('guess'), 401);
  assert.equal(await by('guess'), 429);
  assert.equal(await by('own'), 200);
});
