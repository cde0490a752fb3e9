// The rate limit: requests a second that one token or one client may make, writes apart from reads.

import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';
import { formatIp, type Ip, maskIp } from '../../model/ip.ts';
import type { Settings } from '../../model/settings.ts';
import { clientOf, holderOf, isUnwelcome } from './access.ts';
import type { App, HttpDoors } from './app.ts';

/**
 * Routes added later are limited, by one budget for all reads, one for all writes and one for what the
 * caller may not ask at all, unless they say `config: unlimited`; and whatever no route answers, as a read.
 */
export async function addRateLimit(app: App, { settings }: HttpDoors): Promise<void> {
  await app.register(rateLimit, {
    max: (request) => mostOf(request, settings().http),
    timeWindow: 1000,
    keyGenerator: (request) => {
      const { http } = settings();
      const who = holderOf(request, http) ?? formatIp(networkOf(clientOf(request)));
      if (isUnwelcome(request)) return `refused ${who}`;
      return isWrite(request) ? `write ${who}` : who;
    },
    errorResponseBuilder: (request, { max }) =>
      new FaultError({
        code: 'request.too-many',
        message: `want at most ${max} ${isWrite(request) ? 'writes' : 'requests'} a second of one token, or from one client`,
      }),
    addHeaders: { ...noHeaders, 'retry-after': true },
    addHeadersOnExceeding: noHeaders,
  });
  const limit = app.rateLimit();
  app.addHook('onRequest', async function limitLost(request, reply) {
    if (request.is404) await limit.call(app, request, reply);
  });
}

/** An unknown token gains nothing: whoever shows one counts by address. */
function mostOf(request: FastifyRequest, http: Settings['http']): number {
  return isWrite(request)
    ? (http.writesPerSecond ?? http.requestsPerSecond)
    : http.requestsPerSecond;
}

/** By its route, since an address may be spelt in many ways. A DNS message over POST asks, like any over GET. */
export function isWrite({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && url.startsWith('/v1/');
}

export const unlimited = { rateLimit: false } as const;

/** What one client holds: an IPv4 address, but 2^64 of IPv6. */
export function networkOf(ip: Ip): Ip {
  return ip.family === 4 ? ip : maskIp(ip, 64);
}

const noHeaders = {
  'x-ratelimit-limit': false,
  'x-ratelimit-remaining': false,
  'x-ratelimit-reset': false,
};
