// The ledger: its clock is ahead of every word heard, and it holds no more than it can.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  hearOverride,
  hearVote,
  type Ledger,
  startLedger,
} from '../../../src/director/gossip/ledger.ts';
import { compareClocks } from '../../../src/model/override.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis, startedAt } from '../../../src/model/time.ts';
import {
  createStage,
  eu,
  hybrid,
  reportBy,
  sealedVote,
  voteLifetime,
  wordOf,
} from '../../support/gossip-stage.ts';

const hour = 3_600_000;

test('the next clock is greater than every one heard of, even from a clock far ahead', async () => {
  const { clock, board, join } = createStage();
  const shared = board('shared');
  const [a, b] = [join('a', [shared]), join('b', [shared])];
  const own = [a.gossip.nextClock(), a.gossip.nextClock()] as const;
  assert.ok(compareClocks(own[1], own[0]) > 0);
  const ahead = hybrid(clock.now() + 24 * hour, 7, 'z');
  await b.gossip.putOverride(wordOf(b, { clock: ahead }));
  await clock.advance(200);
  const next = a.gossip.nextClock();
  assert.ok(compareClocks(next, ahead) > 0);
  assert.equal(next.node, 'a');
});

test('a newer vote that came by a slower way makes its observer no older', () => {
  const ledger = startLedger(undefined, millis(0));
  const hear = (sequence: number, freshAt: number): string => {
    const vote = { observer: 'a', region: 'r', incarnation: 1, sequence, opinions: new Map() };
    return hearVote(ledger, { vote, freshAt: millis(freshAt) }, millis(0));
  };
  assert.deepEqual([hear(1, 5000), hear(2, 4000)], ['news', 'renewal']);
  assert.equal(ledger.votes.get('a')?.freshAt, 5000);
  assert.equal(hear(2, 9000), 'known');
  assert.equal(ledger.votes.get('a')?.freshAt, 5000);
});

test('of more than 1,024 registers the first are held, and an ended one gives way', async () => {
  const { clock, board, join } = createStage();
  const a = join('a', [board('shared')]);
  const put = (i: number, span: number): Promise<{ posted: number }> => {
    const end = millis(a.clock.now() + span);
    return a.gossip.putOverride(wordOf(a, { region: `r${i}` as RegionId, end }));
  };
  for (let i = 0; i < 1024; i++) await put(i, i === 500 ? 1000 : hour);
  assert.equal((await put(2000, hour)).posted, 0);
  assert.equal(a.counts.get('full'), 1);
  await clock.advance(2000);
  assert.equal((await put(2000, hour)).posted, 1);
  assert.equal(a.words().length, 1024);
});

test('of more than 2,048 applications the first are held, and one that has fallen silent gives way', async () => {
  const { clock, board, join } = createStage();
  const a = join('a', [board('shared')]);
  const put = (i: number, span: number) =>
    a.gossip.putReport(reportBy(a, { name: `n${i}`, end: millis(a.clock.now() + span) }));
  for (let i = 0; i < 2048; i++) await put(i, i === 500 ? 1000 : hour);
  assert.deepEqual(await put(5000, hour), { hearing: 'full', posted: 0, boards: 1 });
  assert.equal(a.counts.get('full'), 1);
  await clock.advance(2000);
  assert.deepEqual(await put(5000, hour), { hearing: 'news', posted: 1, boards: 1 });
  assert.equal(a.gossip.reports().size, 2048);
});

test('of more than 1,024 observers those that live are kept', async () => {
  const { clock, board, join } = createStage();
  const shared = board('shared');
  const b = join('b', [shared], { readEvery: millis(60_000) });
  await clock.advance(0);
  for (let i = 0; i < 1030; i++) {
    await shared.post(`vote.o${i}`, sealedVote(1, 'up', { observer: `o${i}` }), voteLifetime);
  }
  await clock.advance(200);
  assert.equal(b.gossip.votes().length, 1024);
  assert.equal(b.counts.get('full'), 6);
  await clock.advance(voteLifetime + 1000);
  await shared.post('vote.a', sealedVote(1, 'up'), voteLifetime);
  await clock.advance(1000);
  assert.equal(b.gossip.votes().length, 1024);
  assert.deepEqual(b.heard(), ['a up']);
});

describe('a word from disk, whose clock may have been set meanwhile', () => {
  const word = wordOf(createStage().join('a', []));
  const from = (savedAt: number, now: number): Ledger => {
    const memory = { marks: new Map(), registers: [word], reports: [], savedAt: millis(savedAt) };
    return startLedger(memory, millis(now));
  };
  const spanOf = (ledger: Ledger): number[] => {
    const { start = 0, end = 0 } = ledger.registers.get(eu) ?? {};
    return [start - word.start, end - word.start];
  };

  test('goes on as if no time had passed, where the clock reads earlier than it did', () => {
    assert.deepEqual(spanOf(from(word.start + 600_000, word.start + 700_000)), [0, hour]);
    const ledger = from(word.start + 600_000, word.start + 500_000);
    assert.deepEqual(spanOf(ledger), [-100_000, hour - 100_000]);
  });

  test('ends as soon as a board says, and not later because a board was told again', () => {
    const ledger = from(word.start, word.start);
    const hear = (start: number): string =>
      hearOverride(ledger, startedAt(word, millis(word.start + start)), word.start);
    assert.equal(hear(60_000), 'known');
    assert.equal(hear(-60_000), 'news');
    assert.equal(hear(-30_000), 'known');
    assert.equal(hear(-90_000), 'news');
    assert.deepEqual(spanOf(ledger), [-90_000, hour - 90_000]);
  });

  test('stays as it is once it was heard in this life', () => {
    const ledger = startLedger(undefined, word.start);
    hearOverride(ledger, word, word.start);
    const sooner = startedAt(word, millis(word.start - 60_000));
    assert.equal(hearOverride(ledger, sooner, word.start), 'known');
    assert.deepEqual(spanOf(ledger), [0, hour]);
  });
});
