// The HTTP API over TLS: what is shown to clients, and what is asked of them.

import type { Server } from 'node:https';
import type { FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';
import type { HttpTls } from '../../model/tls.ts';
import type { Identity } from '../identity.ts';
import type { Pem } from '../pem.ts';
import type { App } from './app.ts';
import { certificateOf } from './client-certificate.ts';

export interface Secure {
  readonly identity: Identity;
  /** Counts where the identity has a CA. */
  readonly clientCertificate: HttpTls['clientCertificate'];
}

/** Who says nothing is not waited for. */
const handshakeTimeout = 5000;

/** For Node's HTTPS server. With an optional certificate a bad one comes in too, to be refused in words. */
export function tlsOptions({ identity, clientCertificate }: Secure) {
  const pem = identity.current();
  const isAsked = pem.ca !== undefined;
  const rejectUnauthorized = clientCertificate === 'required';
  return { ...contextOf(pem), requestCert: isAsked, rejectUnauthorized, handshakeTimeout };
}

/** Our order of ciphers counts, as in Node's own TLS servers. */
function contextOf(pem: Pem) {
  return { ...pem, honorCipherOrder: true };
}

/** To be called behind `addHandlers`, before all other hooks: nobody gains by a certificate that counts for nothing. */
export function refuseUntrusted(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    const reason = certificateOf(request)?.reason;
    if (reason === undefined) return;
    // Another try costs another handshake.
    void reply.header('connection', 'close');
    const message = `this client certificate cannot be trusted: ${reason}`;
    throw new FaultError({ code: 'request.unauthorized', message });
  });
}

/**
 * New connections are shown the certificate that is in force, and are held against the CA that is.
 * Those from before another CA took over are answered once more and closed.
 */
export function followIdentity(app: App, { identity }: Secure): void {
  const server = app.server as unknown as Server;
  let { ca } = identity.current();
  let closing = new WeakSet<FastifyRequest['socket']>();
  const open = new Set<FastifyRequest['socket']>();
  server.on('secureConnection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('onSend', async ({ socket }, reply) => {
    if (closing.has(socket)) void reply.header('connection', 'close');
  });
  identity.onChange((pem) => {
    server.setSecureContext(contextOf(pem));
    if (pem.ca === ca) return;
    ca = pem.ca;
    closing = new WeakSet(open);
    server.closeIdleConnections();
  });
}
