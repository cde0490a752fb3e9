// How a TCP server stops: whoever has just come is answered first, all others are told at once.

import type { Server, Socket } from 'node:net';

/** How long a connection that has not asked anything yet is kept when the server stops. */
const graceMs = 1000;

export interface Leave {
  /** To be called before each answer. */
  onQuery(socket: Socket): void;
  /** Settles when every connection is closed. */
  close(server: Server): Promise<void>;
}

/** Of a server with these open connections. */
export function prepareLeave(sockets: ReadonlySet<Socket>): Leave {
  const hasAsked = new WeakSet<Socket>();
  let isClosing = false;
  return {
    onQuery(socket) {
      hasAsked.add(socket);
      if (isClosing) setImmediate(() => socket.destroySoon());
    },
    async close(server) {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      // Answers on their way are flushed by FIN.
      for (const socket of sockets) if (hasAsked.has(socket)) socket.destroySoon();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroySoon();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
