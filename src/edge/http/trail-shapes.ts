// The shape of a trail: why a decision came out as it did.

import { Type } from '../../schema.ts';

const regions = Type.Array(Type.String());

const place = Type.Object(
  {
    source: Type.String(),
    network: Type.String(),
    country: Type.String(),
    subdivision: Type.String(),
    city: Type.String(),
    latitude: Type.Number(),
    longitude: Type.Number(),
    radiusKm: Type.Number(),
  },
  { description: 'The row of the GeoIP data' },
);

export const trailShape = Type.Object({
  located: Type.String(),
  input: Type.Object({
    by: Type.Enum(['subnet', 'resolver', 'peer', 'given']),
    address: Type.String(),
    place: Type.Optional(place),
  }),
  steps: Type.Array(
    Type.Object({
      step: Type.String(),
      summary: Type.String(),
      tiers: Type.Array(regions),
      left: Type.Array(
        Type.Object({
          region: Type.String(),
          code: Type.Enum([
            'fenced',
            'not-mapped',
            'drained',
            'overridden-down',
            'verdict-down',
            'recovering',
            'shed',
            'weight-zero',
            'not-needed',
          ]),
          detail: Type.String(),
        }),
      ),
      figures: Type.Optional(
        Type.Object({
          unit: Type.Enum(['km', 'ms', 'weight', 'load', 'connections', 'shed']),
          of: Type.Record(Type.String(), Type.Number()),
        }),
      ),
    }),
  ),
  state: Type.Enum(['healthy', 'fail-open', 'below-floor', 'withheld', 'fail-closed', 'stand-in']),
  scope: Type.String(),
  scopeReason: Type.Enum([
    'no-subnet',
    'anonymous',
    'not-used',
    'not-public',
    'drawn',
    'finest',
    'alike',
  ]),
  ttl: Type.String(),
  ttlReason: Type.Enum([
    'override-ends',
    'fail-open',
    'below-floor',
    'last-resort',
    'verdict-kept',
    'suspect',
    'override-active',
    'recovering',
    'shedding',
    'recently-changed',
    'stable',
  ]),
  text: Type.String({ description: 'The trail in words' }),
});
