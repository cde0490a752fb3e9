// DNS over TCP (RFC 7766) and TLS (RFC 7858): length-prefixed messages, pipelined, with bounds on time and memory.

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { FaultError } from '../model/fault.ts';
import { formatIp, type Ip, maskIp } from '../model/ip.ts';
import type { Peer } from '../model/message.ts';
import type { Endpoint } from '../model/settings.ts';
import type { Begin, Respond } from '../ports.ts';
import type { Identity } from './identity.ts';
import { sendFramed, streamOver } from './tcp-stream.ts';
import { addressOf, type DnsSocket, formatEndpoint } from './udp.ts';

export interface TcpOptions {
  readonly listen: Endpoint;
  readonly respond: Respond;
  /** With a certificate every connection is encrypted. */
  readonly identity?: Identity | undefined;
  readonly limits: Partial<TcpLimits> & Pick<TcpLimits, 'idleMs'>;
}

export interface TcpLimits {
  readonly connections: number;
  /** Of one IPv4 address or one IPv6 /64. */
  readonly perClient: number;
  /** A connection that sends nothing, takes nothing, or leaves a message unfinished for so long is closed. */
  readonly idleMs: number;
}

const standard = { connections: 1000, perClient: 100 };

/** How long a TLS handshake may take: it costs us more than whoever starts it. */
const handshakeMs = 5000;

/** No honest query comes near: the decoder takes one question and one OPT. */
const longestQuery = 4096;

export interface TcpServer extends DnsSocket {
  /** Connections that are open now. */
  connections(): number;
}

export async function startTcp(options: TcpOptions): Promise<TcpServer> {
  const { listen, respond, identity } = options;
  const limits: TcpLimits = { ...standard, ...options.limits };
  const sockets = new Set<Socket>();
  const clients = new Map<string, number>();
  const server = createStreams(identity, (socket) => {
    const peer = peerOf(socket, identity === undefined ? 'tcp' : 'tls');
    serve(socket, peer, respond, limits);
  });
  // Counted before any handshake, which is where connections are cheap to make and dear to take.
  server.on('connection', (socket: Socket) => {
    const client = clientOf(addressOf(socket.remoteAddress ?? ''));
    const count = (clients.get(client) ?? 0) + 1;
    clients.set(client, count);
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      const left = (clients.get(client) ?? 1) - 1;
      if (left === 0) clients.delete(client);
      else clients.set(client, left);
    });
    if (count > limits.perClient) socket.destroy();
  });
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on ${identity === undefined ? 'tcp' : 'tls'} ${formatEndpoint(listen)}: ${error.message}`;
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

/** One server for either: a TLS server gives its sockets once their handshake is done. */
function createStreams(identity: Identity | undefined, onSocket: (socket: Socket) => void): Server {
  if (identity === undefined) return createServer({ noDelay: true }, onSocket);
  const options = { noDelay: true, handshakeTimeout: handshakeMs, ALPNProtocols: ['dot'] };
  const server = createTlsServer({ ...identity.current(), ...options }, onSocket);
  identity.onChange((pair) => server.setSecureContext(pair));
  // A handshake that fails is the other side's affair.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function peerOf(socket: Socket, transport: 'tcp' | 'tls'): Peer {
  return {
    address: addressOf(socket.remoteAddress ?? ''),
    port: socket.remotePort ?? 0,
    transport,
  };
}

/** What one client holds: an IPv4 address, but 2^64 of IPv6. */
function clientOf(ip: Ip): string {
  return formatIp(ip.family === 4 ? ip : maskIp(ip, 64));
}

function serve(socket: Socket, peer: Peer, respond: Respond, { idleMs }: TcpLimits): void {
  let pending: Buffer = Buffer.alloc(0);
  let unfinishedSince: number | undefined;
  let isStreaming = false;
  const begin: Begin = (messages) => {
    isStreaming = true;
    streamOver(socket, messages, () => {
      isStreaming = false;
      unfinishedSince = undefined;
      // Not within the loop that may have begun it.
      setImmediate(advance);
    });
  };
  // Whoever takes no answers is read from no more, and in the end runs into the time limit.
  const advance = (): void => {
    while (pending.length >= 2 && !socket.writableNeedDrain && !isStreaming) {
      const length = pending.readUInt16BE(0);
      if (length === 0 || length > longestQuery) {
        socket.destroy();
        return;
      }
      if (pending.length < length + 2) break;
      unfinishedSince = undefined;
      const message = pending.subarray(2, length + 2);
      pending = pending.subarray(length + 2);
      const answer = respond(message, peer, begin);
      if (answer !== undefined) sendFramed(socket, answer);
    }
    if (socket.writableNeedDrain || isStreaming) socket.pause();
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
