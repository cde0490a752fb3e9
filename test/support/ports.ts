// Loopback ports for servers that cannot be told to take any.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Out of those that a kernel gives to sockets which name none (Linux takes 32768 and above): such
 * a socket, of whatever test, would keep a port that was chosen here before its server has it.
 */
const [lowest, highest] = [20_000, 32_767];

/** Free over UDP and TCP a moment ago, and no two the same. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  const isTaken = await Promise.all([
    new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(true));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
    }),
    new Promise<boolean>((resolve) => {
      socket.once('error', () => socket.close(() => resolve(true)));
      socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(false)));
    }),
  ]);
  return !isTaken.includes(true);
}
