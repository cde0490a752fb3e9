// Applications' reports among directors in virtual time: which one wins, who hears it, and for how long.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeBallot } from '../../../src/director/gossip/ballot.ts';
import { decodeMemory, encodeMemory } from '../../../src/director/gossip/memory.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import { millis } from '../../../src/model/time.ts';
import { createStage, hybrid, reportBy } from '../../support/gossip-stage.ts';

const hour = 3_600_000;

describe('a report', () => {
  test('is known here at once and to all others within the second, whole', async () => {
    const { clock, board, join } = createStage();
    const boards = [board('left'), board('right')];
    const [a, b] = [join('a', boards), join('b', boards)];
    await clock.advance(1000);
    const report = reportBy(a, { load: 0.7, connections: 12, reason: 'deploy 42' });
    const posting = a.gossip.putReport(report);
    assert.deepEqual([...a.gossip.reports().values()], [report]);
    assert.deepEqual(await posting, { hearing: 'news', posted: 2, boards: 2 });
    await clock.advance(200);
    assert.deepEqual([...b.gossip.reports().values()], [report]);
    assert.deepEqual([a.told, b.told], [['eu app up'], ['eu app up']]);
    assert.deepEqual([a.changes, b.changes], [0, 0]);
  });

  test('of each application is a register of its own', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    await a.gossip.putReport(reportBy(a));
    await b.gossip.putReport(reportBy(b, { name: 'queue', state: 'down' }));
    await clock.advance(200);
    for (const each of [a, b]) {
      assert.deepEqual(each.reports(), ['eu app up 0', 'eu queue down 0']);
    }
  });

  test('of the same state is no news, but one after a silence is', async () => {
    const { clock, board, join } = createStage();
    const a = join('a', [board('shared')]);
    const put = () => a.gossip.putReport(reportBy(a));
    assert.equal((await put()).hearing, 'news');
    await clock.advance(15_000);
    assert.equal((await put()).hearing, 'renewal');
    await clock.advance(45_000);
    assert.equal((await put()).hearing, 'news');
    assert.equal((await a.gossip.putReport(reportBy(a, { state: 'down' }))).hearing, 'news');
    const more = { state: 'down', reason: 'disk full', load: 1 } as const;
    assert.equal((await a.gossip.putReport(reportBy(a, more))).hearing, 'renewal');
    assert.equal(a.gossip.reports().get('eu app')?.reason, 'disk full');
    assert.equal(a.told.length, 3);
  });

  test('given to two directors counts as it was said last, whatever their clocks', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared], { ahead: 2 * hour });
    const b = join('b', [shared], { ahead: -2 * hour });
    await a.gossip.putReport(reportBy(a));
    await clock.advance(200);
    await b.gossip.putReport(reportBy(b, { state: 'draining' }));
    await clock.advance(5000);
    for (const each of [a, b]) assert.deepEqual(each.reports(), ['eu app draining 5']);
  });

  test('comes through a third where no board is shared, with its age', async () => {
    const { clock, board, join } = createStage();
    const [left, right] = [board('left'), board('right')];
    const [a, b] = [join('a', [left]), join('b', [right], { ahead: -hour })];
    join('c', [left, right], { ahead: hour });
    await a.gossip.putReport(reportBy(a));
    await clock.advance(10_000);
    assert.deepEqual(b.reports(), ['eu app up 10']);
    await clock.advance(34_000);
    assert.deepEqual(b.reports(), ['eu app up 44']);
    await clock.advance(1500);
    assert.deepEqual(b.reports(), []);
  });

  test('given while no board is alive is posted when one is', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    shared.state = 'down';
    assert.deepEqual(await a.gossip.putReport(reportBy(a)), {
      hearing: 'news',
      posted: 0,
      boards: 1,
    });
    await clock.advance(20_000);
    shared.state = 'up';
    await clock.advance(3000);
    assert.deepEqual(b.reports(), ['eu app up 23']);
  });

  test('leaves the boards when it has nothing more to say', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await a.gossip.putReport(reportBy(a));
    await clock.advance(44_000);
    assert.deepEqual([...(await shared.read()).keys()], ['report.eu.app']);
    await clock.advance(2000);
    assert.equal((await shared.read()).size, 0);
  });
});

describe('a report that was true once', () => {
  test('is not believed again, nor made any younger', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const [a, b] = [join('a', [shared]), join('b', [shared])];
    await a.gossip.putReport(reportBy(a));
    const up = (await shared.read()).get('report.eu.app')?.value ?? '';
    await clock.advance(20_000);
    await shared.post('report.eu.app', up, millis(45_000));
    await clock.advance(1000);
    assert.deepEqual(b.reports(), ['eu app up 21']);
    await a.gossip.putReport(reportBy(a, { state: 'draining' }));
    await clock.advance(200);
    await shared.post('report.eu.app', up, millis(45_000));
    await clock.advance(1000);
    for (const each of [a, b]) {
      assert.deepEqual(each.reports(), ['eu app draining 1']);
      assert.ok((each.counts.get('stale') ?? 0) > 0);
    }
  });

  test('is not believed by a director that starts again with what it had heard', async () => {
    const { clock, board, join } = createStage();
    const shared = board('shared');
    const a = join('a', [shared]);
    await a.gossip.putReport(reportBy(a));
    const up = (await shared.read()).get('report.eu.app')?.value ?? '';
    await a.gossip.putReport(reportBy(a, { state: 'down' }));
    const initial = decodeMemory(encodeMemory(a.gossip.memory()));
    await a.gossip[Symbol.asyncDispose]();
    await clock.advance(60_000);
    await shared.post('report.eu.app', up, millis(45_000));
    const again = join('a', [shared], { initial });
    await clock.advance(2000);
    assert.deepEqual(again.reports(), []);
    assert.equal(again.counts.get('stale'), 1);
  });
});

test('a report in the slot of another application, or without the secret, is forged', async () => {
  const { clock, board, join } = createStage();
  const shared = board('shared');
  const a = join('a', [shared]);
  const ballotOf = (secret: string): string => {
    const start = millis(0);
    const report = { ...reportBy(a), start, end: millis(45_000), clock: hybrid(9e12) };
    const ballot = { kind: 'report', report, age: millis(0), lifetime: millis(45_000) } as const;
    return encodeBallot(ballot, createSeal([secret]));
  };
  await shared.post('report.eu.app', ballotOf('a guess'), millis(45_000));
  await shared.post('report.us.app', ballotOf('secret'), millis(45_000));
  await shared.post('report.eu.ap', ballotOf('secret'), millis(45_000));
  await clock.advance(1500);
  assert.deepEqual(a.reports(), []);
  assert.equal(a.counts.get('forged'), 3);
});
