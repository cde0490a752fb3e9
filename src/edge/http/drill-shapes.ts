// The shapes of drills: what is asked for, and what is told of them.

import type { DrillReport, DrillRequest } from '../../model/drill.ts';
import type { DrillAge } from '../../model/drill-schedule.ts';
import { Type } from '../../schema.ts';
import { directorReport } from './measure-shapes.ts';
import { numberReport, numberWish } from './number-shapes.ts';
import { shapeOf } from './shape-of.ts';
import { moment } from './shapes.ts';

const span = (example: string) =>
  Type.String({ minLength: 1, maxLength: 20, description: `a time such as ${example}` });

const step = Type.Object(
  {
    share: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'a share of client networks above 0 up to 1',
    }),
    hold: span('5m'),
  },
  { additionalProperties: false },
);

export const drillRequest = shapeOf<DrillRequest>()(
  Type.Object(
    {
      region: Type.String({ minLength: 1, maxLength: 40, description: 'the id of a region' }),
      service: Type.Optional(
        Type.String({ minLength: 1, maxLength: 1024, description: 'a steered name' }),
      ),
      steps: Type.Array(step, {
        minItems: 1,
        maxItems: 10,
        description: '1 to 10 steps whose shares grow',
      }),
      lowerTtl: Type.Optional(
        Type.Boolean({ description: 'false to begin while answers with the long TTL are held' }),
      ),
      abortIf: Type.Optional(
        Type.Object(
          {
            load: Type.Optional(
              Type.Number({
                exclusiveMinimum: 0,
                maximum: 10,
                description: 'a share of its capacity that no other region may be above',
              }),
            ),
            numbers: Type.Optional(
              Type.Array(numberWish, { maxItems: 8, description: 'at most 8 numbers to read' }),
            ),
          },
          { additionalProperties: false },
        ),
      ),
      objectives: Type.Optional(
        Type.Object(
          {
            firstMoved: Type.Optional(span('30s')),
            drained: Type.Optional(span('2m')),
            noAbort: Type.Optional(Type.Literal(true, { description: 'true' })),
          },
          { additionalProperties: false },
        ),
      ),
      actor: Type.String({ minLength: 1, maxLength: 200, description: 'who says so' }),
      reason: Type.String({ minLength: 1, maxLength: 200, description: 'why' }),
    },
    { additionalProperties: false },
  ),
);

const number = Type.Union([Type.Number(), Type.Null()]);
const verdict = Type.Enum(['up', 'down', 'unknown']);

const stepReport = Type.Object({
  step: Type.Number(),
  startedAt: moment,
  endedAt: Type.Union([moment, Type.Null()]),
  share: Type.Number({ description: 'Of client networks, as planned' }),
  networks: Type.Number({ description: 'Answered with the region when the step began' }),
  asked: Type.Number({ description: 'How many of them asked again' }),
  moved: Type.Number({ description: 'How many of them were answered with another region' }),
  predicted: number,
  observed: number,
  firstMovedSeconds: number,
  askedAgainSeconds: Type.Object({ 50: number, 90: number, 99: number }),
  curve: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
  predictedCurve: Type.Array(Type.Tuple([Type.Number(), Type.Number()])),
});

const otherReport = Type.Object({
  region: Type.String(),
  before: verdict,
  last: verdict,
  loadBefore: number,
  loadMost: number,
  course: Type.Array(Type.Object({ seconds: Type.Number(), load: number, verdict })),
});

const objectiveReport = Type.Object({
  objective: Type.Enum(['firstMoved', 'drained', 'noAbort']),
  step: Type.Union([Type.Number(), Type.Null()], { description: 'Null for the drill as a whole' }),
  withinSeconds: number,
  seconds: number,
  isMet: Type.Boolean({
    description: 'As far as was seen; a drill that was aborted meets none, by its own isMet',
  }),
});

const abortReport = Type.Object({
  code: Type.Enum([
    'asked',
    'verdict',
    'blind',
    'load',
    'number',
    'override',
    'other-drill',
    'late',
    'refused',
    'configuration',
    'failed',
    'stopped',
    'restarted',
  ]),
  message: Type.String(),
});

const judgementReport = Type.Object({
  step: Type.Union([Type.Number(), Type.Null()], {
    description: 'Null for the drill as a whole; 0 for the word that only lowers the TTL',
  }),
  at: moment,
  rule: Type.String(),
  isAllowed: Type.Boolean(),
  figures: Type.String({ description: 'How things would stand, and what the rule asks for' }),
});

const report = Type.Object({
  id: Type.String(),
  director: Type.String({ description: 'Which one runs it' }),
  region: Type.String(),
  service: Type.Optional(Type.String()),
  actor: Type.String(),
  reason: Type.String(),
  phase: Type.Enum(['preparing', 'step', 'done', 'aborted']),
  step: Type.Number({ description: 'From 1 on; 0 while it is prepared' }),
  startedAt: moment,
  until: Type.String({ description: 'When the phase ends, or it ended: ISO 8601 in UTC' }),
  plan: Type.Array(Type.Object({ share: Type.Number(), hold: Type.String() })),
  steps: Type.Array(stepReport),
  others: Type.Array(otherReport),
  numbers: Type.Array(numberReport),
  objectives: Type.Array(objectiveReport),
  isMet: Type.Union([Type.Boolean(), Type.Null()], {
    description:
      'Whether it is done and every objective was met; null until two seconds after its end',
  }),
  abort: Type.Union([abortReport, Type.Null()]),
  unnoted: Type.Number({ description: 'Answers to networks that there was no room to note' }),
  ttl: Type.Object({ stable: Type.Number(), short: Type.Number() }),
  rules: Type.Array(Type.String(), {
    description: 'Safety rules that its words were held against',
  }),
  judgements: Type.Array(judgementReport, {
    description: 'What each rule found each time that it was asked',
  }),
  directors: Type.Array(directorReport),
});

export const drillReport = shapeOf<DrillReport>()(report);

const textual = (description: string) => ({ schema: Type.String({ description }) });

/** The report in each of its forms. */
export const drillReportForms = {
  description: 'The report, in the form that Accept likes best',
  headers: {
    'content-security-policy': Type.String({
      description: 'of the page: nothing is fetched or run',
    }),
  },
  content: {
    'application/json': { schema: drillReport },
    'text/html': textual('A page that needs nothing else, as `meridian drill report --html`'),
    'text/markdown': textual('As `meridian drill report`'),
  },
};

export const drillReports = shapeOf<readonly DrillReport[]>()(Type.Array(report));

const age = Type.Object({
  region: Type.String(),
  drilledAt: Type.Union([Type.String(), Type.Null()], {
    description: 'When its last drill was done, in ISO 8601; null where none is known',
  }),
  ageSeconds: number,
  isOverdue: Type.Boolean({ description: 'Whether drills.remindAfter has passed' }),
});

export const drillAges = shapeOf<readonly DrillAge[]>()(Type.Array(age));
