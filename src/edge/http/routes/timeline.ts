// GET /v1/timeline: what happened here of late, and on whose word.

import { mayFollow } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { timelineQuery } from '../requests.ts';
import { timelinePage } from '../shapes.ts';

export function addTimeline(app: App, { api, settings }: HttpDoors): void {
  const schema = {
    summary: 'What moved traffic here of late, or could have; oldest first, page by page',
    security: [{ bearer: [] }],
    querystring: timelineQuery,
    response: { 200: timelinePage },
  };
  app.get('/v1/timeline', { schema, ...mayFollow(settings) }, (request) => {
    const { limit, ...wanted } = request.query;
    return answerOf(
      api.timeline({ ...wanted, limit: limit === undefined ? undefined : Number(limit) }),
    );
  });
}
