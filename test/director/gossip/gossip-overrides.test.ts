// Overrides among directors in virtual time: which word wins, who hears it, and when it ends.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeBallot } from '../../../src/director/gossip/ballot.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import { compareClocks } from '../../../src/model/override.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { createStage, wordOf } from '../../support/gossip-stage.ts';

const hour = 3_600_000;

describe('an override', () => {
  test('is known here at once and to all others within the second, in the same words', async () => {
    const { clock, board, join } = createStage();
    const boards = [board('left'), board('right')];
    const [a, b] = [join('a', boards), join('b', boards, { ahead: 3000 })];
    await clock.advance(1000);
    const word = wordOf(a);
    const posting = a.gossip.putOverride(word);
    assert.deepEqual(a.gossip.overrides(), [word]);
    assert.deepEqual(await posting, { hearing: 'news', posted: 2, boards: 2 });
    await clock.advance(200);
    assert.deepEqual(b.gossip.overrides(), [word]);
    assert.deepEqual([a.changes, b.changes], [1, 1]);
    await clock.advance(60_000);
    assert.deepEqual([a.changes, b.changes], [1, 1]);
  });

  test('given while no board is alive holds here, and reaches the boards when they are', async () => {
    const { clock, board, join } = createStage();
    const boards = [board('left'), board('right')];
    const [a, b] = [join('a', boards), join('b', boards)];
    for (const each of boards) each.state = 'down';
    assert.deepEqual(await a.gossip.putOverride(wordOf(a)), {
      hearing: 'news',
      posted: 0,
      boards: 2,
    });
    await clock.advance(60_000);
    assert.deepEqual(a.words(), ['eu drain 3540']);
    assert.deepEqual(b.words(), []);
    for (const each of boards) each.state = 'up';
    await clock.advance(3000);
    assert.deepEqual(b.words(), ['eu drain 3537']);
  });

  test('comes through a third where no board is shared', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const [a, b] = [join('a', [left]), join('b', [right])];
    join('c', [left, right]);
    await a.gossip.putOverride(wordOf(a));
    await clock.advance(3000);
    assert.deepEqual(b.gossip.overrides(), a.gossip.overrides());
  });

  test('given on two sides of a cut ends as the later one on both', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const [a, b] = [join('a', [left]), join('b', [right])];
    await a.gossip.putOverride(wordOf(a, { kind: 'drain' }));
    await clock.advance(5000);
    await b.gossip.putOverride(wordOf(b, { kind: 'down' }));
    await clock.advance(1000);
    assert.deepEqual([a.words(), b.words()], [['eu drain 3594'], ['eu down 3599']]);
    const bridge = join('c', [left, right]);
    await clock.advance(9000);
    for (const each of [a, b, bridge]) assert.deepEqual(each.words(), ['eu down 3590']);
  });

  test('that ended during a cut takes the earlier one on the other side with it', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const [a, b] = [join('a', [left]), join('b', [right])];
    await a.gossip.putOverride(wordOf(a));
    await clock.advance(5000);
    const end = millis(b.clock.now() + 30_000);
    await b.gossip.putOverride(wordOf(b, { id: 'o2', kind: 'up', end }));
    await clock.advance(600_000);
    const bridge = join('c', [left, right], { initial: b.gossip.memory() });
    await clock.advance(3000);
    for (const each of [a, b, bridge]) assert.deepEqual(each.words(), []);
    await clock.advance(600_000);
    const late = join('d', [left, right]);
    await clock.advance(3000);
    assert.deepEqual(late.words(), []);
    const { posts } = left;
    await clock.advance(60_000);
    assert.equal(left.posts, posts);
  });

  test('by a clock that is behind wins when its writer had heard the other word', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared], { ahead: -2 * hour })];
    await a.gossip.putOverride(wordOf(a));
    await clock.advance(200);
    await b.gossip.putOverride(wordOf(b, { kind: 'up' }));
    await clock.advance(200);
    assert.deepEqual(a.words(), ['eu up 3600']);
  });

  test('that is older than what is known is not taken in', async () => {
    const { board, join } = createStage();
    const a = join('a', [board('shared')]);
    const first = wordOf(a);
    await a.gossip.putOverride(wordOf(a, { kind: 'up' }));
    assert.deepEqual(await a.gossip.putOverride(first), { hearing: 'stale', posted: 0, boards: 1 });
    assert.deepEqual(a.words(), ['eu up 3600']);
  });

  test('of each region is a word of its own', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    await a.gossip.putOverride(wordOf(a));
    await b.gossip.putOverride(wordOf(b, { region: 'us' as RegionId, kind: 'down' }));
    await clock.advance(200);
    assert.deepEqual(a.words().sort(), ['eu drain 3600', 'us down 3600']);
    assert.deepEqual(b.words().sort(), ['eu drain 3600', 'us down 3600']);
  });
});

describe('the end of an override', () => {
  test('comes at the same moment at a director whose clock is two hours off', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    const others = [
      join('ahead', [shared], { ahead: 2 * hour }),
      join('behind', [shared], { ahead: -2 * hour }),
    ];
    await a.gossip.putOverride(wordOf(a));
    await clock.advance(hour - 1000);
    for (const each of [a, ...others]) assert.deepEqual(each.words(), ['eu drain 1']);
    await clock.advance(2000);
    for (const each of [a, ...others]) assert.deepEqual(each.words(), []);
  });

  test('is the same for one who hears of it late, from a relay that is hours off', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const a = join('a', [left]);
    await a.gossip.putOverride(wordOf(a));
    await clock.advance(hour / 4);
    await a.gossip[Symbol.asyncDispose]();
    join('relay', [left, right], { ahead: 2 * hour });
    await clock.advance(hour / 4);
    const late = join('late', [right], { ahead: -hour });
    await clock.advance(1000);
    assert.deepEqual(late.words(), ['eu drain 1799']);
  });

  test('a scheduled override begins and ends on time everywhere', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared], { ahead: 2 * hour })];
    const start = millis(a.clock.now() + hour);
    await a.gossip.putOverride(wordOf(a, { start, end: millis(start + hour) }));
    await clock.advance(1000);
    const [heard] = b.gossip.overrides();
    assert.equal(heard?.start, start + 2 * hour);
    assert.equal(heard.end, start + 3 * hour);
  });

  test('takes it off the boards a minute later, and nobody posts it again', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    join('b', [shared]);
    const start = a.clock.now();
    await a.gossip.putOverride(wordOf(a, { end: millis(start + 10_000) }));
    await clock.advance(69_000);
    assert.deepEqual(Array.from((await shared.read()).keys()), ['override.eu']);
    assert.equal(shared.posts, 1);
    await clock.advance(2000);
    assert.deepEqual(await shared.read(), new Map());
    await clock.advance(60_000);
    assert.equal(shared.posts, 1);
  });

  test('however far away leaves a slot no longer than a week, and the override stands', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    const week = 7 * 24 * hour;
    await a.gossip.putOverride(wordOf(a, { end: millis(a.clock.now() + 3 * week) }));
    const remaining = (await shared.read()).get('override.eu')?.remaining;
    assert.equal(remaining, week + 60_000);
    await clock.advance(1000);
    assert.deepEqual(b.words(), [`eu drain ${(3 * week) / 1000 - 1}`]);
  });
});

describe('no old word returns', () => {
  test('a lifted override stays lifted until its end, against any replay', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    const word = wordOf(a);
    await a.gossip.putOverride(word);
    const replay = (await shared.read()).get('override.eu');
    await clock.advance(1000);
    await b.gossip.putOverride({ ...word, isLifted: true, clock: b.gossip.nextClock() });
    await clock.advance(200);
    assert.deepEqual(a.words(), ['eu drain 3599 lifted']);
    await shared.post('override.eu', replay?.value ?? '', replay?.remaining ?? millis(0));
    await clock.advance(5000);
    assert.deepEqual(a.words(), ['eu drain 3594 lifted']);
    assert.equal(a.counts.get('stale'), 1);
    const late = join('late', [shared]);
    await clock.advance(1000);
    assert.deepEqual(late.words(), ['eu drain 3593 lifted']);
  });

  test('an ended override is not taken up again, also after a restart', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await a.gossip.putOverride(wordOf(a));
    const replay = (await shared.read()).get('override.eu');
    await clock.advance(2 * hour);
    await a.gossip[Symbol.asyncDispose]();
    const again = join('a', [shared], { initial: a.gossip.memory() });
    await shared.post('override.eu', replay?.value ?? '', replay?.remaining ?? millis(0));
    await clock.advance(5000);
    assert.deepEqual(again.words(), []);
  });

  test('a restart with every board down still knows every word', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await a.gossip.putOverride(wordOf(a));
    await a.gossip[Symbol.asyncDispose]();
    shared.state = 'down';
    const again = join('a', [shared], { initial: a.gossip.memory(), ahead: -hour });
    await clock.advance(1000);
    assert.deepEqual(again.words(), ['eu drain 3599']);
    const [word] = again.gossip.overrides();
    assert.ok(word !== undefined && compareClocks(again.gossip.nextClock(), word.clock) > 0);
  });

  test('only holders of the secret can speak', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    const override = wordOf(a);
    const ballot = { kind: 'override' as const, override, age: millis(0), lifetime: millis(hour) };
    await shared.post('override.eu', encodeBallot(ballot, createSeal(['guess'])), millis(hour));
    await clock.advance(1000);
    assert.deepEqual(a.words(), []);
    assert.equal(a.counts.get('forged'), 1);
  });
});
