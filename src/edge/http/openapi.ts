// OpenAPI: the routes' own shapes, as a document.

import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import type { AboutReport } from '../../model/report.ts';
import { type Operation, withHeaders } from './answer-headers.ts';
import type { App } from './app.ts';
import { unlimited } from './limit.ts';
import { problemShape } from './shapes.ts';

/** Routes added later are described. */
export async function addOpenapi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Meridian', version: '' },
      // The types are those of OpenAPI 3.0, which knew no mutual TLS.
      components: { securitySchemes: securitySchemes as never },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        // A certificate stands for a token wherever one is asked for.
        ...(schema.security && { security: [...schema.security, { certificate: [] }] }),
        // Octets have no shape that could be checked, and so none that a route gives.
        ...(schema.consumes && { body: {} }),
        response: { ...(schema.response as object), ...problemsOf(schema, route) },
      },
    }),
    transformObject: (document) => {
      const { openapiObject } = document as { openapiObject: { paths?: Paths } };
      return { ...openapiObject, paths: describeAnswers(openapiObject.paths) as never };
    },
  });
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer' },
  certificate: {
    type: 'mutualTLS',
    description: 'A client certificate that a token names, where http.tls.clientCa is set',
  },
} as const;

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemShape } },
});

/** Any route may answer with a problem; these have header fields of their own. */
function problemsOf(
  schema: { readonly security?: unknown; readonly headers?: unknown },
  { config }: Pick<RouteOptions, 'config'>,
): object {
  const isGuarded = schema.security !== undefined;
  const { properties = {} } = (schema.headers ?? {}) as { readonly properties?: object };
  return {
    ...(isGuarded && {
      401: problem('Nothing was shown that is known'),
      403: problem('Not this caller'),
    }),
    ...('if-match' in properties && { 412: problem('It is no longer as If-Match says') }),
    ...(config !== unlimited && { 429: problem('Too many in a second') }),
    default: problem('What is wrong (RFC 9457)'),
  };
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

function describeAnswers(paths: Paths = {}): object {
  return mapValues(paths, (operations) => mapValues(operations, withHeaders));
}

function mapValues<In, Out>(of: Readonly<Record<string, In>>, map: (value: In) => Out) {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value)] as const));
}

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
