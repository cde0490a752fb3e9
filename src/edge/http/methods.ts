// Methods: whatever a known address is asked in a way it does not take gets 405, not 404.

import { FaultError } from '../../model/fault.ts';
import type { App } from './app.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/** To be called before the routes are added; what it gives back, after. */
export function watchMethods(app: App): () => void {
  const taken = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = taken.get(url) ?? new Set();
    taken.set(url, known);
    for (const each of Array.isArray(method) ? method : [method]) known.add(each);
  });
  return () => {
    for (const [url, known] of taken) refuseOthers(app, url, [...known]);
  };
}

function refuseOthers(app: App, url: string, allowed: readonly string[]): void {
  const allow = allowed.join(', ');
  app.route({
    url,
    method: methods.filter((method) => !allowed.includes(method)),
    schema: { hide: true },
    // Behind the rate limit, and before anything of a body is read.
    preParsing: async (request, reply) => {
      void reply.header('allow', allow);
      const message = `got ${request.method}, want ${allow}`;
      throw new FaultError({ code: 'request.method', message });
    },
    handler: () => undefined,
  });
}
