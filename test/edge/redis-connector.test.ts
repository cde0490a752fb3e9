// The way to a master: through real Sentinels and a real Cluster, and past a Redis that is none.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { createRedisBoard } from '../../src/edge/redis-board.ts';
import type { BoardPlace, BoardSettings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import type { Board, Clock } from '../../src/ports.ts';
import { boardAt } from '../support/board-settings.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, freePorts } from '../support/ports.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startSentinels } from '../support/sentinels.ts';
import { testBoard } from './board.contract.ts';

const minute = millis(60_000);
const open = (change: Pick<BoardSettings, 'place'> & Partial<BoardSettings>, clock = realClock) => {
  const log = createRecordLog();
  const settings = { username: undefined, password: undefined, tls: undefined, ...change };
  return { board: createRedisBoard({ settings, log, clock }), log };
};

const nodesAt = (ports: readonly number[]) => ports.map((port) => ({ host: '127.0.0.1', port }));
const cluster = (ports: readonly number[]): BoardPlace => ({
  kind: 'cluster',
  nodes: nodesAt(ports),
});
const sentinel = (name: string, ports: readonly number[]): BoardPlace => {
  const none = { username: undefined, password: undefined };
  return { kind: 'sentinel', name, nodes: nodesAt(ports), ...none };
};

const stack = new AsyncDisposableStack();
after(() => stack.disposeAsync());

function clientOf({ url }: TestRedis): Redis {
  return stack.adopt(new Redis(url), (redis) => redis.disconnect());
}

const posts = (board: Board): Promise<boolean> =>
  board.post('vote.a', 'x', minute).then(
    () => true,
    () => false,
  );

const lastReason = (log: RecordLog): string => String(log.fields.at(-1)?.['reason']);

describe('a Cluster', async () => {
  const servers = stack.use(await startCluster('{meridian}'));
  const { nodes, holder, others } = servers;
  const ports = nodes.map(({ port }) => port);

  testBoard('Redis Cluster board', async () => {
    await clientOf(holder).flushall();
    const pass = (span: number): Promise<void> =>
      realClock.sleep(millis(span), new AbortController().signal);
    const [here, there] = [open({ place: cluster(ports) }), open({ place: cluster(ports) })];
    return { here: here.board, there: there.board, pass };
  });

  test('keeps a board on one node, whichever node was asked for it', async () => {
    await clientOf(holder).flushall();
    for (const port of ports) {
      const { board } = open({ place: cluster([port]) });
      await using _ = board;
      await board.post(`vote.${port}`, 'up', minute);
    }
    const keys = ports.map((port) => `{meridian}:1:slot:vote.${port}`);
    const found = (await clientOf(holder).keys('*')).sort();
    assert.deepEqual(found, ['{meridian}:1:index', ...keys.sort()]);
    for (const one of others) assert.deepEqual(await clientOf(one).keys('*'), []);
  });

  test('of which no node answers tells why of each', async () => {
    const [one = 0, two = 0] = await freePorts(2);
    const { board, log } = open({ place: cluster([one, two]) });
    await using _ = board;
    await eventually('the board is lost', () => log.lines.length > 0);
    assert.equal(
      lastReason(log),
      `nobody tells where the master is: 127.0.0.1:${one} connection refused; 127.0.0.1:${two} connection refused`,
    );
    await assert.rejects(board.read(), /connection refused/);
    assert.deepEqual(log.lines, ['warn board.lost']);
  });
});

describe('Sentinels', async () => {
  const [first, second] = [stack.use(await startRedis()), stack.use(await startRedis())];
  const { ports } = stack.use(await startSentinels('board', first.port));

  test('that know no such master say so, which is told once', async () => {
    const { board, log } = open({ place: sentinel('other', ports) });
    await using _ = board;
    await assert.rejects(board.post('vote.a', 'x', minute), /knows no master "other"/);
    assert.match(lastReason(log), /^nobody tells where the master is: .* knows no master "other"/);
    await assert.rejects(board.read());
    assert.deepEqual(log.lines, ['warn board.lost']);
  });

  test('of which some are away are asked until one answers', async () => {
    const away = await freePort();
    const { board } = open({ place: sentinel('board', [away, ports[0] ?? 0]) });
    await using _ = board;
    assert.equal(board.name, `sentinel board 127.0.0.1:${away}`);
    assert.equal(await posts(board), true);
    assert.ok((board.traffic?.().written ?? 0) > 0);
  });

  test('that name another master are followed, though the one before still answers', async () => {
    const hasty: Clock = {
      ...realClock,
      sleep: (span, signal) => realClock.sleep(millis(Math.min(span, 200)), signal),
    };
    const { board, log } = open({ place: sentinel('board', ports) }, hasty);
    await using _ = board;
    assert.equal(await posts(board), true);
    for (const port of ports) {
      const watcher = clientOf({ url: `redis://127.0.0.1:${port}` } as TestRedis);
      await watcher.call('SENTINEL', 'REMOVE', 'board');
      await watcher.call('SENTINEL', 'MONITOR', 'board', '127.0.0.1', second.port, '2');
    }
    const raw = clientOf(second);
    await eventually('posts go to the other one', async () => {
      await posts(board);
      return (await raw.exists('meridian:1:slot:vote.a')) === 1;
    });
    const reasons = log.fields.map((fields) => fields?.['reason']);
    assert.ok(reasons.includes('the Sentinels name another master'), JSON.stringify(reasons));
  });
});

test('a master that becomes a replica is lost once, and found when it is a master again', async () => {
  const [one, other] = [stack.use(await startRedis()), stack.use(await startRedis())];
  const { board, log } = open(boardAt(one.url));
  await using _ = board;
  assert.equal(await posts(board), true);
  const raw = clientOf(one);
  await raw.replicaof('127.0.0.1', other.port);
  for (let i = 0; i < 10; i++) assert.equal(await posts(board), false);
  await eventually('it is asked for its role', () => log.lines.includes('warn board.lost'));
  assert.match(lastReason(log), /^it is a replica/);
  await raw.replicaof('NO', 'ONE');
  await eventually('posts are taken again', () => posts(board));
  assert.deepEqual(log.lines, ['info board.found', 'warn board.lost', 'info board.found']);
});
