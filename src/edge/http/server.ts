// The HTTP side of a director: fastify with every route, and bounds on what clients can cost.

import fastify from 'fastify';
import { FaultError } from '../../model/fault.ts';
import type { Endpoint } from '../../model/settings.ts';
import { formatEndpoint } from '../udp.ts';
import { isTrustedProxy } from './access.ts';
import type { App, HttpDoors } from './app.ts';
import { addRateLimit } from './limit.ts';
import { watchMethods } from './methods.ts';
import { addOpenapi } from './openapi.ts';
import { faultOf, refuseClient, sendFault } from './problem.ts';
import { addAbout } from './routes/about.ts';
import { addGo } from './routes/go.ts';
import { addHealth } from './routes/health.ts';
import { addOverrides } from './routes/overrides.ts';
import { addRegions } from './routes/regions.ts';
import { addResolve } from './routes/resolve.ts';
import { addServices } from './routes/services.ts';
import { addState } from './routes/state.ts';
import { addVotes } from './routes/votes.ts';
import { validatorCompiler } from './validate.ts';

export interface HttpServer extends AsyncDisposable {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: Endpoint;
}

export interface HttpOptions extends HttpDoors {
  readonly listen: Endpoint;
}

/** Connections beyond this are closed at once, so that sockets are left for DNS over TCP. */
const mostConnections = 2000;

/** How long answers on their way may take once the server is told to stop. */
const drainMs = 5000;

/** Listens until disposed; rejects with a FaultError when the address cannot be had. */
export async function startHttp({ listen, ...doors }: HttpOptions): Promise<HttpServer> {
  const app = await buildHttp(doors);
  const { host, port } = listen;
  try {
    await app.listen({ host, port, ipv6Only: true });
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
export async function buildHttp(doors: HttpDoors): Promise<App> {
  const app = createApp(doors);
  addHandlers(app, doors);
  const refuseOtherMethods = watchMethods(app);
  await addOpenapi(app);
  await addRateLimit(app, doors);
  for (const add of [
    addAbout,
    addResolve,
    addGo,
    addHealth,
    addRegions,
    addServices,
    addOverrides,
    addState,
    addVotes,
  ]) {
    add(app, doors);
  }
  refuseOtherMethods();
  return app;
}

function createApp({ settings }: HttpDoors): App {
  const app: App = fastify({
    bodyLimit: 65_536,
    connectionTimeout: 10_000,
    requestTimeout: 5000,
    // Longer than the minute that load balancers keep a connection for, so that they close first.
    keepAliveTimeout: 65_000,
    // Node takes the shorter of the two for the headers, so a longer one would let the body drip in.
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
    // Who is connected while we drain is still answered, and told that the connection closes.
    return503OnClosing: false,
    // Names in presentation form, with every octet escaped.
    routerOptions: { maxParamLength: 1024 },
    trustProxy: (address) => isTrustedProxy(address, settings().http.trustedProxies),
    clientErrorHandler: refuseClient,
    frameworkErrors: (error, _request, reply) =>
      sendFault(reply, faultOf(error) ?? { code: 'request.invalid', message: 'not a URL' }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.removeContentTypeParser('text/plain');
  return app;
}

/** What holds for every request, and whatever no route answers. */
function addHandlers(app: App, { log, onRequest }: HttpDoors): void {
  app.addHook('onRequest', async (_request, reply) => {
    // A decision is true for one client and one moment.
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  app.addHook('onResponse', async (request, reply) => {
    onRequest?.({ route: request.routeOptions.url ?? 'none', status: reply.statusCode });
  });
  app.setNotFoundHandler((request, reply) =>
    sendFault(reply, {
      code: 'request.not-found',
      message: `no route leads to ${request.url.slice(0, 200)}`,
    }),
  );
  app.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error);
    if (fault !== undefined) return sendFault(reply, fault);
    const route = request.routeOptions.url;
    log.error('http.failed', { route, reason: error instanceof Error ? error.stack : '' });
    return sendFault(reply, { code: 'director.internal', message: 'it is in the log' });
  });
}
