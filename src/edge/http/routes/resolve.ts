// GET /v1/resolve: the decision that DNS would answer with.

import { clientOf } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { resolveQuery } from '../requests.ts';
import { resolveReport } from '../shapes.ts';

export function addResolve(app: App, { api }: HttpDoors): void {
  const schema = {
    summary: 'The answer to a question, and on request why',
    querystring: resolveQuery,
    response: { 200: resolveReport },
  };
  app.get('/v1/resolve', { schema }, (request) => {
    const { name, type = 'A', client, resolver, explain } = request.query;
    const peer = clientOf(request);
    return answerOf(api.resolve({ name, type, client, resolver, explain: explain === '1', peer }));
  });
}
