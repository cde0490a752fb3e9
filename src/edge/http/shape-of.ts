// A schema tied to a type: tsc fails where the two say different things.

import type { Static, TSchema, TUnsafe } from 'typebox';
import { Type } from '../../schema.ts';

/** The shape of `T`, to be called with a schema that says exactly the same as the type does. */
export function shapeOf<T>(): <S extends TSchema>(schema: S, ...drift: Drift<S, T>) => TUnsafe<T> {
  return (schema, ..._drift) => Type.Unsafe<T>(schema);
}

/** An argument that nobody gives, where schema and type differ. */
type Drift<S extends TSchema, T> =
  IsSame<Plain<Static<S>>, Plain<T>> extends true ? [] : ['schema and type differ'];

/** A type as JSON shows it: nothing can be written to, brands are gone. */
type Plain<T> = T extends string & { readonly __brand: string }
  ? string
  : T extends number & { readonly __brand: string }
    ? number
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;

// The compiler compares two conditional types exactly, optional fields included.
// oxlint-disable typescript/no-unnecessary-type-parameters
type IsSame<A, B> =
  (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
// oxlint-enable typescript/no-unnecessary-type-parameters
