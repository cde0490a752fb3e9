import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from '../../../src/director/webhooks/message.ts';
import type { Change, DirectorEvent } from '../../../src/model/event.ts';

const director = { id: 'eu-1', region: 'eu' };

function eventOf(change: Change, id = 'life-3'): DirectorEvent {
  return { ...change, id, at: '2026-01-01T00:00:00.000Z', epoch: 7 };
}

const verdict: Change = {
  type: 'verdict',
  region: 'us',
  from: 'up',
  to: 'down',
  isKept: false,
  reason: 'refused',
};

const begun: Change = {
  type: 'override',
  region: 'us',
  id: 'w1',
  override: 'w1',
  kind: 'drain',
  hasBegun: true,
  by: 'alice',
  reason: 'swap',
  end: '2026-01-01T01:00:00.000Z',
};

const step: Change = {
  type: 'drill',
  drill: 'd1',
  region: 'us',
  phase: 'step',
  step: 2,
  share: 0.5,
  by: 'alice',
  reason: 'quarterly',
  abort: null,
};

test('a body is the event, under its type, with who tells it', () => {
  const message = messageOf(eventOf(verdict), director);
  assert.equal(message?.event, 'verdict');
  assert.deepEqual(JSON.parse(message.body), {
    type: 'verdict',
    timestamp: '2026-01-01T00:00:00.000Z',
    director: { id: 'eu-1', region: 'eu' },
    data: {
      region: 'us',
      from: 'up',
      to: 'down',
      isKept: false,
      reason: 'refused',
      id: 'life-3',
      epoch: 7,
    },
  });
});

test('where an operator sits is not told', () => {
  const safety: Change = { type: 'safety', state: 'refused', rules: [], client: '192.0.2.1' };
  const changes = [
    { ...begun, client: '192.0.2.1', request: 'r-1' },
    { ...step, client: '192.0.2.1' },
    safety,
  ];
  for (const change of changes) {
    const { body = '' } = messageOf(eventOf(change), director) ?? {};
    assert.match(body, /"epoch":7/);
    assert.doesNotMatch(body, /client|192\.0\.2\.1/);
  }
});

test('what the fleet has a name for has the same id from every director', () => {
  const idOf = (change: Change, id: string): string | undefined =>
    messageOf(eventOf(change, id), director)?.id;
  assert.equal(idOf(begun, 'one-1'), 'override-w1-begun');
  assert.equal(idOf(begun, 'two-9'), 'override-w1-begun');
  assert.equal(idOf({ ...begun, hasBegun: false }, 'two-10'), 'override-w1-ended');
  assert.equal(idOf(step, 'one-2'), 'drill-d1-step-2');
  assert.equal(idOf(verdict, 'one-3'), 'event-one-3');
});

test('what one director alone knows is told by that one', () => {
  const isOfFleet = (change: Change): boolean | undefined =>
    messageOf(eventOf(change), director)?.isOfFleet;
  assert.equal(isOfFleet(verdict), true);
  assert.equal(isOfFleet(begun), true);
  assert.equal(isOfFleet(step), false);
  assert.equal(isOfFleet({ type: 'safety', state: 'broken', rules: [] }), true);
  assert.equal(isOfFleet({ type: 'safety', state: 'refused', rules: [] }), false);
});

test('an epoch is no news of its own', () => {
  assert.equal(messageOf(eventOf({ type: 'epoch' }), director), undefined);
});

test('what tells of the same thing has one subject', () => {
  const subjectOf = (change: Change): string | undefined =>
    messageOf(eventOf(change), director)?.subject;
  const same: [Change, Change][] = [
    [begun, { ...begun, hasBegun: false }],
    [verdict, { ...verdict, from: 'down', to: 'up' }],
    [step, { ...step, phase: 'done' }],
    [
      { type: 'files', areGood: false, faults: ['a'] },
      { type: 'files', areGood: true, faults: [] },
    ],
  ];
  for (const [one, other] of same) assert.equal(subjectOf(one), subjectOf(other));
  const service = { type: 'service', from: 'healthy', to: 'fail-open' } as const;
  const apart: Change[] = [
    begun,
    verdict,
    { ...verdict, region: 'eu' },
    step,
    { ...service, service: 'a' },
    { ...service, service: 'b' },
    { type: 'safety', state: 'broken', rules: [] },
    { type: 'safety', state: 'refused', rules: [] },
  ];
  assert.equal(new Set(apart.map(subjectOf)).size, apart.length);
});
