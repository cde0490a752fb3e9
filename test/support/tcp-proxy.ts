// A faulty wire for tests: a TCP proxy on loopback that can swallow bytes or cut connections.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections stay, new ones are taken, and every byte disappears, both ways. */
  readonly blackhole: () => void;
  /** Cuts what went through the black hole, then passes bytes again. */
  readonly heal: () => void;
  /** Resets every connection; new ones are taken. */
  readonly cut: () => void;
  /** The next so many connections are reset as their first answer comes, which nobody gets to see. */
  readonly loseAnswers: (count: number) => void;
}

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isHole = false;
  let toLose = 0;

  const track = (socket: Socket, other: () => Socket | undefined): void => {
    sockets.add(socket);
    socket.on('data', (bytes) => {
      if (!isHole) other()?.write(bytes);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      // In a black hole nobody hears that the other side has gone.
      if (!isHole) other()?.destroy();
    });
  };
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  const server = createServer((near) => {
    const far = isHole ? undefined : connect(targetPort, '127.0.0.1');
    track(near, () => far);
    if (far === undefined) return;
    far.once('data', () => {
      if (toLose <= 0) return;
      toLose--;
      near.resetAndDestroy();
    });
    track(far, () => near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    blackhole: () => {
      isHole = true;
    },
    heal: () => {
      isHole = false;
      cut();
    },
    cut,
    loseAnswers: (count) => {
      toLose = count;
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
