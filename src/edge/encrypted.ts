// TLS over a connection that is already there, for DNS over TLS (RFC 7858).

import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Identity, KeyPair } from './identity.ts';

/** Calls back once the handshake is done; a connection on which it fails or takes too long is closed. */
export type Encrypt = (raw: Socket, patienceMs: number, onSecure: (socket: Socket) => void) => void;

/** New connections are shown the certificate that is in force when they come. */
export function createEncrypt(identity: Identity): Encrypt {
  let context = contextOf(identity.current());
  identity.onChange((pair) => {
    context = contextOf(pair);
  });
  return (raw, patienceMs, onSecure) => {
    const options = { isServer: true, secureContext: context, ALPNProtocols: ['dot'] };
    const socket = new TLSSocket(raw, options);
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('close', () => clearTimeout(timer));
    // A handshake that fails is the other side's affair.
    socket.on('error', () => socket.destroy());
    socket.once('secure', () => {
      clearTimeout(timer);
      onSecure(socket);
    });
  };
}

/** Our order of ciphers counts, as in Node's own TLS servers. */
function contextOf(pair: KeyPair): ReturnType<typeof createSecureContext> {
  return createSecureContext({ ...pair, honorCipherOrder: true });
}
