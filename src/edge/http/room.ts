// Room for those who stay: requests that are not answered at once, bounded in all and for each client.

import { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';
import { formatIp } from '../../model/ip.ts';
import { clientOf } from './access.ts';
import { networkOf } from './limit.ts';

export interface Room {
  /** Takes a place; what it gives back leaves it, once. Throws a FaultError when there is none. */
  enter(request: FastifyRequest): () => void;
}

export interface RoomBounds {
  readonly inAll: number;
  readonly ofOne: number;
}

export function createRoom({ inAll, ofOne }: RoomBounds): Room {
  /** How many each client has. */
  const held = new Map<string, number>();
  let total = 0;
  return {
    enter(request) {
      const client = formatIp(networkOf(clientOf(request)));
      const own = held.get(client) ?? 0;
      if (own >= ofOne) {
        const message = `want at most ${ofOne} requests of one client to stay at a time`;
        throw new FaultError({ code: 'request.too-many', message });
      }
      if (total >= inAll) {
        const message = `${inAll} requests stay already, which is all there is room for`;
        throw new FaultError({ code: 'request.no-room', message });
      }
      total++;
      held.set(client, own + 1);
      const letTimeOut = keepOpen(request);
      let hasLeft = false;
      return () => {
        if (hasLeft) return;
        hasLeft = true;
        letTimeOut();
        total--;
        const left = (held.get(client) ?? 1) - 1;
        if (left === 0) held.delete(client);
        else held.set(client, left);
      };
    },
  };
}

/** A connection on which nothing passes is closed after a while, but not of one who stays. */
function keepOpen({ raw, server }: FastifyRequest): () => void {
  const { socket } = raw;
  if (!(socket instanceof Socket)) return () => undefined;
  socket.setTimeout(0);
  return () => void socket.setTimeout(server.server.timeout);
}
