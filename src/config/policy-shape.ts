// The shape of a policy that is written out: every step with its settings.

import { type Static, Type } from 'typebox';
import { block, list, regionId, sharePattern, text } from './shape.ts';

const stepShape = block({
  rules: Type.Optional(
    list(
      block({
        networks: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
        countries: Type.Optional(
          list(text('two capital letters (ISO 3166-1)', '^[A-Z]{2}$'), 'a list of countries'),
        ),
        prefer: list(regionId, 'a list of at least one region', 1),
      }),
      'a list of rules',
    ),
  ),
  nearest: Type.Optional(
    block({
      withinKm: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 20_000, description: 'km from 0 to 20000' }),
      ),
    }),
  ),
  overrides: Type.Optional(block({})),
  alive: Type.Optional(
    block({
      floor: Type.Optional(
        Type.Union(
          [Type.Integer({ minimum: 1, maximum: 100_000 }), Type.String({ pattern: sharePattern })],
          { description: 'a number of regions, or a share from "1%" to "100%"' },
        ),
      ),
      below: Type.Optional(
        Type.Union([Type.Literal('keep'), Type.Literal('fail-open')], {
          description: 'keep or fail-open',
        }),
      ),
    }),
  ),
  'half-open': Type.Optional(block({})),
  'last-resort': Type.Optional(block({})),
  weight: Type.Optional(block({})),
  take: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 16, description: 'a number from 1 to 16' }),
  ),
});

export const policyShape = list(stepShape, 'the name of a policy or a list of steps');

export type PolicyFile = Static<typeof policyShape>;
