// The rate limit: requests a second that one client may make, counted in memory.

import rateLimit from '@fastify/rate-limit';
import { FaultError } from '../../model/fault.ts';
import { formatIp, type Ip, maskIp } from '../../model/ip.ts';
import { clientOf } from './access.ts';
import type { App, HttpDoors } from './app.ts';

/** Routes added later are limited, all by one budget, unless they say `config: unlimited`. */
export async function addRateLimit(app: App, { settings }: HttpDoors): Promise<void> {
  await app.register(rateLimit, {
    max: () => settings().http.requestsPerSecond,
    timeWindow: 1000,
    keyGenerator: (request) => formatIp(networkOf(clientOf(request))),
    errorResponseBuilder: (_request, { max }) =>
      new FaultError({
        code: 'request.too-many',
        message: `want at most ${max} requests a second from one client`,
      }),
    addHeaders: { ...noHeaders, 'retry-after': true },
    addHeadersOnExceeding: noHeaders,
  });
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
