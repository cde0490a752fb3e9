// /v1/drills: a rehearsed failover, begun, followed, and broken off.

import { mayOperate } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { drillReport, drillReports, drillRequest } from '../drill-shapes.ts';
import { answerOf } from '../problem.ts';
import { endQuery, idParams } from '../requests.ts';

export function addDrills(app: App, { api, settings }: HttpDoors): void {
  const onRequest = mayOperate(settings);
  const security = [{ bearer: [] }];

  const list = {
    summary: 'Drills of this director, the newest first',
    response: { 200: drillReports },
  };
  app.get('/v1/drills', { schema: list }, () => api.drills());

  const start = {
    summary:
      'Begin a drill, which this director runs: a region is drained step by step, and returns',
    security,
    body: drillRequest,
    response: { 201: drillReport },
  };
  app.post('/v1/drills', { schema: start, onRequest }, async (request, reply) => {
    const report = answerOf(await api.startDrill(request.body));
    return reply.code(201).header('location', `/v1/drills/${report.id}`).send(report);
  });

  const find = {
    summary: 'How far a drill is, and what was measured',
    params: idParams,
    response: { 200: drillReport },
  };
  app.get('/v1/drills/:id', { schema: find }, (request) => answerOf(api.drill(request.params.id)));

  const abort = {
    summary: 'Abort a drill: its word is taken back, and nothing more is said',
    security,
    params: idParams,
    querystring: endQuery,
    response: { 200: drillReport },
  };
  app.delete('/v1/drills/:id', { schema: abort, onRequest }, (request) => {
    const { actor = 'anonymous' } = request.query;
    return api.abortDrill(request.params.id, actor).then(answerOf);
  });
}
