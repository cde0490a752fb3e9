// `meridian clients`: what a director counts, and what logs tell, as a table and as CSV.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { clients } from '../../src/cli/clients.ts';
import { clients as report } from '../support/fake-api.ts';
import { openApp, setStage } from '../support/http-stage.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'clients-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const exported = [
  '# client histogram of Meridian; weights are queries',
  '# collector: eu-1',
  '# since: 2026-05-01T12:00:00.000Z',
  '# until: 2026-05-08T12:00:00.000Z',
  '# half-life: 7d',
  '# total: 110',
  '# by resolvers that name no client: 24 (21.8 %)',
  '# outside the rows: 10 (9.1 %)',
  '# outside, sent to eu-west: 10',
  'network,weight,name,by',
  '203.0.113.0/24,70,www.example.test,subnet',
  '198.51.100.0/24,20,www.example.test,resolver',
  '2a00:1450:4000::/56,10,api.example.test,subnet',
];

describe('meridian clients top', () => {
  test('shows the busiest, where they are sent, and what is not sure', async () => {
    await using director = await startFakeDirector({ 'GET /v1/clients': { json: report } });
    const run = await runIn(clients, ['top', '--limit', '2', '--url', director.url]);
    assert.equal(run.code, 0);
    assert.equal(director.requests[0]?.url, '/v1/clients?limit=2');
    assert.deepEqual(run.out.split('\n'), [
      'director d1, since 2026-05-01 12:00Z: 20 queries, each counting half after 7d, of about 5 networks',
      '35.0 % asked by resolvers that do not say for whom',
      '10.0 % outside the networks that are kept, sent to: eu-west 2',
      '',
      'NETWORK              NAME               BY        QUERIES  SHARE   SENT TO',
      '203.0.113.0/24       www.example.test   subnet    11       55.0 %  eu-west',
      '2a00:1450:4000::/56  gone.example.test  resolver  7 + 1    35.0 %  -',
    ]);
  });

  test('says where a director counts nobody, which is exit code 1', async () => {
    const json = { ...report, isCollecting: false, since: null };
    await using director = await startFakeDirector({ 'GET /v1/clients': { json } });
    const run = await runIn(clients, ['top', '--url', director.url]);
    assert.equal(run.code, 1);
    assert.equal(run.out, 'director d1 counts no clients: clients.collect is off');
  });
});

test('meridian clients export prints what the director gives, busiest first', async (t) => {
  const stage = setStage();
  const [head, rows] = [exported.slice(0, 10), exported.slice(10)];
  stage.api.clientLines = () => [`${head.join('\n')}\n`, `${rows.toReversed().join('\n')}\n`];
  const app = await openApp(t, stage);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const run = await runIn(clients, ['export', '--url', url]);
  assert.equal(run.code, 0);
  assert.deepEqual(run.out.split('\n'), exported);
  stage.api.clientLines = () => [`${head.join('\n')}\n`];
  const empty = await runIn(clients, ['export', '--url', url]);
  assert.equal(empty.code, 1);
  assert.match(empty.err, /clients\.collect is off/);
});

describe('meridian clients import', () => {
  test('of an export is that export', async () => {
    const run = await runIn(clients, ['import', '--format', 'csv', write('same.csv', ...exported)]);
    assert.equal(run.code, 0);
    assert.equal(run.err, '');
    assert.deepEqual(run.out.split('\n'), exported);
  });

  test('of logs counts networks, and says what it did not understand', async () => {
    const of = (rest: string): string =>
      `client @0x1 198.51.100.7#53 (www.example.test): query: www.example.test IN ${rest}`;
    const log = write(
      'queries.log',
      of('A + (192.0.2.1)'),
      of('AAAA + (192.0.2.1)'),
      of('A + (192.0.2.1) [ECS 203.0.113.0/24/0]'),
      of('TXT + (192.0.2.1)'),
      'client \x1b[31m: query: ',
      'x'.repeat(100_000),
    );
    const run = await runIn(clients, ['import', '--format', 'bind', log, log]);
    assert.equal(run.code, 0);
    assert.deepEqual(run.out.split('\n'), [
      '# client histogram of Meridian; weights are queries',
      '# collector: bind',
      '# total: 6',
      '# by resolvers that name no client: 4 (66.7 %)',
      '# outside the rows: 0 (0.0 %)',
      'network,weight,name,by',
      '198.51.100.0/24,4,www.example.test,resolver',
      '203.0.113.0/24,2,www.example.test,subnet',
    ]);
    const start = '4 of 12 lines were not understood, the first: ';
    assert.ok(
      run.err.startsWith(start) && run.err.includes('queries.log:5: "client \\u001b[31m'),
      run.err,
    );
  });

  test('counts only the name that is asked for', async () => {
    const words = ['import', '--format', 'csv', '--name', 'API.example.test.'];
    const run = await runIn(clients, [...words, write('named.csv', ...exported)]);
    assert.deepEqual(run.out.split('\n').slice(-1), [
      '2a00:1450:4000::/56,10,api.example.test,subnet',
    ]);
    assert.ok(run.out.includes('# total: 10\n'));
  });

  test('keeps as many as it may, and says what lies outside', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24,1`);
    const path = write('many.csv', '10.255.0.0/24,400', ...rows);
    const run = await runIn(clients, ['import', '--format', 'csv', '--keep', '10', path]);
    assert.match(run.err, /% of the queries lie outside the rows: --keep more/);
    assert.ok(run.out.includes('# total: 900\n'));
    assert.ok(run.out.includes('10.255.0.0/24,400,,subnet'));
  });

  test('is exit code 1 where nothing is found, or a file cannot be read', async () => {
    const empty = await runIn(clients, ['import', '--format', 'bind', write('no.log', 'nothing')]);
    assert.equal(empty.code, 1);
    assert.equal(empty.err, 'no line tells of a client');
    const missing = await runIn(clients, ['import', '--format', 'bind', join(folder, 'nowhere')]);
    assert.equal(missing.code, 1);
    assert.match(missing.err, /cannot read .*nowhere.*\(config\.read\)/);
  });
});

test('meridian clients merge adds up what several directors have counted', async () => {
  const other = exported
    .map((line) => line.replace('eu-1', 'us-1').replace('2026-05-08', '2026-05-09'))
    .map((line) => line.replace('sent to eu-west: 10', 'sent to us-east: 10'));
  const files = [write('a.csv', ...exported), write('b.csv', ...other)];
  const run = await runIn(clients, ['merge', ...files]);
  assert.equal(run.code, 0);
  assert.deepEqual(run.out.split('\n'), [
    '# client histogram of Meridian; weights are queries',
    '# collector: eu-1 us-1',
    '# since: 2026-05-01T12:00:00.000Z',
    '# until: 2026-05-09T12:00:00.000Z',
    '# half-life: 7d',
    '# total: 220',
    '# by resolvers that name no client: 48 (21.8 %)',
    '# outside the rows: 20 (9.1 %)',
    '# outside, sent to eu-west: 10',
    '# outside, sent to us-east: 10',
    'network,weight,name,by',
    '203.0.113.0/24,140,www.example.test,subnet',
    '198.51.100.0/24,40,www.example.test,resolver',
    '2a00:1450:4000::/56,20,api.example.test,subnet',
  ]);
});

for (const words of [
  ['list'],
  ['top', 'more'],
  ['export', 'more'],
  ['import', 'file'],
  ['import', '--format', 'pcap', 'file'],
  ['import', '--format', 'constructor', 'file'],
  ['import', '--format', 'csv'],
  ['import', '--format', 'csv', '--keep', '0', 'file'],
  ['import', '--format', 'csv', '--keep', '9999999', 'file'],
  ['import', '--format', 'csv', '--name', 'a b', 'file'],
  ['merge'],
]) {
  test(`${words.join(' ')} is wrong usage`, async () => {
    const run = await runIn(clients, words);
    assert.equal(run.code, 2);
    assert.match(run.err, /Usage: meridian clients/);
  });
}
