// Standing: what a director says of itself beside its vote.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingObservers, standingOf } from '../../src/director/standing.ts';
import { millis } from '../../src/model/time.ts';
import { aRegion, aSettings, aSnapshot, noon } from '../support/fleet.ts';
import { now, vote } from '../support/votes.ts';

const base = aSettings({ regions: [aRegion('eu')], services: [] });
const settings = { ...base, health: { ...base.health, observers: ['eu', 'us', 'ap'] } };

test('a director says what it runs, whom it does not hear and how many boards it has lost', () => {
  const board = { name: 'h:1', kind: 'store', lastReadAt: undefined } as const;
  const votes = [vote('us', 'up'), vote('ap', 'up', 'ap-1', 60_000)].map((heard) => ({
    ...heard,
    freshAt: millis(heard.freshAt - now + noon),
  }));
  const gossip = {
    votes: () => votes,
    boards: () => [
      { ...board, isUp: true },
      { ...board, isUp: false },
    ],
  };
  const snapshot = { ...aSnapshot({ regions: [aRegion('eu')], epoch: 9 }), settings };
  assert.deepEqual(standingOf(snapshot, gossip, '1.2.3', noon), {
    configuration: '0123456789ab',
    epoch: 9,
    release: '1.2.3',
    missing: ['eu', 'ap'],
    lostBoards: 1,
  });
});

test('one fresh vote is enough for an observing region to be heard', () => {
  const votes = [vote('us', 'up', 'us-1'), vote('us', 'up', 'us-2'), vote('lab', 'up')];
  assert.deepEqual(missingObservers(settings, votes, now), ['eu', 'ap']);
});
