// DNS over HTTPS as resolvers and browsers reach it: /dns-query alone, over TLS and HTTP/2 (RFC 8484 §5.2).

import { FaultError } from '../../model/fault.ts';
import type { Endpoint } from '../../model/settings.ts';
import type { Identity } from '../identity.ts';
import { formatEndpoint } from '../udp.ts';
import type { HttpDoors } from './app.ts';
import { addHandlers, createApp } from './base.ts';
import { addRateLimit } from './limit.ts';
import { addDnsQuery } from './routes/dns-query.ts';
import type { HttpServer } from './server.ts';

export interface DohOptions extends HttpDoors {
  readonly listen: Endpoint;
  /** A descriptor that listens there already, to be used instead. */
  readonly fd?: number | undefined;
  readonly identity: Identity;
}

/** What TLS servers of Node have and HTTP servers do not. */
interface Renewable {
  setSecureContext(pair: { readonly cert: string; readonly key: string }): void;
}

const mostConnections = 1000;

/** Listens until disposed; rejects with a FaultError when the address cannot be had. */
export async function startDoh({
  listen,
  fd = -1,
  identity,
  ...doors
}: DohOptions): Promise<HttpServer> {
  const app = createApp(doors, identity.current(), true);
  addHandlers(app, doors);
  await addRateLimit(app, doors);
  addDnsQuery(app, doors);
  const { host, port } = listen;
  const where = { host, port, fd, ipv6Only: true };
  try {
    await app.listen(where);
  } catch (error) {
    await app.close();
    const words = error instanceof Error ? error.message : '';
    const message = `cannot listen on https ${formatEndpoint(listen)}: ${words}`;
    throw new FaultError({ code: 'listen.failed', message }, error);
  }
  const { server } = app;
  server.maxConnections = mostConnections;
  identity.onChange((pair) => (server as unknown as Renewable).setSecureContext(pair));
  const bound = server.address();
  return {
    address: { host, port: typeof bound === 'object' && bound !== null ? bound.port : port },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
