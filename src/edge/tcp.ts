// DNS over TCP (RFC 7766) and TLS (RFC 7858): length-prefixed messages, pipelined, with bounds on time and memory.

import { createServer, type Server, type Socket } from 'node:net';
import { FaultError } from '../model/fault.ts';
import { formatIp, type Ip, maskIp } from '../model/ip.ts';
import type { Peer } from '../model/message.ts';
import type { Endpoint } from '../model/settings.ts';
import type { Begin, Respond } from '../ports.ts';
import { createEncrypt } from './encrypted.ts';
import type { Identity } from './identity.ts';
import { readClient } from './proxied.ts';
import { createInbox } from './tcp-inbox.ts';
import { prepareLeave } from './tcp-leave.ts';
import { sendFramed, streamOver } from './tcp-stream.ts';
import { addressOf, type DnsSocket, formatEndpoint } from './udp.ts';

export interface TcpOptions {
  readonly listen: Endpoint;
  readonly respond: Respond;
  /** Lets sockets of other threads have the same address: the kernel shares connections out among them. */
  readonly isShared?: boolean | undefined;
  /** A descriptor that listens there already, to be used instead. */
  readonly fd?: number | undefined;
  /** With a certificate every connection is encrypted. */
  readonly identity?: Identity | undefined;
  readonly limits: Partial<TcpLimits> & Pick<TcpLimits, 'idleMs'>;
  /** Where several share the limit on connections. */
  readonly occupancy?: Occupancy | undefined;
  /** Whose connections must begin with a PROXY header; nobody's where it is left out. */
  readonly isProxy?: ((address: Ip) => boolean) | undefined;
  /** A proxy's connection was closed because it did not. */
  readonly onRefused?: (() => void) | undefined;
}

/** How many connections each of several servers has open, and which of them this one is. */
export interface Occupancy {
  readonly counts: Int32Array;
  readonly place: number;
}

export interface TcpLimits {
  /** One more, and the one that has asked nothing for longest is closed: whoever comes is let in. */
  readonly connections: number;
  /** Of one IPv4 address or one IPv6 /64. */
  readonly perClient: number;
  /** A connection that sends nothing, takes nothing, or leaves a message unfinished for so long is closed. */
  readonly idleMs: number;
  /** How long a proxy's header, and a TLS handshake, may take: it costs us more than whoever starts it. */
  readonly openingMs: number;
}

const standard = { connections: 1000, perClient: 100, openingMs: 5000 };

export interface TcpServer extends DnsSocket {
  /** Connections that are open now. */
  connections(): number;
}

export async function startTcp(options: TcpOptions): Promise<TcpServer> {
  const { listen, respond, identity } = options;
  const limits: TcpLimits = { ...standard, ...options.limits };
  const { isProxy, onRefused } = options;
  // In the order in which they last asked something, or came.
  const sockets = new Set<Socket>();
  const occupancy = options.occupancy ?? { counts: new Int32Array(1), place: 0 };
  const count = (change: number): void => {
    Atomics.add(occupancy.counts, occupancy.place, change);
  };
  const leave = prepareLeave(sockets);
  const hasRoom = createShares(limits.perClient);
  const encrypt = identity && createEncrypt(identity);
  // Counted before any handshake, which is where connections are cheap to make and dear to take.
  const admit = (socket: Socket, peer: Peer): void => {
    const inOrder = inTurn(sockets, socket, respond);
    const onQuery: Respond = (bytes, from, begin) => {
      leave.onQuery(socket);
      return inOrder(bytes, from, begin);
    };
    if (!hasRoom(socket, peer.address)) return void socket.destroy();
    makeRoom(sockets, limits, occupancy);
    if (encrypt === undefined) serve(socket, peer, onQuery, limits);
    else encrypt(socket, limits.openingMs, (inner) => serve(inner, peer, onQuery, limits));
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    const peer = peerOf(socket, identity === undefined ? 'tcp' : 'tls');
    sockets.add(socket);
    count(1);
    socket.on('close', () => {
      sockets.delete(socket);
      count(-1);
    });
    socket.on('error', () => socket.destroy());
    if (isProxy?.(peer.address) !== true) return admit(socket, peer);
    makeRoom(sockets, limits, occupancy);
    readClient(socket, peer, limits.openingMs, (client) => {
      if (client !== undefined) return admit(socket, client);
      onRefused?.();
      socket.destroy();
    });
  });
  const port = await bind(server, options);
  return {
    address: { host: listen.host, port },
    connections: () => sockets.size,
    [Symbol.asyncDispose]: () => leave.close(server),
  };
}

/** The port that it has. */
async function bind(
  server: Server,
  { listen, fd = -1, isShared = false, identity }: TcpOptions,
): Promise<number> {
  const { host, port } = listen;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on ${identity === undefined ? 'tcp' : 'tls'} ${formatEndpoint(listen)}: ${error.message}`;
      reject(new FaultError({ code: 'listen.failed', message }, error));
    });
    server.listen({ host, port, fd, ipv6Only: true, reusePort: isShared }, resolve);
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

/** Counts the connections of each client; false for those beyond its share. */
function createShares(perClient: number): (socket: Socket, address: Ip) => boolean {
  const counts = new Map<string, number>();
  return (socket, address) => {
    const client = clientOf(address);
    const count = (counts.get(client) ?? 0) + 1;
    if (count > perClient) return false;
    counts.set(client, count);
    socket.on('close', () => {
      const left = (counts.get(client) ?? 1) - 1;
      if (left === 0) counts.delete(client);
      else counts.set(client, left);
    });
    return true;
  };
}

/** Whoever asks something goes to the end of the queue. */
function inTurn(sockets: Set<Socket>, socket: Socket, respond: Respond): Respond {
  return (bytes, from, begin) => {
    if (sockets.delete(socket)) sockets.add(socket);
    return respond(bytes, from, begin);
  };
}

/** What was closed already leaves the set at once, so that nothing is closed for it too. */
function makeRoom(
  sockets: Set<Socket>,
  { connections }: TcpLimits,
  { counts, place }: Occupancy,
): void {
  const elsewhere = counts.reduce((sum, count, at) => (at === place ? sum : sum + count), 0);
  const [first] = sockets;
  if (sockets.size + elsewhere <= connections || first === undefined) return;
  sockets.delete(first);
  first.destroy();
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
  const inbox = createInbox(idleMs);
  let isOver = false;
  let isStreaming = false;
  const begin: Begin = (messages) => {
    isStreaming = true;
    streamOver(socket, messages, () => {
      isStreaming = false;
      inbox.rest();
      // Not within the loop that may have begun it.
      setImmediate(advance);
    });
  };
  // Whoever takes no answers is read from no more, and in the end runs into the time limit.
  const advance = (): void => {
    // A burst is answered in few pieces.
    socket.cork();
    while (socket.writable && !socket.writableNeedDrain && !isStreaming) {
      const message = inbox.next();
      if (message === 'malformed') {
        socket.destroySoon();
        return;
      }
      if (message === 'none') break;
      const answer = respond(message, peer, begin);
      if (answer !== undefined) sendFramed(socket, answer);
    }
    socket.uncork();
    if (socket.writableNeedDrain || isStreaming) socket.pause();
    else if (isOver) socket.end();
    else socket.resume();
  };
  socket.setTimeout(idleMs, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  // Whoever has said its last word may still wait for answers.
  socket.on('end', () => {
    isOver = true;
    advance();
  });
  // Between two pieces it is the others' turn.
  socket.on('drain', () => setImmediate(advance));
  socket.on('data', (chunk) => {
    if (!socket.writable) return;
    if (inbox.add(chunk)) advance();
    else socket.destroy();
  });
}
