// Requests against their shapes: the first thing that is wrong, by its field.

import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/schema';
import { type Fault, FaultError } from '../../model/fault.ts';

interface Field {
  readonly name: string;
  readonly isRequired: boolean;
  readonly wish: string;
  readonly fits: (value: unknown) => boolean;
}

/**
 * Shapes of requests are flat objects. Nothing is converted or dropped: what does not fit is refused,
 * but for headers that nobody asked for, which every client and proxy sends.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const fields = fieldsOf(schema);
  const mayHaveMore = httpPart === 'headers';
  return (value: unknown) => {
    const fault = faultIn(value, fields, mayHaveMore);
    return fault === undefined ? { value } : { error: new FaultError(fault) };
  };
};

function fieldsOf(schema: TSchema): Field[] {
  const { properties, required = [] } = schema as {
    readonly properties: Readonly<Record<string, TSchema & { readonly description?: string }>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, shape]) => {
    // When it is first wanted: a start has all of them, and needs none.
    let compiled: Validator | undefined;
    return {
      name,
      isRequired: required.includes(name),
      wish: shape.description ?? 'another value',
      fits: (value) => (compiled ??= Compile(shape)).Check(value),
    };
  });
}

function faultIn(
  value: unknown,
  fields: readonly Field[],
  mayHaveMore: boolean,
): Fault | undefined {
  const refuse = (message: string, field: string): Fault => ({
    code: 'request.invalid',
    message,
    path: field,
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('want a JSON object', '');
  }
  const given = new Map(Object.entries(value));
  for (const { name, isRequired, wish, fits } of fields) {
    const got: unknown = given.get(name);
    if (got === undefined && isRequired) return refuse(`is missing, want ${wish}`, `/${name}`);
    if (got !== undefined && !fits(got)) {
      return refuse(`got ${briefly(got)}, want ${wish}`, `/${name}`);
    }
    given.delete(name);
  }
  const [stranger] = given.keys();
  if (stranger === undefined || mayHaveMore) return undefined;
  const names = fields.map(({ name }) => name).join(', ');
  return refuse(`is not known here, want only ${names}`, `/${stranger}`);
}

/** Of what may nest as deep as a body is long, which would be deeper than the stack. */
function briefly(got: unknown): string {
  return JSON.stringify(trimmed(got, 3)).slice(0, 80);
}

function trimmed(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  const entries = Object.entries(value).slice(0, 20);
  const parts = entries.map(([key, each]) => [key, trimmed(each, depth - 1)] as const);
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
