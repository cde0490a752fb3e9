// /v1/overrides: an operator's word on a region, given, listed and taken back.

import type { Fault } from '../../../model/fault.ts';
import type { OverrideReport } from '../../../model/report.ts';
import { mayOperate } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { callerOf } from '../caller.ts';
import { requireMatch, sendStrong } from '../etag.ts';
import { createIdempotency } from '../idempotency.ts';
import { answerOf } from '../problem.ts';
import {
  addQuery,
  conditionHeaders,
  endQuery,
  idParams,
  overrideRequest,
  signedOverride,
  writeHeaders,
} from '../requests.ts';
import { overrideReport, overrideReports, safetyReport, unchanged } from '../shapes.ts';

export function addOverrides(app: App, doors: HttpDoors): void {
  const { api, settings } = doors;
  const guard = mayOperate(settings);
  const security = [{ bearer: [] }];
  const known = (id: string): OverrideReport | undefined =>
    api.overrides().find((word) => word.id === id);

  const list = {
    summary: 'Overrides up to their end',
    headers: conditionHeaders,
    response: { 200: overrideReports, 304: unchanged },
  };
  app.get('/v1/overrides', { schema: list }, async (request, reply) =>
    sendStrong(api.overrides(), request, reply),
  );

  const find = {
    summary: 'An override up to its end',
    params: idParams,
    headers: conditionHeaders,
    response: { 200: overrideReport, 304: unchanged },
  };
  app.get('/v1/overrides/:id', { schema: find }, async (request, reply) => {
    const { id } = request.params;
    return sendStrong(answerOf(known(id) ?? unknown(id)), request, reply);
  });

  const add = {
    summary: 'Drain a region or a part of it, or declare it up or down, for some time',
    security,
    querystring: addQuery,
    headers: writeHeaders,
    body: overrideRequest,
    response: { 200: safetyReport, 201: overrideReport },
  };
  const once = createIdempotency(doors);
  app.post('/v1/overrides', { schema: add, ...guard, ...once }, async (request, reply) => {
    if (request.query.dryRun === '1') return answerOf(api.tryOverride(request.body));
    requireMatch(api.overrides(), request);
    const caller = callerOf(request, settings().http);
    const report = answerOf(await api.addOverride(request.body, caller));
    return reply.code(201).header('location', `/v1/overrides/${report.id}`).send(report);
  });
  addChanges(app, doors, known, once);
}

function unknown(id: string): Fault {
  return { code: 'override.unknown', message: `no override has the id "${id.slice(0, 80)}"` };
}

/** What is done to one that there is. */
function addChanges(
  app: App,
  { api, settings }: HttpDoors,
  known: (id: string) => OverrideReport | undefined,
  once: ReturnType<typeof createIdempotency>,
): void {
  const guard = mayOperate(settings);
  const shared = { security: [{ bearer: [] }], params: idParams, headers: writeHeaders };

  const take = {
    summary: 'Hand over an override, or its end, as another director signed it',
    ...shared,
    body: signedOverride,
    response: { 200: overrideReport },
  };
  app.put('/v1/overrides/:id', { schema: take, ...guard, ...once }, (request) => {
    const { id } = request.params;
    requireMatch(known(id), request);
    const caller = callerOf(request, settings().http);
    return api.takeOverride(id, request.body.signed, caller).then(answerOf);
  });

  const end = {
    summary: 'End an override',
    ...shared,
    querystring: endQuery,
    response: { 200: overrideReport },
  };
  app.delete('/v1/overrides/:id', { schema: end, ...guard, ...once }, (request) => {
    const { id } = request.params;
    requireMatch(known(id), request);
    const { actor = 'anonymous', breakGlass, because = '' } = request.query;
    const caller = callerOf(request, settings().http);
    const glass = breakGlass && { rules: breakGlass.split(','), reason: because };
    return api.endOverride(id, actor, caller, glass || undefined).then(answerOf);
  });
}
