// /v1/reports: what applications say of themselves, taken in and listed.

import { mayReport } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { reportParams, reportRequest, selfReport, selfReports } from '../self-report-shapes.ts';

/** Reports a second from one address, which may be that of many applications: each goes to every board. */
export const mostReports = 20;

export function addReports(app: App, { api, settings }: HttpDoors): void {
  const list = {
    summary: 'What each application last said of itself',
    response: { 200: selfReports },
  };
  app.get('/v1/reports', { schema: list }, () => api.reports());

  const add = {
    summary: 'An application says of itself how it is',
    security: [{ bearer: [] }],
    params: reportParams,
    body: reportRequest,
    response: { 200: selfReport },
  };
  const config = { rateLimit: { max: mostReports } };
  const guard = mayReport(settings);
  app.post('/v1/reports/:region/:name', { schema: add, config, ...guard }, (request) => {
    const { region, name } = request.params;
    return api.addReport(region, name, request.body).then(answerOf);
  });
}
