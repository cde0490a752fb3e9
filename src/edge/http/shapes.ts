// The shape of every answer.

import type { Readable } from 'node:stream';
import type { TimelinePage } from '../../model/audit.ts';
import type {
  AboutReport,
  OverrideReport,
  RegionFacts,
  ResolveReport,
  ServiceFacts,
} from '../../model/report.ts';
import type { SafetyReport } from '../../model/safety.ts';
import { Type } from '../../schema.ts';
import type { PeerPage } from '../peer-board.ts';
import { overrideKind } from './requests.ts';
import { shapeOf } from './shape-of.ts';
import { trailShape } from './trail-shapes.ts';

export const texts = Type.Array(Type.String());
export const moment = Type.String({ description: 'ISO 8601 in UTC' });
const refusal = Type.Object({
  rule: Type.String({ description: 'The name of a safety rule' }),
  message: Type.String({ description: 'The figures, and what would satisfy it' }),
});
export const refusals = Type.Array(refusal, { description: 'What each safety rule says' });

export const problemShape = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'A stable word for what is wrong' }),
    field: Type.Optional(Type.String({ description: 'The field at fault' })),
    rules: Type.Optional(refusals),
    request: Type.Optional(
      Type.String({ description: 'X-Request-Id: what the logs call this request' }),
    ),
  },
  { description: 'What is wrong (RFC 9457)' },
);

export const resolveReport = shapeOf<ResolveReport>()(
  Type.Object({
    name: Type.String(),
    type: Type.String(),
    client: Type.String(),
    status: Type.String({ description: "The response code's name" }),
    answers: Type.Array(
      Type.Object({ type: Type.String(), data: Type.String(), ttl: Type.Number() }),
    ),
    ttl: Type.Number({ description: 'seconds' }),
    regions: texts,
    scope: Type.Number({ description: 'RFC 7871 scope prefix length' }),
    epoch: Type.Number(),
    decisionId: Type.String(),
    note: Type.Optional(Type.String()),
    trail: Type.Optional(trailShape),
  }),
);

const override = Type.Object({
  id: Type.String(),
  region: Type.String(),
  kind: overrideKind,
  actor: Type.String(),
  reason: Type.String(),
  start: moment,
  end: moment,
  isActive: Type.Boolean(),
  service: Type.Optional(Type.String({ description: 'The service that it is within' })),
  endpoint: Type.Optional(Type.String({ description: 'The address of the region that it is on' })),
  share: Type.Optional(
    Type.Number({ description: 'Of client networks; all where it is left out' }),
  ),
  isPermanent: Type.Optional(
    Type.Literal(true, { description: 'It lasts until somebody ends it; `end` is far away' }),
  ),
  breakGlass: Type.Optional(
    Type.Object(
      { rules: texts, reason: Type.String() },
      { description: 'Safety rules that it was given in spite of' },
    ),
  ),
  posted: Type.Optional(Type.Number({ description: 'On how many boards it stands' })),
  boards: Type.Optional(Type.Number({ description: 'Of how many' })),
  withheld: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Services that are left without any region, for some of their clients at least',
    }),
  ),
  signed: Type.Optional(
    Type.String({ description: 'For PUT at another director, where no board brings it there' }),
  ),
});

export const overrideReport = shapeOf<OverrideReport>()(override);

export const safetyReport = shapeOf<SafetyReport>()(
  Type.Object({
    isAllowed: Type.Boolean({ description: 'It would be taken as it stands' }),
    checked: Type.Array(Type.String(), { description: 'Every rule that it was held against' }),
    refusals,
  }),
);

export const overrideReports = shapeOf<readonly OverrideReport[]>()(Type.Array(override));

export const regionFacts = shapeOf<readonly RegionFacts[]>()(
  Type.Array(
    Type.Object({
      region: Type.String(),
      title: Type.String(),
      country: Type.String(),
      latitude: Type.Number(),
      longitude: Type.Number(),
      ipv4: texts,
      ipv6: texts,
      weight: Type.Number(),
      bias: Type.Number(),
      nameserver: texts,
    }),
  ),
);

const floorReport = Type.Object({
  least: Type.Number(),
  unit: Type.Union([Type.Literal('regions'), Type.Literal('percent')]),
  below: Type.Union([Type.Literal('keep'), Type.Literal('fail-open')]),
  down: Type.Array(Type.String(), { description: 'Down, and named for the sake of the floor' }),
  early: Type.Array(Type.String(), {
    description: 'Coming back, with all clients at once for its sake',
  }),
});

export const serviceFacts = shapeOf<readonly ServiceFacts[]>()(
  Type.Array(
    Type.Object({
      name: Type.String(),
      zone: Type.String(),
      regions: texts,
      steps: texts,
      ttl: Type.Object({ stable: Type.Number(), short: Type.Number() }),
      floor: Type.Union([floorReport, Type.Null()]),
    }),
  ),
);

export const aboutReport = shapeOf<AboutReport>()(
  Type.Object({
    version: Type.String(),
    director: Type.String(),
    geo: Type.Object({
      source: Type.String(),
      dataDate: Type.Union([moment, Type.Null()]),
      attribution: Type.String({ description: "What the data's licence asks to be said" }),
    }),
  }),
);

export const redirection = Type.Null({
  description: 'To the same path below the base URL of the region',
  headers: {
    location: Type.String(),
    'meridian-region': Type.String({ description: 'the id of the region' }),
    'set-cookie': Type.Optional(
      Type.String({
        description: 'what holds the client at this region, where the service says so',
      }),
    ),
  },
});

export const peerPage = shapeOf<PeerPage>()(
  Type.Object({
    life: Type.String({ description: 'New at each start of this director' }),
    slots: Type.Array(
      Type.Object({ slot: Type.String(), value: Type.String(), remainingMs: Type.Number() }),
    ),
  }),
);

export const postedVote = Type.Null({ description: 'It is on the board' });

export const routeIndex = Type.Object({
  name: Type.String(),
  version: Type.String(),
  director: Type.String(),
  routes: Type.Array(
    Type.Object({ method: Type.String(), path: Type.String(), summary: Type.String() }),
  ),
});

export const openapiDocument = Type.Object({}, { additionalProperties: true });

export const eventStream = Type.Unsafe<Readable>(
  Type.String({
    description:
      'Each event has an id, its type as the name, and JSON as data. First comes `start`, or what was ' +
      'missed since Last-Event-ID, or `missed` where that is no longer known: look at /v1/health then',
    headers: {
      'x-accel-buffering': Type.String({ description: 'no: a proxy passes on each event at once' }),
    },
  }),
);

export const timelinePage = Type.Unsafe<TimelinePage>(
  Type.Object({
    director: Type.String(),
    now: moment,
    remembersSince: Type.String({
      description: 'ISO 8601 in UTC; what was before is in its files alone',
    }),
    head: Type.Union([
      Type.Object(
        { seq: Type.Number(), hash: Type.String() },
        { description: 'The newest on disk' },
      ),
      Type.Null(),
    ]),
    entries: Type.Array(
      Type.Object(
        { at: moment, event: Type.String() },
        { additionalProperties: true, description: 'What else there is depends on the event' },
      ),
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: 'For `after`; null at the end' }),
  }),
);

export const unchanged = Type.Null({
  description: 'It still says what you hold (If-None-Match)',
});

export const metricsText = Type.String({ description: 'Prometheus text format' });

export const liveness = Type.Object({ live: Type.Boolean() });

export const readiness = Type.Object({
  ready: Type.Boolean(),
  reasons: texts,
});
