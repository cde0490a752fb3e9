// GET /v1/clients: the networks that ask, for those who may know it; as JSON, or all of them as CSV.

import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mayRead } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { clientForms, clientsAccepted, clientsQuery } from '../client-shapes.ts';

export function addClients(app: App, { api, settings }: HttpDoors): void {
  const schema = {
    summary: 'Client networks: the busiest and where they are sent now, or all of them as CSV',
    security: [{ bearer: [] }],
    querystring: clientsQuery,
    headers: clientsAccepted,
    response: { 200: clientForms },
  };
  const guard = mayRead(settings);
  app.get('/v1/clients', { schema, ...guard }, async (request, reply) => {
    const { format, limit = '100' } = request.query;
    const wantsCsv = format === undefined && isCsv(request.headers.accept);
    if (format !== 'csv' && !wantsCsv) return api.clients(Number(limit));
    const lines = Readable.from(oneByOne(api.clientLines()), { objectMode: false });
    return reply.type('text/csv; charset=utf-8; header=present').send(lines as never);
  });
}

/** What a browser or curl accepts is everything, which is JSON here. */
function isCsv(accept: string | undefined): boolean {
  return accept?.split(',').some((type) => type.trim().split(';', 1)[0] === 'text/csv') ?? false;
}

/** Queries are answered between two pieces. */
async function* oneByOne(pieces: Iterable<string>): AsyncGenerator<string> {
  for (const piece of pieces) {
    yield piece;
    await nextTurn();
  }
}
