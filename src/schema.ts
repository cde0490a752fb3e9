// The words of TypeBox that shapes are made of: its types, and the JSON Schema that it makes of them.

import type { TSchema, Type as TypeBox } from 'typebox';

type Words =
  | 'Array'
  | 'Boolean'
  | 'Enum'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Tuple'
  | 'Union'
  | 'Unknown'
  | 'Unsafe';

type Facts = Readonly<Record<string, unknown>>;

/** What an object may lack; its own schema says nothing of it. */
const optional = new WeakSet<object>();

/**
 * Every thread that answers has shapes in its graph, since a step stands in one file with its shape.
 * All of TypeBox is 370 modules and a third of a second in each; what compares values with shapes is
 * TypeBox's own, and asks for schemas alone.
 */
export const Type = {
  Array: (items: Facts, facts?: Facts) => ({ type: 'array', items, ...facts }),
  Boolean: (facts?: Facts) => ({ type: 'boolean', ...facts }),
  Enum: (words: readonly unknown[], facts?: Facts) => ({ enum: [...words], ...facts }),
  Integer: (facts?: Facts) => ({ type: 'integer', ...facts }),
  Literal: (value: unknown, facts?: Facts) => ({ type: typeof value, const: value, ...facts }),
  Null: (facts?: Facts) => ({ type: 'null', ...facts }),
  Number: (facts?: Facts) => ({ type: 'number', ...facts }),
  Object(properties: Readonly<Record<string, Facts>>, facts?: Facts) {
    const required = Object.keys(properties).filter((key) => !optional.has(properties[key] ?? {}));
    const must = required.length === 0 ? {} : { required };
    return { type: 'object', ...must, properties, ...facts };
  },
  Optional(schema: Facts) {
    const copy = { ...schema };
    optional.add(copy);
    return copy;
  },
  /** Of keys that may be any text. */
  Record(_key: unknown, value: Facts, facts?: Facts) {
    return { type: 'object', patternProperties: { '^.*$': value }, ...facts };
  },
  String: (facts?: Facts) => ({ type: 'string', ...facts }),
  Tuple(items: readonly Facts[], facts?: Facts) {
    return { type: 'array', additionalItems: false, items, minItems: items.length, ...facts };
  },
  Union: (schemas: readonly Facts[], facts?: Facts) => ({ anyOf: schemas, ...facts }),
  Unknown: (facts?: Facts) => ({ ...facts }),
  Unsafe: (schema: TSchema) => schema,
} as unknown as Pick<typeof TypeBox, Words>;
