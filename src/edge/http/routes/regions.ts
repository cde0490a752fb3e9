// GET /v1/regions: the regions as they are configured.

import type { App, HttpDoors } from '../app.ts';
import { regionFacts } from '../shapes.ts';

export function addRegions(app: App, { api }: HttpDoors): void {
  const schema = { summary: 'Every region as configured', response: { 200: regionFacts } };
  app.get('/v1/regions', { schema }, () => api.regions());
}
