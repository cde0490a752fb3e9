// A DNS client: one message to one server and its reply, over UDP, TCP, TLS or HTTPS.

import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect as connectHttp2 } from 'node:http2';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport } from '../model/message.ts';
import type { Endpoint } from '../model/settings.ts';

export interface Exchange {
  readonly server: Endpoint;
  readonly transport: Transport;
  readonly query: Uint8Array;
  /** Whether a message is the reply: others, which anybody may send over UDP, are passed over. */
  readonly isReply: (message: Uint8Array) => boolean;
  /** Ends everything; what is under way then rejects. */
  readonly signal: AbortSignal;
  /** Of TLS and HTTPS. */
  readonly checks?: Checks | undefined;
}

/** Whom a server's certificate must be signed by and for; left out, as the system has it, and the host. */
export interface Checks {
  /** PEM. */
  readonly ca?: string | undefined;
  readonly serverName?: string | undefined;
  /** Takes any certificate (RFC 7858 §4.1): nobody on the way can listen, but anybody can answer. */
  readonly isOff?: boolean;
}

/** A message over HTTP has as many octets as one over TCP at most. */
const longestMessage = 0xffff;

/** A datagram is sent again when no reply came for so long. */
const againMs = 1500;

/** Rejects with the error of the socket, or of the signal. */
export function exchange(asked: Exchange): Promise<Uint8Array> {
  const { transport } = asked;
  if (transport === 'udp') return askUdp(asked);
  return transport === 'https' ? askHttps(asked) : askStream(asked);
}

/** A connected socket: the system lets through what comes from the server alone. */
async function askUdp({ server, query, isReply, signal }: Exchange): Promise<Uint8Array> {
  const { address, family } = await lookup(server.host);
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const send = (): void => socket.send(query, () => undefined);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  socket.on('error', reject);
  socket.on('message', (message) => {
    if (isReply(message)) resolve(message);
  });
  let again: NodeJS.Timeout | undefined;
  socket.on('connect', () => {
    send();
    again = setInterval(send, againMs);
  });
  socket.connect(server.port, address);
  try {
    signal.throwIfAborted();
    return await promise;
  } finally {
    clearInterval(again);
    signal.removeEventListener('abort', onAbort);
    socket.close();
  }
}

async function askStream(asked: Exchange): Promise<Uint8Array> {
  const { server, transport, query, isReply, signal } = asked;
  const socket = transport === 'tls' ? openTls(asked) : connect(server.port, server.host);
  const onAbort = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.write(Buffer.concat([length, query]));
    let pending = Buffer.alloc(0);
    for await (const chunk of socket) {
      pending = Buffer.concat([pending, chunk as Buffer]);
      while (pending.length >= 2 && pending.length >= pending.readUInt16BE(0) + 2) {
        const end = pending.readUInt16BE(0) + 2;
        const message = pending.subarray(2, end);
        if (isReply(message)) return message;
        pending = pending.subarray(end);
      }
    }
    throw new Error('the connection was closed without a reply');
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

function openTls({ server: { host, port }, checks }: Exchange): Socket {
  return connectTls({ host, port, ...checking(host, checks), ALPNProtocols: ['dot'] });
}

/** Without a name, Node holds the certificate against the host. */
function checking(host: string, { ca, serverName, isOff = false }: Checks = {}) {
  const name = serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(name === undefined ? {} : { servername: name }),
    rejectUnauthorized: !isOff,
  };
}

/** RFC 8484 by POST, over HTTP/2. */
async function askHttps({ server, query, isReply, signal, checks }: Exchange): Promise<Uint8Array> {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host;
  const session = connectHttp2(`https://${host}:${server.port}`, checking(server.host, checks));
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  session.on('error', reject);
  session.on('close', () => reject(new Error('the connection was closed without a reply')));
  const read = async (): Promise<Uint8Array> => {
    const media = 'application/dns-message';
    const head = { ':method': 'POST', ':path': '/dns-query', accept: media, 'content-type': media };
    const request = session.request(head);
    let status: unknown;
    request.on('response', (headers) => {
      status = headers[':status'];
    });
    request.end(query);
    let message = Buffer.alloc(0);
    for await (const chunk of request) {
      message = Buffer.concat([message, chunk as Buffer]);
      if (message.length > longestMessage) throw new Error('its answer does not end');
    }
    if (status !== 200) throw new Error(`it answered with HTTP status ${String(status)}`);
    if (!isReply(message)) throw new Error('it answered with something else');
    return message;
  };
  try {
    signal.throwIfAborted();
    return await Promise.race([read(), failed]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    session.destroy();
  }
}
