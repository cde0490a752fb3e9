import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type as TypeBox } from 'typebox';
import { Type } from '../src/schema.ts';

/** The same shapes, made of either's words. */
function shapesOf({ Array, Boolean, Enum, Integer, Literal, ...rest }: typeof Type) {
  const { Null, Number, Object, Optional, Record, String, Tuple, Union, Unknown, Unsafe } = rest;
  const facts = { description: 'what is wanted' };
  const text = String({ ...facts, minLength: 1, pattern: '^a' });
  return [
    text,
    Array(Integer({ minimum: 1 }), { ...facts, minItems: 1 }),
    Boolean(),
    Enum(['a', 'b'], facts),
    Null(),
    Number({ ...facts, maximum: 3 }),
    Object({}),
    Object({ may: Optional(text) }),
    Object({ must: text, may: Optional(text) }, { ...facts, additionalProperties: false }),
    Object({ may: Optional(Object({ must: text })), must: Object({ may: Optional(Null()) }) }),
    Object({ may: Unsafe<string>(Optional(text)), must: Unsafe<string>(text) }),
    Record(String(), Number(), facts),
    Tuple([String(), Number()], facts),
    Union([Null(), Literal('a'), Literal(3), Literal(true)], facts),
    Unknown(facts),
  ];
}

test('every word makes the schema that TypeBox makes of it', () => {
  const [ours, theirs] = [shapesOf(Type), shapesOf(TypeBox)];
  assert.deepEqual(JSON.parse(JSON.stringify(ours)), JSON.parse(JSON.stringify(theirs)));
  for (const [i, shape] of ours.entries()) {
    assert.deepEqual(Object.keys(shape), Object.keys(theirs[i] ?? {}));
  }
});
