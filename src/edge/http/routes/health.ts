// GET /v1/health and /v1/health/{region}: what the fleet concludes, and from which votes.

import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { regionParams } from '../requests.ts';
import { healthReport, regionReport } from '../health-shapes.ts';

export function addHealth(app: App, { api }: HttpDoors): void {
  const all = { summary: 'Health of every region', response: { 200: healthReport } };
  app.get('/v1/health', { schema: all }, () => api.health());

  const one = {
    summary: 'Health of one region',
    params: regionParams,
    response: { 200: regionReport },
  };
  app.get('/v1/health/:region', { schema: one }, (request) =>
    answerOf(api.regionHealth(request.params.region)),
  );
}
