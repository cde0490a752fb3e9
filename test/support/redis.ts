// A real Redis for tests: on a loopback port of its own, without persistence, gone at the end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './ports.ts';

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** SIGSTOP: the kernel goes on taking connections and bytes, nobody answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** SIGKILL; resolves when the process has gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again, empty, on the same port. */
  readonly restart: () => Promise<void>;
}

/** `args` are added to the command line of redis-server, such as `--requirepass`, `secret`. */
export async function startRedis(args: readonly string[] = []): Promise<TestRedis> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startRedisAt({ port: await freePort(), prefix: [], args });
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (attempt === 5) throw error;
    }
  }
}

/** Where and how a server runs; `prefix` is put before the command. */
export interface RedisPlace {
  readonly port: number;
  readonly prefix: readonly string[];
  readonly args: readonly string[];
}

/** As `startRedis`, at a place of the caller's; rejects when the port is taken. */
export async function startRedisAt({ port, prefix, args }: RedisPlace): Promise<TestRedis> {
  // A replica writes what it was sent to a file, which every other server in its folder would load.
  const folder = await mkdtemp(join(tmpdir(), 'meridian-redis-'));
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const plain = ['--save', '', '--appendonly', 'no', '--logfile', '', '--daemonize', 'no'];
  const words = [
    ...prefix,
    'redis-server',
    ...where,
    ...plain,
    '--rdb-del-sync-files',
    'yes',
    ...args,
  ];
  const launch = (): Promise<ChildProcess> => launchServer(words, 'Ready to accept connections');
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    // Nothing else may be left to wait for.
    child.ref();
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      child = await launch();
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** A test run that dies must leave no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Resolves when the server has said that it is ready, rejects when it ends before. */
export async function launchServer(words: readonly string[], ready: string): Promise<ChildProcess> {
  const child = spawn(words[0] ?? '', words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${words[0]} ended:\n${lines.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes(ready)) resolve();
    });
  });
  child.unref();
  return child;
}
