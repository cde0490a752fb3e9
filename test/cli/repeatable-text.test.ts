// Refusals, notices, repeats and reloads as sentences.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedSentence } from '../../src/cli/recorded.ts';
import type { TimelineEntry } from '../../src/model/audit.ts';

const at = '2026-05-01T12:00:00.000Z';
const reload = {
  event: 'reload',
  state: 'taken',
  from: 'aaa',
  to: 'bbb',
  changed: ['region eu'],
  rules: [{ rule: 'minRegions', isAllowed: true, figures: 'the fleet has 2 whole regions' }],
  moved: [{ service: 'www.example.test', share: 0.173 }],
  forced: [],
  faults: [],
};

const cases: [Omit<TimelineEntry, 'at'> & { event: string }, string][] = [
  [
    {
      event: 'refusal',
      what: 'POST /v1/overrides',
      tried: { region: 'mars', kind: 'drain' },
      code: 'region.unknown',
      message: 'there is no region "mars"',
      door: 'token ops',
      client: '192.0.2.7',
      request: 'r-1',
    },
    'REFUSED: POST /v1/overrides (region mars, kind drain) by token ops from 192.0.2.7: there is no region "mars" (region.unknown, request r-1)',
  ],
  [
    { event: 'notice', what: 'worker.died', level: 'error', facts: { worker: 1, reason: 'oops' } },
    'worker.died: worker 1, reason oops',
  ],
  [
    {
      event: 'repeats',
      seconds: 60,
      count: 12,
      others: 2,
      sources: [
        {
          of: 'refusal',
          what: 'POST /v1/overrides',
          code: 'request.unauthorized',
          door: 'nobody',
          client: '192.0.2.7',
          count: 10,
          requests: ['r-8', 'r-9'],
        },
      ],
    },
    '12 more within 60 s: 10 × refusal POST /v1/overrides by nobody from 192.0.2.7 (request.unauthorized, the last requests r-8, r-9); 2 of others',
  ],
  [
    reload,
    'new files came into force, bbb after aaa: region eu; it moves 17.3 % of www.example.test; checked: minRegions: the fleet has 2 whole regions',
  ],
  [
    { ...reload, state: 'forced', forced: ['minRegions'], rules: [], moved: [], changed: [] },
    'new files came into force IN SPITE OF minRegions, bbb after aaa',
  ],
  [
    { ...reload, state: 'refused', faults: ['wrong (config.value)'] },
    'new files were refused, aaa stays: wrong (config.value)',
  ],
  [{ event: 'gate', isClosed: true }, 'the gate is closed: nothing may be changed from now on'],
  [
    {
      event: 'override',
      region: 'eu',
      kind: 'drain',
      hasBegun: true,
      by: 'alice',
      reason: 'swap',
      end: at,
      start: at,
      from: 'us-1',
      door: 'token ops',
      client: '192.0.2.7',
      request: 'r-1',
      rules: [{ rule: 'gate', isAllowed: false, figures: 'it is closed' }],
    },
    'eu: drain by alice until 12:00:00: swap (at us-1, over HTTP, token ops, from 192.0.2.7, request r-1); checked: gate: it is closed (overridden)',
  ],
];

for (const [entry, words] of cases) {
  test(words, () => {
    assert.equal(recordedSentence({ at, ...entry }), words);
  });
}
