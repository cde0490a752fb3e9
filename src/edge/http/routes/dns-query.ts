// GET and POST /dns-query: DNS messages over HTTP (RFC 8484).

import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../../../model/fault.ts';
import type { Respond } from '../../../ports.ts';
import { freshnessOf } from '../../../wire/freshness.ts';
import { clientOf } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { dnsMessage, dnsQuery } from '../requests.ts';

const mediaType = 'application/dns-message';

/** No honest query comes near: the decoder takes one question and one OPT. */
const longestQuery = 4096;

/** Requests a second from one address, which may be that of a resolver for many. */
const mostQueries = 2000;

/** Without a way to answer DNS there is no such address. */
export function addDnsQuery(app: App, { respond }: HttpDoors): void {
  if (respond === undefined) return;
  app.addContentTypeParser(
    mediaType,
    { parseAs: 'buffer', bodyLimit: longestQuery },
    (_request, body, done) => done(null, body),
  );
  const summary = 'A DNS query in wire form (RFC 8484)';
  const config = { rateLimit: { max: mostQueries } };
  const response = { 200: dnsMessage };
  app.get(
    '/dns-query',
    { schema: { summary, querystring: dnsQuery, response }, config },
    (request, reply) => answer(readParameter(request.query.dns), request, reply, respond),
  );
  app.post(
    '/dns-query',
    { schema: { summary, consumes: [mediaType], response }, config },
    (request, reply) => {
      if (!Buffer.isBuffer(request.body)) {
        const message = `want a body of type ${mediaType}`;
        throw new FaultError({ code: 'request.media-type', message });
      }
      return answer(request.body, request, reply, respond);
    },
  );
}

function readParameter(text: string): Buffer {
  const octets = Buffer.from(text, 'base64url');
  // §6: without padding; decoding forgives stray characters, a resolver should not rely on that.
  if (octets.toString('base64url') === text && octets.length <= longestQuery) return octets;
  const message = 'want a DNS message in base64url without padding';
  throw new FaultError({ code: 'request.invalid', path: '/dns', message });
}

function answer(
  query: Buffer,
  request: FastifyRequest,
  reply: FastifyReply,
  respond: Respond,
): FastifyReply {
  // The answer goes back on its connection, so the port says nothing; 0 would mean a forged one.
  const peer = { address: clientOf(request), port: 443, transport: 'https' } as const;
  const message = respond(query, peer);
  if (message === undefined) {
    throw new FaultError({
      code: 'request.invalid',
      message: 'want a DNS query, at least a header',
    });
  }
  // §5.1: as fresh as its shortest record; §4.2.1: every code of DNS is a success of HTTP.
  // What one client is told may be wrong for the next, so no cache between may share it.
  const cacheControl = `private, max-age=${freshnessOf(message)}`;
  return reply.headers({ 'content-type': mediaType, 'cache-control': cacheControl }).send(message);
}
