import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explain } from '../../src/cli/explain.ts';
import type { ResolveReport } from '../../src/model/report.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const report: ResolveReport = {
  name: 'www.example.test',
  type: 'A',
  client: '141.20.1.1',
  status: 'NOERROR',
  answers: [{ type: 'A', data: '192.0.2.20', ttl: 30 }],
  ttl: 30,
  regions: ['eu-central'],
  scope: 19,
  epoch: 4,
  decisionId: 'e4-abc',
  trail: {
    located: '',
    input: { by: 'given', address: '141.20.1.1' },
    steps: [],
    state: 'healthy',
    scope: '',
    scopeReason: 'alike',
    ttl: '',
    ttlReason: 'stable',
    text: 'www.example.test → eu-central',
  },
};

describe('meridian explain', () => {
  test('asks the director about a client and prints the reasons, then the answer', async () => {
    await using director = await startFakeDirector({ 'GET /v1/resolve': { json: report } });
    const args = ['www.example.test', '--client', '141.20.1.1', '--url', director.url];
    const run = await runIn(explain, args);
    assert.equal(run.code, 0);
    assert.equal(
      run.out,
      'www.example.test → eu-central\n\nAnswer:\n  www.example.test 30 IN A 192.0.2.20',
    );
    const asked = new URL(director.requests[0]?.url ?? '', director.url).searchParams;
    assert.deepEqual(Object.fromEntries(asked), {
      name: 'www.example.test',
      type: 'A',
      client: '141.20.1.1',
      explain: '1',
    });
  });

  test('a name that nobody steers, and one that does not exist', async () => {
    const { trail: _trail, ...plain } = report;
    const json = { ...plain, status: 'NXDOMAIN', answers: [], regions: [], note: 'why' };
    await using director = await startFakeDirector({ 'GET /v1/resolve': { json } });
    const run = await runIn(explain, ['nope.example.test', '--url', director.url]);
    assert.equal(run.code, 1);
    assert.match(
      run.out,
      /is not steered.*\n\nAnswer:\n {2}no A record \(NXDOMAIN\)\n\nNote: why\.$/,
    );
  });

  test('--json prints the report as it came', async () => {
    await using director = await startFakeDirector({ 'GET /v1/resolve': { json: report } });
    const run = await runIn(explain, ['www.example.test', '--json', '--url', director.url]);
    assert.deepEqual(JSON.parse(run.out), report);
  });
});
