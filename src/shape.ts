// The words that shapes of settings are made of: each says in its description what is wanted.

import type { TSchema } from 'typebox';
import { Type } from './schema.ts';

/** Every object refuses keys it does not know. */
export function block<T extends Record<string, TSchema>>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

export function text(wish: string, pattern?: string) {
  return Type.String({
    description: wish,
    minLength: 1,
    maxLength: 2048,
    ...(pattern === undefined ? {} : { pattern }),
  });
}

export function list<T extends TSchema>(items: T, wish: string, minItems = 0) {
  return Type.Array(items, { description: wish, minItems, maxItems: 100_000 });
}

/** A whole number between two bounds, both included. */
export function whole(minimum: number, maximum: number, what = 'a number') {
  return Type.Integer({ minimum, maximum, description: `${what} from ${minimum} to ${maximum}` });
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  const last = words.at(-1);
  const description = words.length < 2 ? `${last}` : `${words.slice(0, -1).join(', ')} or ${last}`;
  return Type.Union(
    words.map((word) => Type.Literal(word as T[number])),
    { description },
  );
}

/** A span of time with its unit. */
export const span = text(
  'a time with its unit, such as 500ms, 5s or 10m',
  '^\\d+(\\.\\d+)?(ms|s|m|h|d)$',
);

/** A region's id goes into host names: `ns-<id>` is a label. */
export const regionIdPattern = '^(?=.{1,40}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$';

export const regionId = text('the id of a region: the name of a file in regions/', regionIdPattern);

/** Whole hundredths, from `1%` to `100%`. */
export const sharePattern = '^([1-9]\\d?|100)%$';
