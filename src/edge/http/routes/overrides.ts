// /v1/overrides: an operator's word on a region, given, listed and taken back.

import { doorOf, mayOperate } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { answerOf } from '../problem.ts';
import { addQuery, endQuery, idParams, overrideRequest, signedOverride } from '../requests.ts';
import { overrideReport, overrideReports, safetyReport } from '../shapes.ts';

export function addOverrides(app: App, { api, settings }: HttpDoors): void {
  const onRequest = mayOperate(settings);
  const security = [{ bearer: [] }];

  const list = { summary: 'Overrides up to their end', response: { 200: overrideReports } };
  app.get('/v1/overrides', { schema: list }, () => api.overrides());

  const add = {
    summary: 'Drain a region or a part of it, or declare it up or down, for some time',
    security,
    querystring: addQuery,
    body: overrideRequest,
    response: { 200: safetyReport, 201: overrideReport },
  };
  app.post('/v1/overrides', { schema: add, onRequest }, async (request, reply) => {
    if (request.query.dryRun === '1') return answerOf(api.tryOverride(request.body));
    const report = answerOf(await api.addOverride(request.body, doorOf(request, settings().http)));
    return reply.code(201).header('location', `/v1/overrides/${report.id}`).send(report);
  });

  const take = {
    summary: 'Hand over an override, or its end, as another director signed it',
    security,
    params: idParams,
    body: signedOverride,
    response: { 200: overrideReport },
  };
  app.put('/v1/overrides/:id', { schema: take, onRequest }, (request) => {
    const door = doorOf(request, settings().http);
    return api.takeOverride(request.params.id, request.body.signed, door).then(answerOf);
  });

  const end = {
    summary: 'End an override',
    security,
    params: idParams,
    querystring: endQuery,
    response: { 200: overrideReport },
  };
  app.delete('/v1/overrides/:id', { schema: end, onRequest }, (request) => {
    const { actor = 'anonymous', breakGlass, because = '' } = request.query;
    const door = doorOf(request, settings().http);
    const glass = breakGlass && { rules: breakGlass.split(','), reason: because };
    return api.endOverride(request.params.id, actor, door, glass || undefined).then(answerOf);
  });
}
