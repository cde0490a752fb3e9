// /v1/drills: a rehearsed failover, begun, followed, and broken off.

import type { FastifyRequest } from 'fastify';
import { FaultError } from '../../../model/fault.ts';
import { preferred } from '../accept.ts';
import { mayOperate } from '../access.ts';
import type { App, HttpDoors } from '../app.ts';
import { callerOf } from '../caller.ts';
import {
  drillAges,
  drillReport,
  drillReportForms,
  drillReports,
  drillRequest,
} from '../drill-shapes.ts';
import { requireMatch, sendStrong } from '../etag.ts';
import { createIdempotency } from '../idempotency.ts';
import { answerOf } from '../problem.ts';
import { conditionHeaders, endQuery, formHeaders, idParams, writeHeaders } from '../requests.ts';
import { unchanged } from '../shapes.ts';

const security = [{ bearer: [] }];

export function addDrills(app: App, doors: HttpDoors): void {
  const { api, settings } = doors;
  const guard = mayOperate(settings);

  const list = {
    summary: 'Drills of this director, the newest first',
    headers: conditionHeaders,
    response: { 200: drillReports, 304: unchanged },
  };
  app.get('/v1/drills', { schema: list }, async (request, reply) =>
    sendStrong(api.drills(), request, reply),
  );

  const ages = {
    summary: 'When each region was drilled, as far as this director knows',
    response: { 200: drillAges },
  };
  app.get('/v1/drills/regions', { schema: ages }, () => api.drillAges());

  const start = {
    summary:
      'Begin a drill, which this director runs: a region is drained step by step, and returns',
    security,
    headers: writeHeaders,
    body: drillRequest,
    response: { 201: drillReport },
  };
  const once = createIdempotency(doors);
  app.post('/v1/drills', { schema: start, ...guard, ...once }, async (request, reply) => {
    requireMatch(api.drills(), request);
    const caller = callerOf(request, settings().http);
    const report = answerOf(await api.startDrill(request.body, caller));
    return reply.code(201).header('location', `/v1/drills/${report.id}`).send(report);
  });
  addDrill(app, doors, once);
}

const forms = ['application/json', 'text/html', 'text/markdown'] as const;

function formOf({ headers }: FastifyRequest): (typeof forms)[number] {
  const form = preferred(headers.accept, forms);
  if (form !== undefined) return form;
  const message = `want an Accept that takes one of ${forms.join(', ')}`;
  throw new FaultError({ code: 'request.not-acceptable', path: '/accept', message });
}

/** What can be asked and said of one. */
function addDrill(
  app: App,
  { api, settings, drillForms }: HttpDoors,
  once: ReturnType<typeof createIdempotency>,
): void {
  const find = {
    summary: 'How far a drill is, and what was measured: as JSON, a page or Markdown',
    params: idParams,
    headers: formHeaders,
    response: { 200: drillReportForms, 304: { ...unchanged, headers: drillReportForms.headers } },
  };
  app.get('/v1/drills/:id', { schema: find }, async (request, reply) => {
    void reply.header('vary', 'Accept');
    const report = answerOf(api.drill(request.params.id));
    const form = formOf(request);
    if (form === 'application/json') return sendStrong(report, request, reply);
    void reply.type(`${form}; charset=utf-8`);
    if (form === 'text/markdown') return sendStrong(drillForms.markdown(report), request, reply);
    void reply.header('content-security-policy', drillForms.policy);
    return sendStrong(drillForms.html(report), request, reply);
  });

  const abort = {
    summary: 'Abort a drill: its word is taken back, and nothing more is said',
    security,
    params: idParams,
    headers: writeHeaders,
    querystring: endQuery,
    response: { 200: drillReport },
  };
  const guard = mayOperate(settings);
  app.delete('/v1/drills/:id', { schema: abort, ...guard, ...once }, (request) => {
    const { actor = 'anonymous' } = request.query;
    requireMatch(answerOf(api.drill(request.params.id)), request);
    const caller = callerOf(request, settings().http);
    return api.abortDrill(request.params.id, actor, caller).then(answerOf);
  });
}
