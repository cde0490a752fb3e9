import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceOf } from '../../src/cli/sentence.ts';
import type { Change, StreamNotice } from '../../src/model/event.ts';

const end = '2026-05-01T12:10:00.000Z';
const override = {
  type: 'override',
  region: 'eu',
  id: 'o',
  kind: 'drain',
  reason: 'swap',
  end,
} as const;
const configurations = [
  { configuration: 'abc', directors: ['eu-1', 'ap-1'] },
  { configuration: 'fff', directors: ['us-1'] },
];

const cases: [Change, string | undefined][] = [
  [
    { type: 'verdict', region: 'eu', from: 'up', to: 'down', isKept: false, reason: 'timed out' },
    'eu is down: timed out',
  ],
  [
    { type: 'verdict', region: 'eu', from: 'down', to: 'up', isKept: false, reason: '' },
    'eu is up',
  ],
  [
    { type: 'verdict', region: 'eu', from: 'up', to: 'up', isKept: true, reason: '' },
    'eu: too few votes are fresh, so its verdict "up" is kept',
  ],
  [
    { type: 'suspicion', region: 'eu', isSuspect: true },
    'eu is suspect: some probes contradict its verdict',
  ],
  [
    { type: 'return', region: 'eu', from: 'out', to: 'holding', share: 0, until: end, trips: 0 },
    'eu is held until 12:10:00',
  ],
  [
    {
      type: 'return',
      region: 'eu',
      from: 'holding',
      to: 'half-open',
      share: 0.05,
      until: end,
      trips: 0,
    },
    'eu gets 5 % of its clients until 12:10:00',
  ],
  [
    {
      type: 'return',
      region: 'eu',
      from: 'half-open',
      to: 'open',
      share: 1,
      until: null,
      trips: 0,
    },
    'eu has all of its clients again',
  ],
  [
    { type: 'shed', region: 'eu', from: 0, to: 0.14, load: 1.2346 },
    'eu is too busy (123 % in use) and passes on 14 % of client networks',
  ],
  [
    { type: 'shed', region: 'eu', from: 0.14, to: 0.04, load: null },
    'eu passes on 4 % of client networks after 14 % (its load is not known)',
  ],
  [
    { type: 'shed', region: 'eu', from: 0.04, to: 0, load: 0.6 },
    'eu passes nobody on any more (60 % in use)',
  ],
  [{ type: 'trip', region: 'eu', trips: 2 }, 'eu went down again on its way back, 2 times by now'],
  [{ ...override, hasBegun: true, by: 'alice' }, 'eu: drain by alice until 12:10:00: swap'],
  [{ ...override, hasBegun: false, by: 'bob' }, 'eu: drain ended by bob'],
  [{ ...override, hasBegun: false, by: null }, 'eu: drain ended, its time is over'],
  [
    { type: 'gossip', from: 'fresh', to: 'partial', missingObservers: ['ap'], lostBoards: ['h:1'] },
    'gossip is partial; observers not heard: ap; boards lost: h:1',
  ],
  [
    { type: 'mixture', isMixed: true, configurations },
    'directors run different configurations: abc on eu-1 ap-1, fff on us-1',
  ],
  [
    { type: 'files', areGood: false, faults: ['m.yaml:1:1: bad (config.value)'] },
    'the configuration files have faults, the last good one is in force: m.yaml:1:1: bad (config.value)',
  ],
  [{ type: 'epoch' }, undefined],
];

test('an event is told as a sentence', () => {
  for (const [change, sentence] of cases) {
    assert.equal(sentenceOf({ ...change, id: 'a-1', at: end, epoch: 3 }), sentence);
  }
});

test('so is what a stream says of itself', () => {
  const notice = { director: 'eu-1', epoch: 3 };
  const told = (of: Pick<StreamNotice, 'type' | 'reason'>) => sentenceOf({ ...of, ...notice });
  assert.equal(told({ type: 'start', reason: null }), 'following eu-1 from epoch 3 on');
  assert.match(told({ type: 'missed', reason: 'other-life' }) ?? '', /^eu-1 has started anew/);
  assert.match(told({ type: 'missed', reason: 'forgotten' }) ?? '', /^some events were missed/);
});
