// Traffic: octets over sockets that come and go, by the sockets' own count.

import type { Socket } from 'node:net';
import type { Traffic } from '../ports.ts';

export interface TrafficMeter {
  /** Counts what goes over a socket, from its first octet on; more than once is once. */
  watch(socket: Socket): void;
  total(): Traffic;
}

/** Without what TCP and TLS add. */
export function createTrafficMeter(): TrafficMeter {
  const open = new Set<Socket>();
  let [read, written] = [0, 0];
  return {
    watch: (socket) => {
      if (open.has(socket)) return;
      open.add(socket);
      socket.once('close', () => {
        open.delete(socket);
        read += socket.bytesRead;
        written += socket.bytesWritten;
      });
    },
    total: () => {
      const total = { read, written };
      for (const socket of open) {
        total.read += socket.bytesRead;
        total.written += socket.bytesWritten;
      }
      return total;
    },
  };
}
