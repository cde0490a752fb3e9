// Connections of proxies: the header that names the client, read before anything else of them.

import type { Socket } from 'node:net';
import type { Peer } from '../model/message.ts';
import { readProxyHeader } from '../wire/proxy.ts';

/**
 * Calls back once: with whom the proxy at `peer` brings, the header taken off the stream, or with
 * undefined when within `patienceMs` nothing came that is a header. Not at all when the connection
 * ends before, as one does that only looks whether somebody listens.
 */
export function readClient(
  socket: Socket,
  peer: Peer,
  patienceMs: number,
  onClient: (client: Peer | undefined) => void,
): void {
  let pending: Buffer = Buffer.alloc(0);
  const settle = (client: Peer | undefined): void => {
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('end', onEnd);
    socket.off('close', onClose);
    onClient(client);
  };
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const header = readProxyHeader(pending);
    if (header === 'short') return;
    if (header === 'faulty') return settle(undefined);
    if (pending.length > header.size) socket.unshift(pending.subarray(header.size));
    settle({ ...peer, ...header.client });
  };
  const onEnd = (): void => void socket.destroy();
  const onClose = (): void => clearTimeout(timer);
  const timer = setTimeout(() => settle(undefined), patienceMs);
  socket.on('readable', look);
  socket.on('end', onEnd);
  socket.on('close', onClose);
}
