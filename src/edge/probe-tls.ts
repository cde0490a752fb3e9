// The TLS probe: a port that completes a handshake with a right certificate is healthy.

import { isIP, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect, TLSSocket } from 'node:tls';
import type { TlsProbe } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Finding } from './probe-attempt.ts';
import type { Guard } from './probe-guard.ts';

/** Resolves to an empty reason after the handshake; rejects with the error of the connection. */
export function probeTls(spec: TlsProbe, { lookup }: Guard, signal: AbortSignal): Promise<Finding> {
  const { host, port, verify } = spec;
  // RFC 6066 §3: an address is no server name.
  const servername = spec.serverName ?? (isIP(host) === 0 ? host : '');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup, servername, rejectUnauthorized: verify });
    addAbortSignal(signal, socket);
    socket.on('secureConnect', () => resolve({ reason: '', expiresIn: certificateLife(socket) }));
    socket.on('error', reject);
  });
}

/** How long the peer's own certificate is still valid; undefined where there is none. */
export function certificateLife(socket: Socket): Millis | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const end = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(end) ? undefined : millis(end - Date.now());
}
