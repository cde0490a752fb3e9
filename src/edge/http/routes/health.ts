// GET /v1/health and /v1/health/{region}: what the fleet concludes, and from which votes.

import type { App, HttpDoors } from '../app.ts';
import { sendTagged } from '../etag.ts';
import { healthReport, regionHealthReport } from '../health-shapes.ts';
import { createLongPoll } from '../long-poll.ts';
import { answerOf } from '../problem.ts';
import { conditionHeaders, regionParams, waitQuery } from '../requests.ts';
import { unchanged } from '../shapes.ts';

export function addHealth(app: App, doors: HttpDoors): void {
  const { api } = doors;
  const waitFor = createLongPoll(app, doors);
  const asked = { querystring: waitQuery, headers: conditionHeaders };
  const all = {
    summary: 'Health of every region; with `wait` and `epoch`, once it has changed',
    ...asked,
    response: { 200: healthReport, 304: unchanged },
  };
  app.get('/v1/health', { schema: all }, async (request, reply) => {
    await waitFor(request.query, request, reply);
    return sendTagged(api.health(), request, reply);
  });

  const one = {
    summary: 'Health of one region; with `wait` and `epoch`, once anything has changed',
    params: regionParams,
    ...asked,
    response: { 200: regionHealthReport, 304: unchanged },
  };
  app.get('/v1/health/:region', { schema: one }, async (request, reply) => {
    const { region } = request.params;
    // Whoever asks for a region that there is not need not wait to learn it.
    answerOf(api.regionHealth(region));
    await waitFor(request.query, request, reply);
    return sendTagged(answerOf(api.regionHealth(region)), request, reply);
  });
}
