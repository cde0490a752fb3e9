// /livez, /readyz and /metrics: what machines ask about this director.

import type { App, HttpDoors } from '../app.ts';
import { unlimited } from '../limit.ts';
import { liveness, metricsText, readiness } from '../shapes.ts';

export function addState(app: App, { api, metrics }: HttpDoors): void {
  const live = { summary: 'Whether the process runs', response: { 200: liveness } };
  app.get('/livez', { schema: live, config: unlimited }, () => ({ live: true }));

  const ready = {
    summary: 'Whether queries may be sent here, and if not why',
    response: { 200: readiness, 503: readiness },
  };
  app.get('/readyz', { schema: ready, config: unlimited }, (_request, reply) => {
    const reasons = [...api.unready()];
    void reply.code(reasons.length === 0 ? 200 : 503);
    return { ready: reasons.length === 0, reasons };
  });

  const scrape = {
    summary: 'Metrics of this director',
    produces: ['text/plain'],
    response: { 200: metricsText },
  };
  app.get('/metrics', { schema: scrape }, async (_request, reply) => {
    const { contentType, body } = await metrics();
    return reply.type(contentType).send(body);
  });
}
