// Callers: who is behind a request, as it is written down.

import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../model/caller.ts';
import { formatIp } from '../../model/ip.ts';
import type { Settings } from '../../model/settings.ts';
import { clientOf, doorOf } from './access.ts';
import { doorNameOf, knownTokens } from './held.ts';

/** Of a request that may operate. */
export function callerOf(request: FastifyRequest, http: Settings['http']): Caller {
  const client = formatIp(clientOf(request));
  return { door: doorOf(request, http), client, request: request.id };
}

/** Of one that was refused: the name of the token that it holds, if that is known. */
export function strangerOf(request: FastifyRequest, http: Settings['http']): Required<Caller> {
  const [token] = knownTokens(request, http.tokens);
  const door = token === undefined ? 'nobody' : doorNameOf(token);
  return { door, client: formatIp(clientOf(request)), request: request.id };
}
