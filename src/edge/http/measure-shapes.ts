// The shapes of what each director measured of a drill.

import { Type } from '../../schema.ts';

const number = Type.Union([Type.Number(), Type.Null()]);
const counts = Type.Array(Type.Number());

const stepMeasure = Type.Object({
  share: Type.Number({ description: 'Which step it is of, by its share' }),
  heard: Type.Number({ description: 'Seconds until this director had its word' }),
  networks: Type.Number(),
  asked: Type.Number(),
  moved: Type.Number(),
  due: Type.Number({ description: 'How many of those that asked again should have moved' }),
  firstMoved: number,
  askedAgain: Type.Object({ 50: number, 90: number, 99: number }),
  curve: counts,
});

const returnMeasure = Type.Object({
  ttl: Type.Number({ description: 'The longest that answers had, in seconds' }),
  pairs: Type.Number({ description: 'Of a resolver and a client network, that returned' }),
  counts: Type.Array(Type.Number(), {
    description: 'Returns within 0.5, 1.1, 1.5, 2, 3, 5 and 10 TTLs of the last answer, and later',
  }),
  late: Type.Number({ description: 'Pairs that returned twice or more, never within 1.5 TTLs' }),
  silent: Type.Number({ description: 'Pairs that had not returned 1.5 TTLs after their answer' }),
});

export const directorReport = Type.Object({
  director: Type.String(),
  measure: Type.Union([
    Type.Object({
      steps: Type.Array(stepMeasure),
      returns: returnMeasure,
      unnoted: Type.Number(),
    }),
    Type.Null(),
  ]),
});
