import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  aged,
  isNewer,
  localOverride,
  overrideBallot,
  reportBallot,
  voteBallot,
} from '../../../src/director/gossip/relay.ts';
import type { Ballot } from '../../../src/director/gossip/ballot.ts';
import type { Vote } from '../../../src/model/health.ts';
import type { Override } from '../../../src/model/override.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';

const vote: Vote = {
  observer: 'a',
  region: 'eu',
  incarnation: 1,
  sequence: 5,
  opinions: new Map(),
};

const word: Override = {
  id: 'w1',
  region: 'eu' as RegionId,
  kind: 'drain',
  actor: 'alice',
  reason: 'test',
  start: millis(1_000_000),
  end: millis(1_600_000),
  isLifted: false,
  clock: { wall: millis(1_000_000), counter: 0, node: 'a' },
};

function ballotOf(change: Partial<Vote>): Ballot {
  return { kind: 'vote', vote: { ...vote, ...change }, age: millis(0), lifetime: millis(1) };
}

describe('voteBallot', () => {
  test('carries the age of the vote and leaves it only the life that is left', () => {
    const ballot = voteBallot({ vote, freshAt: millis(1000) }, millis(4000), millis(17_000));
    assert.deepEqual([ballot?.age, ballot?.lifetime], [3000, 14_000]);
  });

  test('is none once the vote is too old to say anything', () => {
    assert.equal(
      voteBallot({ vote, freshAt: millis(0) }, millis(17_000), millis(17_000)),
      undefined,
    );
  });
});

describe('overrideBallot', () => {
  test('stays a minute longer than the override, so that no old word returns', () => {
    const ballot = overrideBallot(word, millis(1_100_000));
    assert.deepEqual([ballot?.age, ballot?.lifetime], [100_000, 560_000]);
  });

  test('is none after the end', () => {
    assert.equal(overrideBallot(word, word.end), undefined);
  });
});

describe('reportBallot', () => {
  const { start, clock } = word;
  const end = millis(start + 45_000);
  const said = { state: 'up', load: 0.5, connections: undefined, reason: '' } as const;
  const report = { region: word.region, name: 'app', ...said, start, end, clock };

  test('carries the age of the report and leaves it only the life that is left', () => {
    const ballot = reportBallot(report, millis(start + 15_000));
    assert.deepEqual([ballot?.age, ballot?.lifetime], [15_000, 30_000]);
  });

  test('is none once the report says nothing any more', () => {
    assert.equal(reportBallot(report, end), undefined);
  });
});

describe('aged', () => {
  const ballot: Ballot = { kind: 'vote', vote, age: millis(2000), lifetime: millis(10_000) };

  test('adds the time on the board', () => {
    assert.equal(aged(ballot, { value: '', remaining: millis(7000) })?.age, 5000);
  });

  test('a slot with more life than it was given is not believed', () => {
    assert.equal(aged(ballot, { value: '', remaining: millis(10_001) }), undefined);
  });
});

describe('localOverride', () => {
  test('lasts as long as its writer said, by whatever clock', () => {
    const twoHours = 7_200_000;
    const local = localOverride(word, millis(60_000), millis(word.start + 60_000 + twoHours));
    assert.equal(local.end - local.start, word.end - word.start);
    assert.equal(local.start, word.start + twoHours);
  });

  test('clocks that nearly agree name the same end', () => {
    assert.equal(localOverride(word, millis(60_000), millis(word.start + 64_000)), word);
  });
});

describe('isNewer', () => {
  test('a later sequence or a later life of the observer is newer, the same is not', () => {
    assert.ok(isNewer(ballotOf({ sequence: 6 }), ballotOf({})));
    assert.ok(isNewer(ballotOf({ incarnation: 2, sequence: 0 }), ballotOf({})));
    assert.ok(!isNewer(ballotOf({}), ballotOf({})));
  });

  test('overrides are ordered by their hybrid clocks', () => {
    const ballot = (counter: number): Ballot => ({
      kind: 'override',
      override: { ...word, clock: { ...word.clock, counter } },
      age: millis(0),
      lifetime: millis(1),
    });
    assert.ok(isNewer(ballot(1), ballot(0)));
    assert.ok(!isNewer(ballot(0), ballot(1)));
  });
});
