// An origin as a process: answers probes until it is stopped or killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Network } from './network.ts';
import type { Site } from './link.ts';

export interface OriginProcess extends AsyncDisposable {
  signal(signal: NodeJS.Signals): void;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

if (import.meta.main) {
  const [, , host, port] = process.argv;
  const server = createServer((_request, response) => response.end('ok\n'));
  server.listen(Number(port), host, () => process.send?.('ready'));
  process.on('disconnect', () => process.exit());
}

export async function startOrigin(network: Network, site: Site): Promise<OriginProcess> {
  const { host, port } = network.listen(site, 'origin');
  const launch = async (): Promise<ChildProcess> => {
    const words = [...network.prefix(site), process.execPath, import.meta.filename];
    const child = spawn(words[0] ?? '', [...words.slice(1), host, String(port)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    signal: (signal) => void child.kill(signal),
    kill,
    restart: async () => {
      child = await launch();
    },
    [Symbol.asyncDispose]: kill,
  };
}
