// A real Redis Cluster for tests: three masters, and a replica of the one that holds a board.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { freePorts } from './ports.ts';
import { startRedis, type TestRedis } from './redis.ts';

export interface TestCluster extends AsyncDisposable {
  readonly nodes: readonly TestRedis[];
  /** The master of the slot that a key is in, the replica that follows it, and the other masters. */
  readonly holder: TestRedis;
  readonly heir: TestRedis;
  readonly others: readonly TestRedis[];
}

const slots = 16_384;

/** `key` decides which master gets the replica. */
export async function startCluster(key: string): Promise<TestCluster> {
  await using building = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'meridian-cluster-'));
  building.defer(() => rm(folder, { recursive: true }));
  const nodes: TestRedis[] = [];
  const busPorts = await freePorts(4);
  for (const busPort of busPorts) {
    nodes.push(building.use(await startRedis(nodeArgs(folder, busPort))));
  }
  using clients = new DisposableStack();
  const redis = nodes.map(({ url }) => clients.adopt(new Redis(url), (one) => one.disconnect()));
  const [first, ...rest] = redis as [Redis, ...Redis[]];
  const masters = redis.slice(0, 3);
  const shares = masters.map((_, i) => Math.floor((slots * i) / masters.length));
  for (const [i, one] of masters.entries()) {
    const last = (shares[i + 1] ?? slots) - 1;
    await one.cluster('ADDSLOTSRANGE', shares[i] ?? 0, last);
  }
  for (const one of rest) {
    await one.cluster('MEET', '127.0.0.1', nodes[0]?.port ?? 0, busPorts[0] ?? 0);
  }
  const slot = await first.cluster('KEYSLOT', key);
  const at = shares.findLastIndex((start) => start <= slot);
  const holderId = String(await masters[at]?.call('CLUSTER', 'MYID'));
  const heir = redis[3] as Redis;
  await eventually('the replica knows its master', async () => {
    return String(await heir.call('CLUSTER', 'NODES')).includes(holderId);
  });
  await heir.call('CLUSTER', 'REPLICATE', holderId);
  await eventually('every node finds the Cluster whole', async () => {
    const infos = await Promise.all(redis.map((one) => one.call('CLUSTER', 'INFO')));
    const hasHeir = String(await first.call('CLUSTER', 'NODES')).includes(`slave ${holderId}`);
    const isSynced = (await heir.info('replication')).includes('master_link_status:up');
    return hasHeir && isSynced && infos.every((text) => String(text).includes('cluster_state:ok'));
  });
  const owned = building.move();
  return {
    nodes,
    holder: nodes[at] as TestRedis,
    heir: nodes[3] as TestRedis,
    others: nodes.filter((_, i) => i !== at && i !== 3),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A port below 55,536 would do without one for the bus; nobody promises us one. */
function nodeArgs(folder: string, busPort: number): string[] {
  const words =
    `--cluster-enabled yes --cluster-node-timeout 1000 --cluster-require-full-coverage no ` +
    `--cluster-config-file ${folder}/${busPort}.conf --cluster-port ${busPort} ` +
    `--repl-diskless-sync-delay 0`;
  return words.split(' ');
}
