// Real Sentinels for tests, three of them, which fail over within some seconds.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.ts';
import { launchServer } from './redis.ts';

export interface TestSentinels extends AsyncDisposable {
  readonly ports: readonly number[];
}

/** They watch a master under a name; `listen` says how each takes connections. */
export async function startSentinels(
  name: string,
  masterPort: number,
  listen: (port: number) => string = (port) => `port ${port}`,
): Promise<TestSentinels> {
  await using building = new AsyncDisposableStack();
  // A Sentinel keeps what it knows in its own configuration.
  const folder = await mkdtemp(join(tmpdir(), 'meridian-sentinels-'));
  building.defer(() => rm(folder, { recursive: true }));
  const ports = await freePorts(3);
  for (const port of ports) {
    const path = join(folder, `${port}.conf`);
    const text = [
      listen(port),
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${name} 1000`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    await writeFile(path, `${text.join('\n')}\n`);
    const child = await launchServer(['redis-server', path, '--sentinel'], '+monitor');
    building.defer(() => end(child));
  }
  const owned = building.move();
  return { ports, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
