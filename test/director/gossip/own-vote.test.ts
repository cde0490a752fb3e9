// The own vote: numbers that only ever grow, whatever clocks and namesakes do.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createOwnVote } from '../../../src/director/gossip/own-vote.ts';
import { createRecordLog } from '../../support/record-log.ts';

const said = { standing: undefined, returns: undefined, loads: undefined };

function stage(last?: { incarnation: number; sequence: number }) {
  const log = createRecordLog();
  const own = createOwnVote({ observer: 'a', region: 'eu', incarnation: 5.7, log }, last);
  own.opinions = new Map();
  const mark = () => {
    const { incarnation, sequence } = own.next(said) ?? assert.fail();
    return [incarnation, sequence];
  };
  return { own, log, mark };
}

test('there is no vote before the first word', () => {
  const { own } = stage();
  own.opinions = undefined;
  assert.equal(own.next(said), undefined);
});

test('each has the next number, in an incarnation after the last one', () => {
  const { mark } = stage();
  assert.deepEqual(
    [mark(), mark()],
    [
      [5, 1],
      [5, 2],
    ],
  );
  assert.deepEqual(stage({ incarnation: 9, sequence: 3 }).mark(), [10, 1]);
});

test('who is outdone goes on after whoever did it, and says so once', () => {
  const { own, log, mark } = stage();
  mark();
  const vote = { observer: 'a', region: 'eu', incarnation: 7, sequence: 4, opinions: new Map() };
  own.outdo(vote);
  assert.deepEqual(mark(), [8, 1]);
  own.outdo(vote);
  assert.deepEqual(mark(), [8, 2]);
  own.outdo({ ...vote, incarnation: 8, sequence: 9 });
  assert.deepEqual(mark(), [9, 1]);
  assert.deepEqual(log.lines, ['warn gossip.same-id']);
});

describe('a process that takes this one’s place', () => {
  const voteOf = (incarnation: number, sequence: number) => ({
    observer: 'a',
    region: 'eu',
    incarnation,
    sequence,
    opinions: new Map(),
  });

  test('has the word once it has spoken, without an alarm', () => {
    const { own, log, mark } = stage();
    own.giveWay();
    mark();
    assert.equal(own.isSilent(), false, 'until then there is nobody else to say it');
    own.outdo(voteOf(9, 1));
    own.outdo(voteOf(9, 2));
    assert.equal(own.isSilent(), true);
    assert.deepEqual(mark(), [5, 2]);
    assert.deepEqual(log.lines, []);
  });

  test('leaves it where it failed, and what it has said is outdone', () => {
    const { own, log, mark } = stage();
    own.giveWay();
    own.outdo(voteOf(9, 1));
    own.goOn();
    own.outdo(voteOf(9, 7));
    assert.equal(own.isSilent(), false);
    assert.deepEqual(mark(), [10, 1]);
    assert.deepEqual(log.lines, []);
  });

  test('may be heard only after it failed, and that is no alarm either', () => {
    const { own, log, mark } = stage();
    own.giveWay();
    own.goOn();
    own.outdo(voteOf(9, 1));
    assert.deepEqual(mark(), [10, 1]);
    assert.deepEqual(log.lines, []);
    own.outdo(voteOf(11, 1));
    assert.deepEqual(mark(), [12, 1]);
    assert.deepEqual(log.lines, ['warn gossip.same-id']);
  });

  test('is one: a third is told of also meanwhile', () => {
    const { own, log, mark } = stage();
    own.giveWay();
    own.outdo(voteOf(9, 1));
    own.outdo(voteOf(10, 1));
    assert.deepEqual(log.lines, ['warn gossip.same-id']);
    own.goOn();
    assert.deepEqual(mark(), [11, 1]);
  });
});
