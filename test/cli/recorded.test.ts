// Recorded entries in sentences, those of later releases and of enemies too.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recordedSentence } from '../../src/cli/recorded.ts';
import type { TimelineEntry } from '../../src/model/audit.ts';

const at = '2026-05-01T12:00:00.000Z';
const vote = (observer: string, verdict: string) => ({
  observer,
  region: 'r',
  verdict,
  reason: '',
});
const drain = {
  event: 'override',
  region: 'eu',
  kind: 'drain',
  hasBegun: true,
  by: 'alice',
  reason: 'swap',
  end: '2026-05-01T12:10:00.000Z',
  start: at,
  from: 'us-1',
};
const shares = (answers: number, each: object) => ({ seconds: 60, answers, shares: each });

const cases: [Omit<TimelineEntry, 'at'> & { event: string }, string][] = [
  [
    {
      event: 'verdict',
      region: 'eu',
      to: 'down',
      isKept: false,
      reason: 'timed out',
      votes: [vote('us-1', 'down'), vote('ap-1', 'down'), vote('eu-1', 'up')],
    },
    'eu is down: timed out (down by us-1, ap-1; up by eu-1)',
  ],
  [
    { ...drain, door: 'token ops' },
    'eu: drain by alice until 12:10:00: swap (at us-1, over HTTP, token ops)',
  ],
  [
    { ...drain, door: null, start: '2026-05-01T11:40:00.000Z' },
    'eu: drain by alice until 12:10:00: swap (at us-1, given at 2026-05-01T11:40:00Z)',
  ],
  [{ ...drain, hasBegun: false, by: null, from: null }, 'eu: drain ended, its time is over'],
  [{ ...drain, hasBegun: false, by: 'bob', from: 'ap-1' }, 'eu: drain ended by bob (at ap-1)'],
  [
    { event: 'service', service: 'www.example.test', from: 'healthy', to: 'fail-open' },
    'www.example.test has nothing alive, so geography alone decides, for some or all of its clients',
  ],
  [
    { event: 'service', service: 'www.example.test', from: 'fail-open', to: 'healthy' },
    'www.example.test is answered with its healthy regions again',
  ],
  [
    {
      event: 'answers',
      causes: ['x'],
      before: shares(200, { eu: 0.615, us: 0.385 }),
      after: shares(180, { us: 1 }),
    },
    'answers over DNS: eu 61.5 % → 0 %, us 38.5 % → 100 % (200 in 60 s before, 180 in 60 s after)',
  ],
  [
    { event: 'answers', causes: ['x'], before: shares(0, {}), after: shares(0, {}) },
    'answers over DNS: none (0 in 60 s before, 0 in 60 s after)',
  ],
  [{ event: 'isolation', observer: 'eu-1', isIsolated: false }, 'the votes of eu-1 count again'],
  [
    { event: 'started', release: '1', configuration: 'abc' },
    'the director started: release 1, configuration abc',
  ],
  [{ event: 'file', after: null }, 'the audit log begins a file'],
  [
    { event: 'cut', known: 9, found: 5 },
    'THE AUDIT LOG LOST ITS END while the director ran: entry 9 was written, 5 was the last that is left',
  ],
  [{ event: 'shedding', region: 'eu', share: 0.2, id: 'x' }, 'shedding: region eu, share 0.2'],
  [{ event: 'verdict', region: 7 }, '7 is undefined'],
  [{ event: 'override', by: 'a\u001b' }, 'undefined: undefined ended by a\\u{1b}'],
];

for (const [entry, words] of cases) {
  test(words, () => {
    assert.equal(recordedSentence({ at, ...entry }), words);
  });
}

test('nothing throws, and one line comes out', () => {
  const events = fc.constantFrom(
    ...cases.map(([{ event }]) => event),
    'return',
    'gossip',
    '__proto__',
  );
  const facts = fc.dictionary(
    fc.constantFrom('region', 'to', 'end', 'until', 'votes', 'before', 'files'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(events, facts, (event, more) => {
      assert.doesNotMatch(recordedSentence({ ...more, at, event }), /\p{Cc}/u);
    }),
  );
});
