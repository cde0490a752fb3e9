// The HTTP side of a director: fastify with every route, and bounds on what clients can cost.

import { FaultError } from '../../model/fault.ts';
import type { Endpoint } from '../../model/settings.ts';
import { formatEndpoint } from '../udp.ts';
import type { App, HttpDoors } from './app.ts';
import { addHandlers, createApp } from './base.ts';
import { addRateLimit } from './limit.ts';
import { watchMethods } from './methods.ts';
import { addOpenapi } from './openapi.ts';
import { addAbout } from './routes/about.ts';
import { addClients } from './routes/clients.ts';
import { addDnsQuery } from './routes/dns-query.ts';
import { addEvents } from './routes/events.ts';
import { addGo } from './routes/go.ts';
import { addHealth } from './routes/health.ts';
import { addLoad } from './routes/load.ts';
import { addDrills } from './routes/drills.ts';
import { addOverrides } from './routes/overrides.ts';
import { addRegions } from './routes/regions.ts';
import { addReports } from './routes/reports.ts';
import { addResolve } from './routes/resolve.ts';
import { addServices } from './routes/services.ts';
import { addState } from './routes/state.ts';
import { addTimeline } from './routes/timeline.ts';
import { addVotes } from './routes/votes.ts';
import { followIdentity, refuseUntrusted, type Secure, tlsOptions } from './secure.ts';

export interface HttpServer extends AsyncDisposable {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: Endpoint;
}

export interface HttpOptions extends HttpDoors {
  readonly listen: Endpoint;
  /** A descriptor that listens there already, to be used instead. */
  readonly fd?: number | undefined;
  /** Undefined speaks without TLS. */
  readonly secure?: Secure | undefined;
}

/** Connections beyond this are closed at once, so that sockets are left for DNS over TCP. */
const mostConnections = 2000;

/** How long answers on their way may take once the server is told to stop. */
const drainMs = 5000;

/** Listens until disposed; rejects with a FaultError when the address cannot be had. */
export async function startHttp({
  listen,
  fd = -1,
  secure,
  ...doors
}: HttpOptions): Promise<HttpServer> {
  const app = await buildHttp(doors, secure);
  const { host, port } = listen;
  const where = { host, port, fd, ipv6Only: true };
  try {
    await app.listen(where);
  } catch (error) {
    await app.close();
    const words = error instanceof Error ? error.message : '';
    const message = `cannot listen on http ${formatEndpoint(listen)}: ${words}`;
    throw new FaultError({ code: 'listen.failed', message }, error);
  }
  app.server.maxConnections = mostConnections;
  const bound = app.server.address();
  return {
    address: { host, port: typeof bound === 'object' && bound !== null ? bound.port : port },
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => app.server.closeAllConnections(), drainMs);
      await app.close();
      clearTimeout(timer);
    },
  };
}

/** The app without a socket, for tests. */
export async function buildHttp(doors: HttpDoors, secure?: Secure): Promise<App> {
  const app = createApp(doors, secure && tlsOptions(secure));
  if (secure !== undefined) followIdentity(app, secure);
  addHandlers(app, doors);
  if (secure !== undefined) refuseUntrusted(app);
  const refuseOtherMethods = watchMethods(app);
  await addOpenapi(app);
  await addRateLimit(app, doors);
  for (const add of [
    addAbout,
    addResolve,
    addGo,
    addHealth,
    addEvents,
    addRegions,
    addServices,
    addOverrides,
    addDrills,
    addReports,
    addClients,
    addLoad,
    addState,
    addTimeline,
    addVotes,
    addDnsQuery,
  ]) {
    add(app, doors);
  }
  refuseOtherMethods();
  return app;
}
