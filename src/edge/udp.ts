// DNS over UDP: dns2's server for the socket, our own reading of every datagram.

import type { RemoteInfo, SocketOptions } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UDPServer } from 'dns2';
import { FaultError } from '../model/fault.ts';
import { type Ip, parseIp } from '../model/ip.ts';
import type { Peer } from '../model/message.ts';
import type { Endpoint } from '../model/settings.ts';
import type { Respond } from '../ports.ts';
import { readProxyHeader } from '../wire/proxy.ts';

export interface DnsSocket extends AsyncDisposable {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: Endpoint;
}

export interface UdpOptions {
  readonly listen: Endpoint;
  readonly respond: Respond;
  /** Lets sockets of other threads have the same address: the kernel shares datagrams out among them. */
  readonly isShared?: boolean | undefined;
  /** A descriptor that is bound there already, to be used instead. */
  readonly fd?: number | undefined;
  /**
   * Replies could not be sent: forged sources, full queues. Counted, never thrown; so many, as far as
   * one in `heededEvery` can tell.
   */
  readonly onSendError: (replies: number) => void;
  /** Whose datagrams must begin with a PROXY header; nobody's where it is left out. */
  readonly isProxy?: ((address: Ip) => boolean) | undefined;
  /** A proxy's datagram was dropped because it did not. */
  readonly onRefused?: (() => void) | undefined;
}

/**
 * Node tells of a failure through a callback alone, in a tick of its own for each reply, which costs
 * a twentieth of all that a query costs: so only each of so many replies has one, and stands for all.
 */
const heededEvery = 16;

/** Replies that wait for the kernel at most, with a kilobyte or so each: it takes none, and memory is not for them. */
const mostQueued = 16_384;

/** Binds and answers until disposed; rejects with a FaultError when the address cannot be had. */
export async function startUdp(options: UdpOptions): Promise<DnsSocket> {
  const { listen, respond, isShared = false, fd, onSendError, isProxy, onRefused } = options;
  const onSent = (error: Error | null): void => {
    if (error !== null) onSendError(heededEvery);
  };
  let given = 0;
  let isStuck = false;
  const answerTo = (data: Buffer, peer: Peer): Uint8Array | undefined => {
    if (isProxy?.(peer.address) !== true) return respond(data, peer);
    const header = readProxyHeader(data);
    if (typeof header !== 'string') {
      return respond(data.subarray(header.size), { ...peer, ...header.client });
    }
    onRefused?.();
    return undefined;
  };
  /** dns2 would parse every datagram by itself; only what passed our decoder may be believed. */
  class ScreenedServer extends UDPServer {
    override handle(data: Buffer, from: RemoteInfo): void {
      const peer: Peer = { address: addressOf(from.address), port: from.port, transport: 'udp' };
      const answer = answerTo(data, peer);
      // dgram throws at port 0, before any callback.
      if (answer === undefined || from.port === 0) return;
      const isHeeded = given++ % heededEvery === 0;
      if (isHeeded) isStuck = this.getSendQueueCount() > mostQueued;
      if (isStuck) onSendError(1);
      else if (isHeeded) this.send(answer, from.port, from.address, onSent);
      else this.send(answer, from.port, from.address);
    }
  }
  const family = isIPv6(listen.host) ? 6 : 4;
  const server = new ScreenedServer({ type: socketOptions(family, isShared) as never });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `cannot listen on udp ${formatEndpoint(listen)}: ${error.message}`;
      reject(new FaultError({ code: 'listen.failed', message }, error));
    });
    if (fd === undefined) void server.listen(listen.port, listen.host).then(resolve);
    else server.bind({ fd }, resolve);
  });
  server.removeAllListeners('error');
  // An error after binding belongs to one datagram (ICMP, for one): the socket goes on.
  server.on('error', () => onSendError(1));
  return {
    address: { host: listen.host, port: server.address().port },
    [Symbol.asyncDispose]: () => closeWhenSent(server),
  };
}

/** Turns of the event loop in which a queue of replies is sent, wherever the kernel takes any. */
const mostTurns = 100;

/** Closing would drop the replies that are still queued, where threads send in batches. */
async function closeWhenSent(server: UDPServer): Promise<void> {
  for (let turn = 0; turn < mostTurns && server.getSendQueueCount() > 0; turn++) await nextTurn();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** dns2 hands its `type` to `dgram` as it is, so all of dgram's options can stand there. */
function socketOptions(family: 4 | 6, reusePort: boolean): SocketOptions {
  return {
    type: `udp${family}`,
    ipv6Only: family === 6,
    reusePort,
    recvBufferSize: 1 << 22,
    sendBufferSize: 1 << 22,
    // Replies go to the address they came from: nothing to look up, and no tick to wait for it.
    lookup: (host, _options, callback) => callback(null, host, family),
  };
}

const unknownAddress: Ip = { family: 4, a: 0, b: 0, c: 0, d: 0 };

/** The kernel's text for an address, without the zone of a link-local one. */
export function addressOf(text: string): Ip {
  return parseIp(text) ?? parseIp(text.replace(/%.*/, '')) ?? unknownAddress;
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
