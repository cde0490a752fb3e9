// The shapes of numbers that may end a drill.

import { Type } from '../../schema.ts';

const place = (what: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 2048, description: what }));

const span = (example: string) =>
  Type.Optional(
    Type.String({ minLength: 1, maxLength: 20, description: `a time such as ${example}` }),
  );

const bound = (what: string) => Type.Optional(Type.Number({ minimum: 0, description: what }));

export const numberWish = Type.Object(
  {
    http: Type.String({ minLength: 1, maxLength: 2048, description: 'an http or https URL' }),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 2048 }), {
        maxProperties: 16,
        description: 'header names and values to ask with',
      }),
    ),
    verify: Type.Optional(Type.Boolean({ description: 'false to accept any certificate' })),
    answerHeader: place('the name of a header that tells it'),
    json: place('keys of a JSON body with dots between them, such as "pool.0.active"'),
    metric: place('a metric in the text format of Prometheus, such as errors{code="500"}'),
    above: bound('ends the drill when the number is above this'),
    below: bound('ends the drill when the number is below this'),
    for: span('30s, for which it must be so'),
    every: span('5s, after which it is read again'),
    onSilence: Type.Optional(
      Type.Enum(['abort', 'continue'], { description: 'what comes of it when it cannot be read' }),
    ),
  },
  { additionalProperties: false },
);

const number = Type.Union([Type.Number(), Type.Null()]);

export const numberReport = Type.Object({
  number: Type.String({ description: 'What is read, and where' }),
  bound: Type.Enum(['above', 'below']),
  limit: Type.Number(),
  forSeconds: Type.Number({ description: 'How long it must lie beyond the limit' }),
  onSilence: Type.Enum(['abort', 'continue']),
  before: number,
  last: number,
  worst: Type.Union([Type.Number(), Type.Null()], {
    description: 'The one farthest towards the limit, or beyond it',
  }),
  readings: Type.Number({ description: 'How often it was read' }),
  failures: Type.Number({ description: 'How often it could not be read' }),
  reason: Type.String({ description: 'Why it could not be read the last time' }),
});
