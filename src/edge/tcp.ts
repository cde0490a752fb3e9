// DNS over TCP (RFC 7766): length-prefixed messages, pipelined, with bounds on time and memory.

import { createServer, type Socket } from 'node:net';
import { FaultError } from '../model/fault.ts';
import type { Endpoint } from '../model/settings.ts';
import type { Respond } from '../ports.ts';
import { addressOf, type DnsSocket, formatEndpoint } from './udp.ts';

export interface TcpOptions {
  readonly listen: Endpoint;
  readonly respond: Respond;
  readonly limits: Partial<TcpLimits> & Pick<TcpLimits, 'idleMs'>;
}

export interface TcpLimits {
  readonly connections: number;
  /** A connection that sends nothing, takes nothing, or leaves a message unfinished for so long is closed. */
  readonly idleMs: number;
}

const mostConnections = 1000;

/** No honest query comes near: the decoder takes one question and one OPT. */
const longestQuery = 4096;

export interface TcpServer extends DnsSocket {
  /** Connections that are open now. */
  connections(): number;
}

export async function startTcp(options: TcpOptions): Promise<TcpServer> {
  const { listen, respond } = options;
  const limits: TcpLimits = { connections: mostConnections, ...options.limits };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, respond, limits);
  });
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on tcp ${formatEndpoint(listen)}: ${error.message}`;
      reject(new FaultError({ code: 'listen.failed', message }, error));
    });
    server.listen({ host: listen.host, port: listen.port, ipv6Only: true }, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  return {
    address: { host: listen.host, port },
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      // Whoever is between two messages is told at once; answers on their way are flushed by FIN.
      for (const socket of sockets) socket.destroySoon();
      await closed;
    },
  };
}

function serve(socket: Socket, respond: Respond, { idleMs }: TcpLimits): void {
  const peer = {
    address: addressOf(socket.remoteAddress ?? ''),
    port: socket.remotePort ?? 0,
    transport: 'tcp',
  } as const;
  let pending: Buffer = Buffer.alloc(0);
  let unfinishedSince: number | undefined;
  // Whoever takes no answers is read from no more, and in the end runs into the time limit.
  const advance = (): void => {
    while (pending.length >= 2 && !socket.writableNeedDrain) {
      const length = pending.readUInt16BE(0);
      if (length === 0 || length > longestQuery) {
        socket.destroy();
        return;
      }
      if (pending.length < length + 2) break;
      unfinishedSince = undefined;
      const answer = respond(pending.subarray(2, length + 2), peer);
      pending = pending.subarray(length + 2);
      if (answer !== undefined) send(socket, answer);
    }
    if (socket.writableNeedDrain) socket.pause();
    else socket.resume();
  };
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('drain', advance);
  socket.on('data', (chunk) => {
    // A message fed octet by octet keeps the idle timer from firing, so it has a limit of its own.
    if (pending.length > 0) unfinishedSince ??= performance.now();
    if (unfinishedSince !== undefined && performance.now() - unfinishedSince > idleMs) {
      socket.destroy();
      return;
    }
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    advance();
  });
}

function send(socket: Socket, answer: Uint8Array): void {
  const frame = Buffer.allocUnsafe(answer.length + 2);
  frame.writeUInt16BE(answer.length, 0);
  frame.set(answer, 2);
  socket.write(frame);
}
