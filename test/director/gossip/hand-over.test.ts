// A hand-over: for a moment two processes speak under one id, and nobody takes them for two directors.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createStage, opinions, voteLifetime, wordOf } from '../../support/gossip-stage.ts';

/** A director that has begun to hand over, and another one that hears it. */
async function handingOver() {
  const { clock, board, join } = createStage();
  const shared = board('shared');
  const b = join('b', [shared]);
  const old = join('a', [shared]);
  old.gossip.setOpinions(opinions('up'));
  await clock.advance(10_000);
  old.gossip.giveWay();
  return { clock, shared, join, b, old };
}

describe('a director that hands over', () => {
  test('speaks until the next process does, however long that takes', async () => {
    const { clock, b, old } = await handingOver();
    await clock.advance(3 * voteLifetime);
    assert.deepEqual(b.heard(), ['a up']);
    old.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    assert.deepEqual(b.heard(), ['a down']);
  });

  test('then leaves it the word, and neither takes the other for a second director', async () => {
    const { clock, shared, join, b, old } = await handingOver();
    const next = join('a', [shared]);
    next.gossip.setOpinions(opinions('down'));
    await clock.advance(200);
    const posts = shared.posts;
    for (let i = 0; i < 10; i++) {
      old.gossip.announce();
      await clock.advance(1000);
      assert.deepEqual(b.heard(), ['a down']);
    }
    assert.ok(shared.posts - posts < 8, `${shared.posts - posts} posts, so not of both`);
    await old.gossip[Symbol.asyncDispose]();
    await clock.advance(2 * voteLifetime);
    assert.deepEqual(b.heard(), ['a down']);
    for (const { log } of [old, next]) assert.deepEqual(log.lines, []);
  });

  test('goes on hearing itself, and posting the words that it is given', async () => {
    const { clock, shared, join, b, old } = await handingOver();
    const next = join('a', [shared]);
    next.gossip.setOpinions(opinions('unknown'));
    await clock.advance(2 * voteLifetime);
    assert.deepEqual(old.heard(), ['a up']);
    const { posted } = await old.gossip.putOverride(wordOf(old));
    assert.equal(posted, 1);
    await clock.advance(200);
    for (const each of [b, next]) assert.deepEqual(each.words(), ['eu drain 3600']);
  });

  test('is heard again at once where the next process fails', async () => {
    const { clock, shared, join, b, old } = await handingOver();
    const next = join('a', [shared]);
    next.gossip.setOpinions(opinions('down'));
    await clock.advance(5000);
    assert.deepEqual(b.heard(), ['a down']);
    await next.gossip[Symbol.asyncDispose]();
    old.gossip.goOn();
    await clock.advance(200);
    assert.deepEqual(b.heard(), ['a up']);
    await clock.advance(3 * voteLifetime);
    assert.deepEqual(b.heard(), ['a up']);
    assert.deepEqual(old.log.lines, []);
  });

  test('is heard again where it finds only later that the one that failed had spoken', async () => {
    const { clock, shared, join, b, old } = await handingOver();
    const next = join('a', [shared]);
    next.gossip.setOpinions(opinions('down'));
    await next.gossip[Symbol.asyncDispose]();
    old.gossip.goOn();
    await clock.advance(5000);
    assert.deepEqual(b.heard(), ['a up']);
    assert.deepEqual(old.log.lines, []);
  });

  test('is told of one that shares its id, once a hand-over has failed', async () => {
    const { clock, shared, join, old } = await handingOver();
    old.gossip.goOn();
    const twin = join('a', [shared]);
    twin.gossip.setOpinions(opinions('up'));
    await clock.advance(10_000);
    for (const { log } of [old, twin]) assert.deepEqual(log.lines, ['warn gossip.same-id']);
  });

  test('is told of one that shares its id by the process that takes its place', async () => {
    const { clock, shared, join, old } = await handingOver();
    const twin = join('a', [shared], { ahead: 5 });
    twin.gossip.setOpinions(opinions('up'));
    await clock.advance(1000);
    const next = join('a', [shared]);
    next.gossip.setOpinions(opinions('up'));
    await clock.advance(1000);
    await old.gossip[Symbol.asyncDispose]();
    await clock.advance(10_000);
    for (const { log } of [next, twin]) assert.deepEqual(log.lines, ['warn gossip.same-id']);
  });
});
