// The `clients` block of the main file: whether the networks that ask are counted, and how many are kept.

import type { Static } from 'typebox';
import type { ClientSettings } from '../model/settings.ts';
import { Type } from '../schema.ts';
import { block, span, whole } from '../shape.ts';
import type { ValueReader } from './values.ts';

export const clientsShape = block({
  collect: Type.Optional(Type.Boolean({ description: 'true or false' })),
  keep: Type.Optional(whole(100, 100_000)),
  sample: Type.Optional(whole(1, 100_000)),
  halfLife: Type.Optional(span),
});

const hour = 3_600_000;
const day = 24 * hour;

/** Off unless it is asked for: who asks is nobody's business. */
export function readClients(
  file: Static<typeof clientsShape> | undefined,
  reader: ValueReader,
): ClientSettings {
  return {
    isCollected: file?.collect ?? false,
    keep: file?.keep ?? 10_000,
    sample: file?.sample ?? 1,
    halfLife: reader.span(file?.halfLife, ['clients', 'halfLife'], 7 * day, hour, 366 * day),
  };
}
