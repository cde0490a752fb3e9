// The shape of a drill's plan, in a file of its own or among others in the main file.

import type { Static } from 'typebox';
import { Type } from '../schema.ts';
import { block, list, regionId, span, text } from '../shape.ts';
import { figureFields } from './region-shape.ts';

const amount = Type.Number({ minimum: 0, description: 'a number from 0 on' });

const flag = Type.Boolean({ description: 'true or false' });

const numberWish = block({
  ...figureFields,
  http: text('an http or https URL', '^https?://'),
  above: Type.Optional(amount),
  below: Type.Optional(amount),
  for: Type.Optional(span),
  every: Type.Optional(span),
  onSilence: Type.Optional(
    Type.Union([Type.Literal('abort'), Type.Literal('continue')], {
      description: 'abort or continue',
    }),
  ),
});

const step = block({
  share: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'a share of clients above 0 up to 1, such as 0.25',
  }),
  hold: span,
});

export const stepList = list(step, 'a list of steps, each with a share and a hold', 1);

/** What a plan may say besides where and why. */
export const courseFields = {
  service: Type.Optional(text('a steered name')),
  lowerTtl: Type.Optional(flag),
  abortIf: Type.Optional(
    block({
      load: Type.Optional(
        Type.Number({
          exclusiveMinimum: 0,
          maximum: 10,
          description: 'a share of capacity, such as 0.9',
        }),
      ),
      numbers: Type.Optional(list(numberWish, 'a list of at most 8 numbers')),
    }),
  ),
  objectives: Type.Optional(
    block({
      firstMoved: Type.Optional(span),
      drained: Type.Optional(span),
      noAbort: Type.Optional(Type.Literal(true, { description: 'true' })),
    }),
  ),
};

/** A file; what is left out may come from options. */
export const planShape = block({
  ...courseFields,
  region: Type.Optional(regionId),
  steps: Type.Optional(stepList),
  actor: Type.Optional(text('who says so')),
  reason: Type.Optional(text('why')),
});

export type PlanFile = Static<typeof planShape>;
