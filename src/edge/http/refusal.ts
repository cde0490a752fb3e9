// Refusals: writes that were refused, and requests that nobody may make, as they are recorded.

import type { FastifyRequest } from 'fastify';
import { faultRegistry } from '../../model/fault.ts';
import type { RefusalChange } from '../../model/refusal.ts';
import type { Settings } from '../../model/settings.ts';
import { doorOf, isUnwelcome } from './access.ts';
import { strangerOf } from './caller.ts';
import { isWrite } from './limit.ts';
import { reasonOf } from './problem.ts';

/** A reason may name what was asked for, which may be long. */
const longest = { message: 1000, word: 200 };

/** Undefined where nothing was refused that is to be recorded here. */
export function refusalOf(
  request: FastifyRequest,
  http: Settings['http'],
): RefusalChange | undefined {
  const fault = reasonOf(request);
  const { url: route } = request.routeOptions;
  // What leads nowhere could not have moved anything.
  if (fault === undefined || route === undefined) return undefined;
  const { code, message } = fault;
  const isStranger =
    code === 'request.unauthorized' || code === 'request.forbidden' || isUnwelcome(request);
  // Safety rules have told of it themselves.
  if (code === 'safety.refused' || (!isStranger && !isWrite(request))) return undefined;
  const { door: name, ...stranger } = strangerOf(request, http);
  // Without tokens it is the place that counts.
  const isAtHome = http.tokens.length === 0 && !isStranger;
  const door = isAtHome ? doorOf(request, http) : name;
  return {
    type: 'refusal',
    what: `${request.method} ${route}`,
    tried: isStranger ? {} : triedOf(request),
    status: faultRegistry[code].status,
    code,
    message: message.slice(0, longest.message),
    door,
    ...stranger,
  };
}

/** Of what the routes know; whoever may not write at all has no words of their own in our log. */
const told = [
  'id',
  'region',
  'name',
  'kind',
  'service',
  'endpoint',
  'share',
  'for',
  'actor',
  'reason',
] as const;

function triedOf({ params, query, body }: FastifyRequest): RefusalChange['tried'] {
  const tried: Record<string, string | number> = {};
  for (const part of [body, query, params]) {
    if (typeof part !== 'object' || part === null) continue;
    for (const name of told) {
      const value = (part as Readonly<Record<string, unknown>>)[name];
      if (typeof value === 'number') tried[name] = value;
      else if (typeof value === 'string') tried[name] = value.slice(0, longest.word);
    }
  }
  return tried;
}
