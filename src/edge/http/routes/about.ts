// /, /v1/about and /openapi.json: what this is, whose data it stands on, and what can be asked.

import type { App, HttpDoors } from '../app.ts';
import { describe, listRoutes } from '../openapi.ts';
import { aboutReport, openapiDocument, routeIndex } from '../shapes.ts';

export function addAbout(app: App, { api }: HttpDoors): void {
  const home = { summary: 'Every route', response: { 200: routeIndex } };
  app.get('/', { schema: home }, () => {
    const { version, director } = api.about();
    return { name: 'meridian', version, director, routes: listRoutes(app) };
  });

  const about = {
    summary: 'Version, and source and licence of the GeoIP data',
    response: { 200: aboutReport },
  };
  app.get('/v1/about', { schema: about }, () => api.about());

  const document = {
    summary: 'This interface as OpenAPI 3.1',
    response: { 200: openapiDocument },
  };
  app.get('/openapi.json', { schema: document }, () => describe(app, api.about()));
}
