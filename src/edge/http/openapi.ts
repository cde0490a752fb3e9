// OpenAPI: the routes' own shapes, as a document.

import swagger from '@fastify/swagger';
import type { AboutReport } from '../../model/report.ts';
import type { App } from './app.ts';
import { problemShape } from './shapes.ts';

/** Routes added later are described. */
export async function addOpenapi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Meridian', version: '' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    // Any route may answer with a problem.
    transform: ({ schema, url }) => ({
      url,
      schema: { ...schema, response: { ...(schema.response as object), default: problem } },
    }),
  });
}

const problem = {
  description: 'What is wrong (RFC 9457)',
  content: { 'application/problem+json': { schema: problemShape } },
};

/** The document, with the words that the licence of the GeoIP data asks for. */
export function describe(app: App, { version, geo }: AboutReport): object {
  const description = `A multi-region global traffic director. ${geo.attribution}`.trim();
  return { ...app.swagger(), info: { title: 'Meridian', version, description } };
}

export interface RouteLine {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
}

/** A line for each route in the document. */
export function listRoutes(app: App): RouteLine[] {
  const { paths = {} } = app.swagger() as { paths?: Record<string, Operations> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary = '' }]) => ({
      method: method.toUpperCase(),
      path,
      summary,
    })),
  );
}

type Operations = Readonly<Record<string, { readonly summary?: string }>>;
