// GET /v1/services: the steered names as they are configured.

import type { App, HttpDoors } from '../app.ts';
import { serviceFacts } from '../shapes.ts';

export function addServices(app: App, { api }: HttpDoors): void {
  const schema = { summary: 'Every steered name as configured', response: { 200: serviceFacts } };
  app.get('/v1/services', { schema }, () => api.services());
}
