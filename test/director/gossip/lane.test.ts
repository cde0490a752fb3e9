// The traffic with boards in virtual time: boards that fail, hints in swarms, texts to refuse.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { millis } from '../../../src/model/time.ts';
import { createStage, opinions, sealedVote, voteLifetime } from '../../support/gossip-stage.ts';

describe('boards', () => {
  test('a board that is lost takes nothing with it, and is told as down until it is back', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const directors = [join('a', [left, right]), join('b', [left, right])] as const;
    const [a, b] = directors;
    for (const { gossip } of directors) gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    left.state = 'down';
    await clock.advance(60_000);
    assert.deepEqual(b.heard(), ['a up', 'b up']);
    const [lost, kept] = a.gossip.boards();
    assert.deepEqual([lost?.name, lost?.isUp], ['left', false]);
    assert.deepEqual([kept?.name, kept?.isUp], ['right', true]);
    assert.ok((lost?.lastReadAt ?? 0) < clock.now() - 59_000);

    right.state = 'down';
    await clock.advance(60_000);
    assert.deepEqual(b.heard(), ['b up']);
    left.state = 'up';
    await clock.advance(3000);
    assert.deepEqual(b.heard(), ['a up', 'b up']);
    assert.equal(b.gossip.boards()[0]?.isUp, true);
  });

  test('a board that hangs delays no other, nor the end', async () => {
    const { clock, board, join } = createStage();
    const [hung, fine] = [board('hung'), board('fine')];
    hung.state = 'hung';
    const a = join('a', [hung, fine]);
    const b = join('b', [hung, fine]);
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(30_000);
    assert.deepEqual(b.heard(), ['a up']);
    assert.deepEqual(
      b.gossip.boards().map(({ isUp }) => isUp),
      [false, true],
    );
    await b.gossip[Symbol.asyncDispose]();
  });

  test('what a board answered long ago, to a director that stood still since, is read anew', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(3000);
    shared.readDelay = 10_000;
    const b = join('b', [shared]);
    await clock.advance(25_000);
    assert.deepEqual(b.heard(), []);
    assert.equal(b.gossip.boards()[0]?.isUp, false);
    shared.readDelay = 0;
    await clock.advance(12_000);
    assert.deepEqual(b.heard(), ['a up']);
    for (const { gossip } of [a, b]) await gossip[Symbol.asyncDispose]();
  });

  test('a swarm of hints causes at most ten reads a second, and none a read each period', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await clock.advance(10_000);
    assert.ok(shared.reads >= 10 && shared.reads <= 12, `${shared.reads} reads in quiet`);
    shared.reads = 0;
    for (let i = 0; i < 200; i++) {
      await shared.post('noise', String(i), voteLifetime);
      await clock.advance(10);
    }
    assert.ok(shared.reads >= 10 && shared.reads <= 21, `${shared.reads} reads under noise`);
    await a.gossip[Symbol.asyncDispose]();
  });

  test('votes that are posted anew cause no reads between the periodic ones', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const directors = Array.from({ length: 10 }, (_, i) => join(`d${i}`, [shared]));
    for (const { gossip } of directors) gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    shared.reads = 0;
    await clock.advance(60_000);
    assert.ok(shared.reads <= 10 * 67, `${shared.reads} reads of ten directors in a minute`);
    for (const { heard } of directors) assert.equal(heard().length, 10);
    directors[0]?.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    for (const { heard } of directors) assert.equal(heard()[0], 'd0 down');
  });

  test('in a large fleet each posts more rarely, and nobody is missed', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const directors = Array.from({ length: 60 }, (_, i) => join(`d${i}`, [shared]));
    for (const { gossip } of directors) gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    shared.posts = 0;
    for (let second = 0; second < 34; second++) {
      await clock.advance(1000);
      for (const { heard } of directors) assert.equal(heard().length, 60);
    }
    assert.ok(shared.posts <= 60 * 7, `${shared.posts} posts of sixty directors in two lifetimes`);
  });

  test('a hint makes one slot read, more hints than can be named all of them', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    for (let i = 0; i < 100; i++) {
      await shared.post(`vote.o${i}`, sealedVote(1, 'up', { observer: `o${i}` }), voteLifetime);
    }
    const b = join('b', [shared]);
    await clock.advance(150);
    assert.equal(b.heard().length, 100);
    shared.slotsRead = 0;
    const say = (i: number): Promise<void> =>
      shared.post(`vote.o${i}`, sealedVote(2, 'down', { observer: `o${i}` }), voteLifetime);
    await Promise.all([say(7), say(8)]);
    await clock.advance(150);
    assert.deepEqual(
      b.heard().filter((word) => word.endsWith('down')),
      ['o7 down', 'o8 down'],
    );
    assert.ok(shared.slotsRead <= 2, `${shared.slotsRead} slots read`);
    assert.equal(b.heard().length, 100);
    for (let i = 10; i < 90; i++) await say(i);
    await clock.advance(150);
    assert.equal(b.heard().filter((word) => word.endsWith('down')).length, 82);
  });

  test('a slot that has gone by the time it is hinted at takes nothing with it', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const b = join('b', [shared]);
    await shared.post('vote.a', sealedVote(1, 'up'), voteLifetime);
    await clock.advance(50);
    await shared.post('vote.x', 'gone at once', millis(0.5));
    await clock.advance(2000);
    assert.deepEqual(b.heard(), ['a up']);
  });

  test('more text than is decoded in one go is heard whole', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const others = Array.from({ length: 400 }, (_, i) => `r${i}`);
    for (let i = 0; i < 12; i++) {
      const text = sealedVote(1, 'up', { observer: `o${i}`, others, reason: 'x'.repeat(200) });
      assert.ok(text.length > 80_000);
      await shared.post(`vote.o${i}`, text, voteLifetime);
    }
    const b = join('b', [shared]);
    await clock.advance(50);
    assert.equal(b.heard().length, 12);
    assert.equal(b.gossip.boards()[0]?.isUp, true);
  });

  test('what a board answers after the end is ignored', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    await shared.post('vote.a', sealedVote(1, 'up'), voteLifetime);
    shared.readDelay = 500;
    const b = join('b', [shared]);
    await b.gossip[Symbol.asyncDispose]();
    await clock.advance(5000);
    assert.deepEqual([b.gossip.votes(), b.counts.size, shared.reads], [[], 0, 1]);
  });

  test('after the end nothing is read, posted or told', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    const b = join('b', [shared]);
    a.gossip.setOpinions(opinions('up'));
    await clock.advance(5000);
    await b.gossip[Symbol.asyncDispose]();
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(200);
    const { reads, posts } = shared;
    const { changes } = b;
    await shared.post('vote.c', 'x', voteLifetime);
    a.gossip.setOpinions(opinions('down'));
    await clock.advance(60_000);
    assert.deepEqual([shared.reads, shared.posts, b.changes], [reads, posts + 1, changes]);
    assert.equal(clock.sleepers, 0);
  });
});

describe('what is refused', () => {
  test('forged, moved and broken votes are dropped and counted once, not at each read', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const b = join('b', [shared]);
    await shared.post('vote.a', sealedVote(1, 'up', { secret: 'guess' }), voteLifetime);
    await shared.post('vote.other', sealedVote(1, 'up'), voteLifetime);
    await shared.post('vote.x', 'x'.repeat(300_000), voteLifetime);
    await shared.post('vote.y', '{}', voteLifetime);
    await clock.advance(10_000);
    assert.deepEqual(b.gossip.votes(), []);
    assert.equal(b.counts.get('forged'), 2);
    assert.equal(b.counts.get('oversized'), 1);
    assert.equal(b.counts.get('malformed'), 1);
    assert.equal(b.changes, 0);
  });

  test('a slot that was made to live longer than its poster said is not believed', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const b = join('b', [shared]);
    await shared.post('vote.a', sealedVote(1, 'up'), millis(voteLifetime + 60_000));
    await clock.advance(1000);
    assert.deepEqual(b.gossip.votes(), []);
    assert.equal(b.counts.get('forged'), 1);
  });

  test('a replayed vote changes nothing and renews nothing, also after a restart', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const b = join('b', [shared]);
    const [old, latest] = [sealedVote(1, 'up'), sealedVote(2, 'down')];
    await shared.post('vote.a', latest, voteLifetime);
    await clock.advance(200);
    const heard = b.gossip.votes();
    await shared.post('vote.a', old, voteLifetime);
    await clock.advance(5000);
    await shared.post('vote.a', latest, voteLifetime);
    await clock.advance(5000);
    assert.deepEqual(b.gossip.votes(), heard);
    assert.equal(b.counts.get('stale'), 1);

    await b.gossip[Symbol.asyncDispose]();
    const again = join('b', [shared], { initial: b.gossip.memory() });
    await shared.post('vote.a', old, voteLifetime);
    await clock.advance(1000);
    await shared.post('vote.a', latest, voteLifetime);
    await clock.advance(1000);
    assert.deepEqual(again.gossip.votes(), []);
    await shared.post('vote.a', sealedVote(3, 'up'), voteLifetime);
    await clock.advance(1000);
    assert.deepEqual(again.heard(), ['a up']);
  });
});
