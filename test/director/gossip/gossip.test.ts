// Votes in virtual time: who hears what of whom, and when.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReturnClaim } from '../../../src/model/health.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { createStage, eu, opinions, voteLifetime } from '../../support/gossip-stage.ts';

describe('votes', () => {
  test('what an observer says is heard at once by all that share a board with it', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    const b = join('b', [shared]);
    await clock.advance(1000);
    a.gossip.setOpinions(opinions('up'));
    b.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    assert.deepEqual(a.heard(), ['a up', 'b down']);
    assert.deepEqual(b.heard(), ['a up', 'b down']);
    a.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    assert.deepEqual(b.heard(), ['a down', 'b down']);
    const vote = b.gossip.votes().find(({ vote: { observer } }) => observer === 'a')?.vote;
    assert.equal(vote?.region, 'a-region');
  });

  test('what an observer says of itself goes along, and is posted at once when it is told to', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    let epoch = 1;
    const self = { configuration: '0123456789ab', release: '1', missing: ['us'], lostBoards: 0 };
    const a = join('a', [shared], { standing: () => ({ ...self, epoch }) });
    const b = join('b', [shared]);
    const heard = () => b.gossip.votes().find(({ vote }) => vote.observer === 'a')?.vote.standing;
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(200);
    assert.deepEqual(heard(), { ...self, epoch: 1 });
    const { posts } = shared;
    const { changes } = b;
    epoch = 2;
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(200);
    assert.equal(shared.posts, posts, 'no post of its own');
    a.gossip.announce();
    await clock.advance(200);
    assert.equal(heard()?.epoch, 2);
    assert.equal(b.changes, changes, 'no news for verdicts');
  });

  test('an observer that has said nothing yet posts nothing', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await clock.advance(10_000);
    assert.equal(shared.posts, 0);
    assert.deepEqual(a.gossip.votes(), []);
  });

  test('carry what their observer claims of returns at the moment they are posted', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const start = clock.now();
    const returns = (): Map<RegionId, ReturnClaim> =>
      new Map([[eu, { ago: clock.now() - start, trips: 1 }]]);
    const a = join('a', [shared], { returns });
    const b = join('b', [shared]);
    a.gossip.setOpinions(opinions('up'));
    for (let i = 0; i < 20; i++) {
      await clock.advance(700);
      const { vote, freshAt } = b.gossip.votes()[0] ?? assert.fail();
      assert.deepEqual(vote.returns?.get(eu), { ago: freshAt - start, trips: 1 });
    }
  });

  test('a vote stays fresh as long as its observer lives, and no longer', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    const b = join('b', [shared]);
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(60_000);
    assert.deepEqual(b.heard(), ['a up']);
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(voteLifetime - 4000);
    assert.deepEqual(b.heard(), ['a up']);
    await clock.advance(5000);
    assert.deepEqual(b.heard(), []);
  });

  test('two directors that share no board hear each other through a third', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const a = join('a', [left]);
    const b = join('b', [right]);
    const between = join('c', [left, right]);
    a.gossip.setOpinions(opinions('up'));
    b.gossip.setOpinions(opinions('down'));
    await clock.advance(3000);
    assert.deepEqual(a.heard(), ['a up', 'b down']);
    assert.deepEqual(b.heard(), ['a up', 'b down']);
    await clock.advance(60_000);
    assert.deepEqual(a.heard(), ['a up', 'b down']);

    await between.gossip[Symbol.asyncDispose]();
    await clock.advance(voteLifetime + 4000);
    assert.deepEqual(a.heard(), ['a up']);
  });

  test('a relayed vote is as old as it is, however many hands it went through', async () => {
    const { clock, board, join } = createStage();
    const boards = ['1', '2', '3', '4'].map(board);
    const [first, second, third, fourth] = boards as [never, never, never, never];
    const a = join('a', [first]);
    join('r', [first, second]);
    join('s', [second, third]);
    join('t', [third, fourth]);
    const last = join('b', [fourth]);
    a.gossip.setOpinions(opinions('up'));
    const said = clock.now();
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(10_000);
    assert.deepEqual(last.heard(), ['a up']);
    assert.equal(last.gossip.votes()[0]?.freshAt, said);
  });

  test('nobody relays what its observer posts by itself, though it takes its time', async () => {
    const { clock, board, join } = createStage();
    const boards = [board('near'), board('far')] as const;
    boards[1].postDelay = 400;
    const directors = Array.from({ length: 6 }, (_, i) =>
      join(`d${i}`, boards, { random: () => i / 6 }),
    );
    for (const { gossip } of directors) gossip.setOpinions(opinions('up'));
    await clock.advance(30_000);
    for (const { counts } of directors) assert.equal(counts.get('relayed'), undefined);
  });

  test('a director that is hours off counts the age of votes rightly', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared], { ahead: 7_200_000 });
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(6000);
    const late = join('b', [shared], { ahead: -7_200_000 });
    await clock.advance(0);
    const age = late.clock.now() - (late.gossip.votes()[0]?.freshAt ?? 0);
    assert.ok(age >= 6000 && age <= 8000, `${age} ms`);
  });

  test('a restarted observer is heard at once, also when its clock went back meanwhile', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const b = join('b', [shared]);
    const before = join('a', [shared], { ahead: 60_000 });
    before.gossip.setOpinions(opinions('up'));
    await clock.advance(10_000);
    await before.gossip[Symbol.asyncDispose]();

    const later = join('a', [shared], { ahead: 120_000 });
    later.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    assert.deepEqual(b.heard(), ['a down']);
    await later.gossip[Symbol.asyncDispose]();

    const earlier = join('a', [shared]);
    earlier.gossip.setOpinions(opinions('up'));
    await clock.advance(3000);
    assert.deepEqual(b.heard(), ['a up']);
    assert.deepEqual(earlier.log.lines, ['warn gossip.same-id']);
    await earlier.gossip[Symbol.asyncDispose]();

    const initial = earlier.gossip.memory();
    const remembering = join('a', [shared], { ahead: -60_000, initial });
    remembering.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    assert.deepEqual(b.heard(), ['a down']);
    assert.deepEqual(remembering.log.lines, []);
  });

  test('an observer that lost its memory and its clock is told how far it had come', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(600_000);
    await b.gossip[Symbol.asyncDispose]();
    const again = join('b', [shared], { initial: b.gossip.memory() });
    const newcomer = join('c', [shared]);
    const back = join('a', [shared], { ahead: -86_400_000 });
    back.gossip.setOpinions(opinions('down'));
    await clock.advance(6000);
    for (const each of [again, newcomer, back]) assert.deepEqual(each.heard(), ['a down']);
  });

  test('two directors with one id are told, and do not drown the boards', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const twins = [join('a', [shared]), join('a', [shared], { ahead: 5 })];
    for (const { gossip } of twins) gossip.setOpinions(opinions('up'));
    await clock.advance(60_000);
    for (const { log } of twins) assert.deepEqual(log.lines, ['warn gossip.same-id']);
    assert.ok(shared.posts < 80, `${shared.posts} posts in a minute`);
  });
});

describe('calls back', () => {
  test('when somebody says something new, once for all that came together', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    const c = join('c', [shared], { readEvery: millis(60_000) });
    await clock.advance(0);
    a.gossip.setOpinions(opinions('up'));
    b.gossip.setOpinions(opinions('up'));
    await clock.advance(200);
    assert.equal(c.changes, 1);
    a.gossip.setOpinions(opinions('up', { isSuspect: true }));
    await clock.advance(200);
    assert.equal(c.changes, 2);
  });

  test('not for posts that say the same again, nor for a new latency', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(60_000);
    a.gossip.setOpinions(opinions('up', { latency: millis(30) }));
    await clock.advance(4000);
    assert.equal(b.changes, 1);
    assert.equal(b.gossip.votes()[0]?.vote.opinions.values().next().value?.latency, 30);
  });
});
