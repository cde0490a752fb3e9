// The shape of what is said of health: regions, votes, and the fleet's directors.

import type { TSchema } from 'typebox';
import type {
  HealthReport,
  ObserverReport,
  RecoveryReport,
  RegionHealthReport,
  RegionReport,
  VoteReport,
} from '../../model/report.ts';
import { Type } from '../../schema.ts';
import { shapeOf } from './shape-of.ts';
import { moment, overrideReport, refusals, texts } from './shapes.ts';

const epoch = Type.Number({ description: 'Number of the snapshot; it grows at each change' });

const vote = shapeOf<VoteReport>()(
  Type.Object({
    region: Type.String({ description: 'Where the observer stands' }),
    observer: Type.String(),
    verdict: Type.String(),
    ageSeconds: Type.Number(),
    latencyMs: Type.Union([Type.Number(), Type.Null()]),
    reason: Type.String(),
  }),
);

const recovery = shapeOf<RecoveryReport>()(
  Type.Object({
    stage: Type.Enum(['out', 'holding', 'half-open', 'open']),
    share: Type.Number({ description: 'Share of client networks that may be sent there, 0 to 1' }),
    nextAt: Type.Union([moment, Type.Null()], {
      description: 'When the next stage begins, if the region stays up',
    }),
    trips: Type.Number({ description: 'How often it went down again soon after it was back' }),
  }),
);

const next = Type.Object(
  {
    change: Type.Enum(['up', 'down', 'unknown', 'half-open', 'open', 'override-ends']),
    at: moment,
  },
  { description: 'What may change of itself, and never before `at`' },
);

const loadFrom = Type.Object({
  source: Type.Enum(['report', 'applications', 'probes']),
  ageSeconds: Type.Number(),
});

const region = {
  region: Type.String(),
  title: Type.String(),
  verdict: Type.String(),
  isKept: Type.Boolean({ description: 'An old verdict, kept for want of fresh votes' }),
  isSuspect: Type.Boolean(),
  since: moment,
  votes: Type.Array(vote),
  override: Type.Union([overrideReport, Type.Null()], { description: 'On all of it' }),
  overrides: Type.Array(overrideReport, {
    description: 'Also those within one service and on one address',
  }),
  load: Type.Union([Type.Number(), Type.Null()], { description: 'Share of capacity; 1 is full' }),
  connections: Type.Union([Type.Number(), Type.Null()]),
  loadFrom: Type.Union([loadFrom, Type.Null()], { description: 'Whose word that is' }),
  shed: Type.Number({
    description: 'Share of client networks, 0 to 1, that it passes on because it is too busy',
  }),
  next: Type.Union([next, Type.Null()]),
  recovery,
};

const regionReport = shapeOf<RegionReport>()(Type.Object(region));

export const regionHealthReport = tagged(
  shapeOf<RegionHealthReport>()(Type.Object({ ...region, epoch })),
);

const observer = shapeOf<ObserverReport>()(
  Type.Object({
    observer: Type.String(),
    region: Type.String({ description: 'Where it stands' }),
    ageSeconds: Type.Number(),
    isHeard: Type.Boolean({ description: 'Whether that is new enough to count' }),
    isIsolated: Type.Boolean({ description: 'Sees all down that others see up; left out' }),
    configuration: Type.Union([Type.String(), Type.Null()]),
    epoch: Type.Union([Type.Number(), Type.Null()]),
    release: Type.Union([Type.String(), Type.Null()]),
    missing: Type.Union([
      Type.Array(Type.String(), { description: 'Observing regions that it does not hear' }),
      Type.Null(),
    ]),
    lostBoards: Type.Union([Type.Number(), Type.Null()]),
    sees: Type.Record(Type.String(), Type.String(), { description: 'Its verdict on each region' }),
  }),
);

export const healthReport = tagged(
  shapeOf<HealthReport>()(
    Type.Object({
      director: Type.String(),
      region: Type.String(),
      epoch,
      configuration: Type.String(),
      missingObservers: texts,
      observer: Type.Enum(['counted', 'isolated', 'uncounted'], {
        description: "What becomes of this director's own votes",
      }),
      files: Type.Object(
        {
          areGood: Type.Boolean({ description: 'False: the last good configuration is in force' }),
          goodAt: moment,
          faultCount: Type.Number(),
          faults: Type.Array(Type.String(), { description: 'The first hundred, a line each' }),
        },
        { description: "This director's configuration files as they were last read" },
      ),
      isMixed: Type.Boolean({
        description: 'Directors that are heard run different configurations',
      }),
      configurations: Type.Array(Type.Object({ configuration: Type.String(), directors: texts })),
      observers: Type.Array(observer),
      gossip: Type.Enum(['alone', 'fresh', 'partial', 'peers', 'isolated']),
      boards: Type.Array(Type.Object({ board: Type.String(), isUp: Type.Boolean() })),
      regions: Type.Array(regionReport),
      broken: Type.Optional(refusals),
      undrilled: Type.Optional(Type.Array(Type.String())),
    }),
  ),
);

/** With the header that says how to ask whether it still holds. */
function tagged<S extends TSchema>(schema: S): S {
  return { ...schema, headers: { etag: Type.String({ description: 'For If-None-Match' }) } };
}
