// The shapes of /v1/clients: what it is asked, and what it answers.

import type { ClientReport, ClientsReport } from '../../model/clients-report.ts';
import { Type } from '../../schema.ts';
import { shapeOf } from './shape-of.ts';
import { moment } from './shapes.ts';

export const clientsQuery = Type.Object(
  {
    format: Type.Optional(Type.Enum(['json', 'csv'], { description: 'json or csv' })),
    limit: Type.Optional(
      Type.String({
        pattern: '^(0|[1-9]\\d{0,2}|1000)$',
        description: 'a whole number up to 1000: how many of the busiest, in JSON',
      }),
    ),
  },
  { additionalProperties: false },
);

export const clientsAccepted = Type.Object({
  accept: Type.Optional(Type.String({ description: 'text/csv for all of them as CSV' })),
});

const client = shapeOf<ClientReport>()(
  Type.Object({
    network: Type.String({ description: 'At most a /24 or a /56' }),
    name: Type.String(),
    by: Type.Union([Type.Literal('subnet'), Type.Literal('resolver')]),
    weight: Type.Number({ description: 'Queries, at least' }),
    error: Type.Number({ description: 'How many more there may be' }),
    share: Type.Number({ description: 'Of all queries, 0 to 1' }),
    region: Type.Union([Type.String(), Type.Null()], { description: 'Where it is sent now' }),
  }),
);

const clientsReport = shapeOf<ClientsReport>()(
  Type.Object({
    director: Type.String(),
    isCollecting: Type.Boolean(),
    since: Type.Union([moment, Type.Null()]),
    until: Type.Union([moment, Type.Null()]),
    halfLifeSeconds: Type.Number(),
    total: Type.Number({ description: 'Queries so far, as they count by now' }),
    resolverShare: Type.Number({ description: 'Share asked by resolvers that name no client' }),
    networks: Type.Number({ description: 'How many networks asked, within about 2 %' }),
    outsideShare: Type.Number({ description: 'Share of queries that no kept network has surely' }),
    outside: Type.Array(Type.Object({ region: Type.String(), weight: Type.Number() }), {
      description: 'Where those were sent',
    }),
    clients: Type.Array(client, { description: 'The busiest first' }),
  }),
);

/** The report in both of its forms. */
export const clientForms = {
  description: 'The busiest as JSON, or all of them as CSV',
  content: {
    'application/json': { schema: clientsReport },
    'text/csv': { schema: Type.String({ description: 'A line for each network, below a head' }) },
  },
};
