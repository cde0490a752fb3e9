// The shapes of what is said of regions' loads, coming in and going out.

import type { LoadFacts, LoadReceipt, LoadRequest } from '../../model/load-report.ts';
import { maxLoad } from '../../model/self-report.ts';
import { Type } from '../../schema.ts';
import { shapeOf } from './shape-of.ts';

export const loadRequest = shapeOf<LoadRequest>()(
  Type.Object(
    {
      load: Type.Optional(
        Type.Number({
          minimum: 0,
          maximum: maxLoad,
          description: `a number from 0 to ${maxLoad}, where 1 is full`,
        }),
      ),
      connections: Type.Optional(Type.Integer({ minimum: 0, description: 'a whole number' })),
      requests: Type.Optional(
        Type.Number({ minimum: 0, description: 'a number of 0 or more, of a second' }),
      ),
      for: Type.Optional(
        Type.String({ minLength: 1, maxLength: 20, description: 'a time such as 30s' }),
      ),
    },
    { additionalProperties: false },
  ),
);

const amounts = {
  region: Type.String(),
  load: Type.Union([Type.Number(), Type.Null()], { description: 'share of capacity; 1 is full' }),
  connections: Type.Union([Type.Number(), Type.Null()]),
};

export const loadReceipt = shapeOf<LoadReceipt>()(
  Type.Object({
    ...amounts,
    leftSeconds: Type.Number({ description: 'how long the report speaks' }),
    posted: Type.Number({ description: 'On how many boards it stands' }),
  }),
);

export const loadFacts = shapeOf<readonly LoadFacts[]>()(
  Type.Array(
    Type.Object({
      ...amounts,
      source: Type.Union([Type.Enum(['report', 'applications', 'probes']), Type.Null()], {
        description: "The region's own report, its applications', or what observers were told",
      }),
      ageSeconds: Type.Union([Type.Number(), Type.Null()]),
      shed: Type.Number({ description: 'share of client networks that is moved on' }),
    }),
  ),
);
