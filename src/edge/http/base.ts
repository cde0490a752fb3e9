// A fastify app before its routes: bounds on what clients can cost, and what holds for every request.

import fastify from 'fastify';
import { isTrustedProxy } from './access.ts';
import type { App, HttpDoors } from './app.ts';
import { faultOf, refuseClient, sendFault } from './problem.ts';
import { refusalOf } from './refusal.ts';
import { requestIdOf } from './request-id.ts';
import { buildSerializer } from './serialize.ts';
import { validatorCompiler } from './validate.ts';

/** Node takes the shorter of the two for the headers, so a longer one would let the body drip in. */
const bounds = { headersTimeout: 5000, connectionsCheckingInterval: 1000 };

/** Speaks TLS with what Node's servers are told of it, and HTTP/2 too where that is wanted. */
export function createApp({ settings }: HttpDoors, https?: object, http2?: true): App {
  const over = { ...bounds, ...https };
  const tls = https && (http2 ? { http2, https: { ...over, allowHTTP1: true } } : { https: over });
  // The types tell one kind of server from another, which no route here cares for.
  const app = fastify({
    ...(tls as object),
    bodyLimit: 65_536,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    connectionTimeout: 10_000,
    requestTimeout: 5000,
    // Longer than the minute that load balancers keep a connection for, so that they close first.
    keepAliveTimeout: 65_000,
    http: bounds,
    // Who is connected while we drain is still answered, and told that the connection closes.
    return503OnClosing: false,
    // Names in presentation form, with every octet escaped.
    routerOptions: { maxParamLength: 1024 },
    // Its own are not loaded then.
    schemaController: {
      compilersFactory: { buildValidator: () => validatorCompiler as never, buildSerializer },
    },
    trustProxy: (address) => isTrustedProxy(address, settings().http.trustedProxies),
    clientErrorHandler: refuseClient,
    frameworkErrors: (error, _request, reply) =>
      sendFault(reply, faultOf(error) ?? { code: 'request.invalid', message: 'not a URL' }),
  }) as App;
  app.removeContentTypeParser('text/plain');
  return app;
}

/** What holds for every request, and whatever no route answers. */
export function addHandlers(app: App, doors: HttpDoors): void {
  const { log, onRequest, onRefusal, settings } = doors;
  app.addHook('onRequest', async (request, reply) => {
    // A decision is true for one client and one moment.
    reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    onRequest?.({ route: request.routeOptions.url ?? 'none', status: reply.statusCode });
    const refusal = onRefusal && refusalOf(request, settings().http);
    if (refusal !== undefined) onRefusal?.(refusal);
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
    log.error('http.failed', {
      route,
      request: request.id,
      reason: error instanceof Error ? error.stack : '',
    });
    return sendFault(reply, { code: 'director.internal', message: 'it is in the log' });
  });
}
