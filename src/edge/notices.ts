// Notices over UDP: one socket for each, that hears nobody but whom it has asked.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Endpoint } from '../model/settings.ts';
import type { SendNotice } from '../ports.ts';

/** How long an answer may take. */
const patienceMs = 2000;

/**
 * Sends from one of the addresses that this director answers at, by which a secondary knows it; where
 * that is a loopback address and the secondary is elsewhere, from whatever the system chooses.
 */
export function createNotices(listens: readonly Endpoint[]): SendNotice {
  return async (to, message, isAnswer, signal) => {
    const socket = createSocket(isIPv6(to.host) ? 'udp6' : 'udp4');
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      const from = sourceFor(to.host, listens);
      socket.bind({ address: from, port: 0 });
      await once(socket, 'listening', { signal: patience });
      socket.connect(to.port, to.host);
      await once(socket, 'connect', { signal: patience });
      socket.send(message);
      return await firstAnswer(socket, isAnswer, patience);
    } catch (error) {
      return patience.aborted ? undefined : String(error);
    } finally {
      socket.close();
    }
  };
}

/** Rejects with what the network says, or when patience ends. */
async function firstAnswer(
  socket: Socket,
  isAnswer: (bytes: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<Uint8Array> {
  for (;;) {
    const [bytes] = (await once(socket, 'message', { signal })) as [Uint8Array];
    if (isAnswer(bytes)) return bytes;
  }
}

function sourceFor(host: string, listens: readonly Endpoint[]): string | undefined {
  const family = isIPv6(host);
  return listens
    .map((listen) => listen.host)
    .find(
      (own) =>
        isIPv6(own) === family &&
        !/^(0\.0\.0\.0|::)$/.test(own) &&
        (!isLoopback(own) || isLoopback(host)),
    );
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}
