// GET /go/{name}/…: sends a client that only speaks HTTP to the region that is best for it.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { goBelowParams, goParams } from '../requests.ts';
import { redirection } from '../shapes.ts';

export function addGo(app: App, { api }: HttpDoors): void {
  const summary = 'A redirect to the best region, with the rest of the path and the query';
  const response = { 307: redirection };
  const send = (name: string, request: FastifyRequest, reply: FastifyReply): void => {
    const asked = { name, peer: clientOf(request), affinity: affinityIn(request.headers.cookie) };
    const { region, url, affinity } = answerOf(api.redirect(asked));
    const headers = { location: locate(url, request.url), 'meridian-region': region };
    if (affinity !== undefined) {
      // Sent back below this name alone, and told to no script (RFC 6265 §4.1.2).
      const path = `/go/${encodeURIComponent(name)}`;
      const words = `Max-Age=${affinity.seconds}; Path=${path}; HttpOnly; SameSite=Lax`;
      const secure = request.protocol === 'https' ? '; Secure' : '';
      void reply.header('set-cookie', `${cookie}=${affinity.value}; ${words}${secure}`);
    }
    void reply.code(307).headers(headers).send();
  };
  app.get('/go/:name', { schema: { summary, params: goParams, response } }, (request, reply) =>
    send(request.params.name, request, reply),
  );
  app.get(
    '/go/:name/*',
    { schema: { summary, params: goBelowParams, response } },
    (request, reply) => send(request.params.name, request, reply),
  );
}

const cookie = 'meridian-affinity';

/** The first cookie of that name, as its client sent it. */
function affinityIn(header: string | undefined): string | undefined {
  const pairs = header?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
}

/**
 * The rest of the path below the base URL. Scheme, host and port come from the base alone; the URL
 * parser takes out `.` and `..`, in every spelling, so that nothing climbs above the base's path.
 * Node's HTTP parser lets nothing but graphic ASCII come this far.
 */
function locate(base: URL, asked: string): string {
  const [, rest = '', query = ''] = target.exec(asked) ?? [];
  const { pathname } = new URL(`http://host/${rest}`);
  return base.origin + base.pathname.replace(/\/$/, '') + pathname + query;
}

/** Whole URLs are taken as well (RFC 9112 §3.2.2): whose host they name is no matter. */
const target = /^(?:https?:\/\/[^/?#]*)?\/[^/?#]*\/[^/?#]*\/?([^?#]*)(\?[^#]*)?/i;
