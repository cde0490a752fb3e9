import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '../../src/cli/status.ts';
import type { HealthReport, RegionReport } from '../../src/model/report.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const vote = { region: 'us', observer: 'us-1', ageSeconds: 0.4, latencyMs: 12, reason: '' };

function aRegion(id: string, verdict: string, change: Partial<RegionReport> = {}): RegionReport {
  return {
    region: id,
    title: id,
    verdict,
    isKept: false,
    isSuspect: false,
    since: '2026-01-01T00:00:00.000Z',
    votes: [{ ...vote, verdict }],
    override: null,
    overrides: change.override ? [change.override] : [],
    load: null,
    connections: null,
    loadFrom: null,
    shed: 0,
    next: null,
    recovery: { stage: 'open', share: 1, nextAt: null, trips: 0 },
    ...change,
  };
}

function aReport(
  regions: readonly RegionReport[],
  change: Partial<HealthReport> = {},
): HealthReport {
  return {
    director: 'us-1',
    region: 'us',
    epoch: 7,
    configuration: 'abc',
    gossip: 'fresh',
    missingObservers: [],
    observer: 'counted',
    files: { areGood: true, goodAt: '2026-01-01T00:00:00.000Z', faultCount: 0, faults: [] },
    isMixed: false,
    configurations: [{ configuration: 'abc', directors: ['us-1'] }],
    observers: [],
    boards: [],
    regions,
    ...change,
  };
}

test('a fleet that is well: a table, exit code 0', async () => {
  await using director = await startFakeDirector({
    'GET /v1/health': { json: aReport([aRegion('eu', 'up'), aRegion('us', 'up')]) },
  });
  const run = await runIn(status, ['--url', director.url]);
  assert.equal(run.code, 0);
  assert.equal(
    run.out,
    [
      'director us-1 in us, epoch 7, gossip fresh',
      '',
      'REGION  VERDICT  SINCE                 VOTES  NOTES',
      'eu      up       2026-01-01 00:00:00Z  us:up',
      'us      up       2026-01-01 00:00:00Z  us:up',
    ].join('\n'),
  );
});

test('words on parts of a region stand in its notes, and one for good above all', async () => {
  const word = {
    id: 'a',
    region: 'us',
    kind: 'drain',
    actor: 'alice',
    reason: 'disk swap',
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-01T00:10:00.000Z',
    isActive: true,
  } as const;
  const overrides = [
    { ...word, service: 'www.example.test', share: 0.25 },
    { ...word, endpoint: '192.0.2.1', isPermanent: true as const },
  ];
  await using director = await startFakeDirector({
    'GET /v1/health': { json: aReport([aRegion('us', 'up', { overrides })]) },
  });
  const run = await runIn(status, ['--url', director.url]);
  const [, first = ''] = run.out.split('\n');
  assert.equal(first, 'PERMANENT override: drain us at 192.0.2.1 by alice');
  assert.match(run.out, /drain 25 % for www\.example\.test by alice until 00:10:00: disk swap/);
  assert.match(run.out, /drain of 192\.0\.2\.1 by alice PERMANENT, until somebody ends it/);
});

test('rules that do not hold, and words that broke one, stand above the table', async () => {
  const override = {
    id: 'a1',
    region: 'us',
    kind: 'down',
    actor: 'alice',
    reason: 'flood',
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-01T00:10:00.000Z',
    isActive: true,
    service: 'www.example.test',
    breakGlass: { rules: ['minRegions', 'gate'], reason: 'the water rises' },
  } as const;
  const broken = [{ rule: 'minRegions', message: 'www.example.test is left with 1 whole region' }];
  const json = aReport([aRegion('us', 'up', { overrides: [override] })], { broken });
  await using director = await startFakeDirector({ 'GET /v1/health': { json } });
  const run = await runIn(status, ['--url', director.url]);
  const [, rule = '', glass = ''] = run.out.split('\n');
  assert.equal(
    rule,
    'SAFETY RULE BROKEN: minRegions: www.example.test is left with 1 whole region',
  );
  assert.match(glass, /minRegions, gate.*the water rises.*down us for www\.example\.test by alice/);
  assert.equal(run.code, 0, 'every region is up');
});

test('what is wrong stands in the notes, and the exit code is 1', async () => {
  const override = {
    id: 'a1',
    region: 'us',
    kind: 'drain',
    actor: 'alice',
    reason: 'disk swap',
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-01T00:10:00.000Z',
    isActive: true,
  } as const;
  const down = { ...vote, verdict: 'down', reason: 'status 503, want 200' };
  const json = aReport(
    [
      aRegion('eu', 'down', {
        votes: [down],
        isKept: true,
        load: 0.704,
        connections: 12,
        shed: 0.25,
      }),
      aRegion('us', 'up', { override }),
    ],
    { missingObservers: ['ap'], boards: [{ board: '127.0.0.1:6379', isUp: false }] },
  );
  await using director = await startFakeDirector({ 'GET /v1/health': { json } });
  const run = await runIn(status, ['--url', director.url]);
  assert.equal(run.code, 1);
  assert.match(run.out, /boards lost: 127\.0\.0\.1:6379\nobservers not heard: ap/);
  assert.match(
    run.out,
    /eu .*verdict kept; load 70 %, 12 connections, passes on 25 %; status 503, want 200/,
  );
  assert.match(run.out, /us .*drain by alice until 00:10:00: disk swap/);
});

test('a region on its way back is told with how far it is, and is no failure', async () => {
  const nextAt = '2026-01-01T14:03:10.000Z';
  const quarter = { stage: 'half-open', share: 0.25, nextAt, trips: 0 } as const;
  const json = aReport([
    aRegion('eu', 'up', { recovery: quarter }),
    aRegion('us', 'up', { recovery: { stage: 'holding', share: 0, nextAt, trips: 2 } }),
    aRegion('ap', 'up', { recovery: { stage: 'open', share: 1, nextAt: null, trips: 1 } }),
  ]);
  await using director = await startFakeDirector({ 'GET /v1/health': { json } });
  const run = await runIn(status, ['--url', director.url]);
  assert.equal(run.code, 0);
  assert.match(run.out, /^eu .* back for 25 % until 14:03:10$/m);
  assert.match(run.out, /^us .* held until 14:03:10, trips 2$/m);
  assert.match(run.out, /^ap .* went down again soon, trips 1$/m);
});

test('--json prints the report as it came', async () => {
  const json = aReport([aRegion('eu', 'up')]);
  await using director = await startFakeDirector({ 'GET /v1/health': { json } });
  const run = await runIn(status, ['--json', '--url', director.url]);
  assert.deepEqual(JSON.parse(run.out), json);
});

test('--matrix prints who sees what in place of the verdicts', async () => {
  const seen = { ageSeconds: 0.4, isHeard: true, isIsolated: false, missing: [], lostBoards: 0 };
  const self = { observer: 'us-1', region: 'us', configuration: 'abc', epoch: 7, release: '1.0' };
  const observers = [{ ...seen, ...self, sees: { eu: 'up' } }];
  const json = aReport([aRegion('eu', 'up')], { observers });
  await using director = await startFakeDirector({ 'GET /v1/health': { json } });
  const run = await runIn(status, ['--matrix', '--url', director.url]);
  assert.equal(run.code, 0);
  assert.deepEqual(run.out.split('\n').slice(2), [
    'OBSERVER  IN  AGE  RELEASE  CONFIGURATION  EPOCH  EU  NOTES',
    'us-1      us  0ms  1.0      abc            7      up',
  ]);
});
