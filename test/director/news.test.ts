// News for the log: which changes leave a line, and at which level.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logChange } from '../../src/director/news.ts';
import type { Change } from '../../src/model/event.ts';
import { createRecordLog } from '../support/record-log.ts';

function told(change: Change): unknown[] {
  const log = createRecordLog();
  logChange(change, log);
  return log.lines.flatMap((line, i) => [line, log.fields[i]]);
}

test('a verdict is told, as a warning when it is down or kept', () => {
  const fields = {
    region: 'eu',
    from: 'up',
    to: 'down',
    isKept: false,
    reason: 'refused',
  } as const;
  assert.deepEqual(told({ type: 'verdict', ...fields }), ['warn verdict.changed', fields]);
  const back = { ...fields, from: 'down', to: 'up', reason: '' } as const;
  assert.deepEqual(told({ type: 'verdict', ...back }), ['info verdict.changed', back]);
  const kept = { ...back, isKept: true };
  assert.deepEqual(told({ type: 'verdict', ...kept }), ['warn verdict.changed', kept]);
});

test('a return is told at each of its stages, and when it is over', () => {
  const until = '2026-05-01T12:00:01.000Z';
  const first = { type: 'return', region: 'eu', from: 'out', to: 'holding' } as const;
  assert.deepEqual(told({ ...first, share: 0, until, trips: 1 }), [
    'info region.returning',
    { region: 'eu', stage: 'holding', share: 0, until, trips: 1 },
  ]);
  const over = { ...first, from: 'half-open', to: 'open', share: 1, until: null } as const;
  assert.deepEqual(told({ ...over, trips: 1 }), [
    'info region.returned',
    { region: 'eu', trips: 1 },
  ]);
});

test('a region that comes back and goes again is a warning from the third time on', () => {
  assert.deepEqual(told({ type: 'trip', region: 'eu', trips: 2 }), []);
  const line = ['warn region.trips', { region: 'eu', trips: 3 }];
  assert.deepEqual(told({ type: 'trip', region: 'eu', trips: 3 }), line);
});

test('a region that begins to pass clients on is a warning, its next steps are news', () => {
  const facts = { region: 'eu', from: 0, to: 0.1, load: 1.2 };
  assert.deepEqual(told({ type: 'shed', ...facts }), ['warn region.sheds', facts]);
  const less = { ...facts, from: 0.1, to: 0 };
  assert.deepEqual(told({ type: 'shed', ...less }), ['info region.sheds', less]);
});

test('an override is told with its id, and with whoever began or ended it', () => {
  const facts = { region: 'eu', kind: 'drain', id: 'o1' } as const;
  const change = { type: 'override', ...facts, reason: 'swap', end: '' } as const;
  assert.deepEqual(told({ ...change, hasBegun: true, by: 'alice' }), [
    'info override.began',
    { ...facts, actor: 'alice', reason: 'swap', request: undefined },
  ]);
  assert.deepEqual(told({ ...change, hasBegun: false, by: 'bob' }), [
    'info override.ended',
    { ...facts, by: 'bob', request: undefined },
  ]);
  assert.deepEqual(told({ ...change, hasBegun: false, by: null }), [
    'info override.ended',
    { ...facts, by: undefined, request: undefined },
  ]);
});

test('gossip is told with what is missing, as a warning unless nothing is', () => {
  const change = { type: 'gossip', from: 'fresh', to: 'partial' } as const;
  const missing = { missingObservers: ['ap', 'sa'], lostBoards: ['h:1'] };
  assert.deepEqual(told({ ...change, ...missing }), [
    'warn gossip.changed',
    { from: 'fresh', to: 'partial', missing: 'ap, sa', lostBoards: 'h:1' },
  ]);
  const well = { from: 'partial', to: 'fresh', missingObservers: [], lostBoards: [] } as const;
  assert.equal(told({ ...change, ...well })[0], 'info gossip.changed');
});

test('suspicion, configuration and epoch leave no line', () => {
  assert.deepEqual(told({ type: 'suspicion', region: 'eu', isSuspect: true }), []);
  assert.deepEqual(told({ type: 'configuration', from: 'a', to: 'b' }), []);
  assert.deepEqual(told({ type: 'epoch' }), []);
});
