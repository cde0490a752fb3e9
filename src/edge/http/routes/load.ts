// /v1/load: how busy regions are, by their own word and by what observers were told.

import { mayReportLoad } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { loadFacts, loadReceipt, loadRequest } from '../load-shapes.ts';
import { answerOf } from '../problem.ts';
import { regionParams } from '../requests.ts';
import { mostReports } from './reports.ts';

export function addLoad(app: App, { api, settings }: HttpDoors): void {
  const list = {
    summary: 'How busy each region is, and what it passes on',
    response: { 200: loadFacts },
  };
  app.get('/v1/load', { schema: list }, () => api.loads());

  const add = {
    summary: 'A region says how busy it is',
    security: [{ bearer: [] }],
    params: regionParams,
    body: loadRequest,
    response: { 200: loadReceipt },
  };
  const config = { rateLimit: { max: mostReports } };
  const guard = mayReportLoad(settings);
  app.post('/v1/load/:region', { schema: add, config, ...guard }, (request) =>
    api.addLoad(request.params.region, request.body).then(answerOf),
  );
}
