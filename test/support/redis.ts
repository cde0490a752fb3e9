// A real Redis for tests: on a loopback port of its own, without persistence, gone at the end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

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
    const port = await freePort();
    try {
      return handleFor(port, args, await launch(port, args));
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (attempt === 5) throw error;
    }
  }
}

function handleFor(port: number, args: readonly string[], first: ChildProcess): TestRedis {
  let child = first;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
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
      child = await launch(port, args);
    },
    [Symbol.asyncDispose]: kill,
  };
}

/** Resolves when the server says that it takes connections, rejects when it ends before. */
async function launch(port: number, args: readonly string[]): Promise<ChildProcess> {
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', '/tmp'];
  const plain = ['--save', '', '--appendonly', 'no', '--logfile', '', '--daemonize', 'no'];
  const child = spawn('redis-server', [...where, ...plain, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const killer = (): void => void child.kill('SIGKILL');
  // A test run that dies must leave no server behind.
  process.once('exit', killer);
  child.once('exit', () => process.removeListener('exit', killer));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended:\n${lines.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  child.unref();
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
