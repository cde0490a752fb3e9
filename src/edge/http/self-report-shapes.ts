// The shapes of what applications say of themselves, coming in and going out.

import { maxLoad, type ReportFacts, type ReportRequest } from '../../model/self-report.ts';
import { Type } from '../../schema.ts';
import { shapeOf } from './shape-of.ts';

export const reportParams = Type.Object({
  region: Type.String({ description: 'the id of a region' }),
  name: Type.String({ description: 'the name of a push probe of it' }),
});

const reportState = Type.Enum(['up', 'draining', 'down'], {
  description: 'up, draining or down',
});

export const reportRequest = shapeOf<ReportRequest>()(
  Type.Object(
    {
      state: reportState,
      load: Type.Optional(
        Type.Number({
          minimum: 0,
          maximum: maxLoad,
          description: `a number from 0 to ${maxLoad}, where 1 is full`,
        }),
      ),
      connections: Type.Optional(Type.Integer({ minimum: 0, description: 'a whole number' })),
      reason: Type.Optional(Type.String({ maxLength: 200, description: 'at most 200 characters' })),
      for: Type.Optional(
        Type.String({ minLength: 1, maxLength: 20, description: 'a time such as 30s' }),
      ),
    },
    { additionalProperties: false },
  ),
);

const reportFacts = Type.Object({
  region: Type.String(),
  name: Type.String(),
  state: Type.Union([reportState, Type.Literal('silent')]),
  load: Type.Union([Type.Number(), Type.Null()], { description: 'share of capacity; 1 is full' }),
  connections: Type.Union([Type.Number(), Type.Null()]),
  reason: Type.String(),
  ageSeconds: Type.Union([Type.Number(), Type.Null()]),
  leftSeconds: Type.Number({ description: 'how long the report still speaks' }),
  director: Type.Union([Type.String(), Type.Null()], { description: 'who took the report in' }),
  posted: Type.Optional(Type.Number({ description: 'On how many boards it stands' })),
});

export const selfReport = shapeOf<ReportFacts>()(reportFacts);

export const selfReports = shapeOf<readonly ReportFacts[]>()(Type.Array(reportFacts));
