// One director, a board behind Sentinels and one in a Cluster, each of which loses its master.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startSentinels } from '../support/sentinels.ts';
import { linesOf, rideOut, startSolo } from '../support/solo.ts';

const entries = (ports: readonly number[]): string =>
  ports.map((port) => `"127.0.0.1:${port}"`).join(', ');

/** Waits until the director's vote stands on a server that has just become the master. */
async function isPostedOn({ url }: TestRedis, key: string): Promise<void> {
  using clients = new DisposableStack();
  const raw = clients.adopt(new Redis(url), (one) => one.disconnect());
  await raw.del(key);
  await eventually('the vote is posted there', async () => (await raw.exists(key)) === 1);
}

describe('a board that loses its master', () => {
  test('to Sentinels: the replica that they promote is followed', async (t) => {
    await using master = await startRedis();
    const following = ['--replicaof', '127.0.0.1', String(master.port)];
    await using replica = await startRedis([...following, '--repl-diskless-sync-delay', '0']);
    await using sentinels = await startSentinels('board', master.port);
    await replicaIsKnown(sentinels.ports);
    const nodes = entries(sentinels.ports);
    await using solo = await startSolo([`{ sentinel: { name: board, nodes: [${nodes}] } }`]);
    const { director } = solo;
    await eventually('the board is in use', () => linesOf(director, 'board.found').length === 1);
    await rideOut(director, { breakIt: master.kill, mendIt: () => undefined }, t);
    await isPostedOn(replica, 'meridian:1:slot:vote.solo');
    assert.equal(await director.stop(), 0);
  });

  test('in a Cluster: the node that takes its slots is followed, and others do not matter', async (t) => {
    await using cluster = await startCluster('{meridian}');
    const nodes = entries(cluster.nodes.map(({ port }) => port));
    await using solo = await startSolo([`{ cluster: [${nodes}] }`]);
    const { director } = solo;
    await eventually('the board is in use', () => linesOf(director, 'board.found').length === 1);
    await rideOut(director, { breakIt: cluster.holder.kill, mendIt: () => undefined }, t);
    const key = '{meridian}:1:slot:vote.solo';
    await isPostedOn(cluster.heir, key);
    const lost = linesOf(director, 'board.lost').length;
    await cluster.others[0]?.kill();
    await isPostedOn(cluster.heir, key);
    assert.equal(linesOf(director, 'board.lost').length, lost);
    assert.equal(await director.stop(), 0);
  });
});

/** Sentinels promote only a replica that they know, and agree only when they know each other. */
async function replicaIsKnown(ports: readonly number[]): Promise<void> {
  using clients = new DisposableStack();
  for (const port of ports) {
    const raw = clients.adopt(new Redis(port, '127.0.0.1'), (one) => one.disconnect());
    await eventually('a Sentinel knows the replica and the others', async () => {
      const of = async (what: string): Promise<number> =>
        ((await raw.call('SENTINEL', what, 'board')) as unknown[]).length;
      return (await of('REPLICAS')) === 1 && (await of('SENTINELS')) === ports.length - 1;
    });
  }
}
