import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseType, rcodes, recordTypes, typeName } from '../../src/model/message.ts';

describe('record types', () => {
  test('have the numbers that IANA gave them', () => {
    assert.equal(parseType('A'), 1);
    assert.equal(parseType('SOA'), 6);
    assert.equal(parseType('AAAA'), 28);
    assert.equal(parseType('OPT'), 41);
    assert.equal(parseType('ANY'), 255);
    assert.equal(parseType('CAA'), 257);
  });

  test('read back what they are written as, known by name or not', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(0xffff), fc.constantFrom(...Object.values(recordTypes))),
        (type) => assert.equal(parseType(typeName(type)), type),
      ),
    );
  });

  test('are written by number when they have no name here (RFC 3597 §5)', () => {
    assert.equal(typeName(1), 'A');
    assert.equal(typeName(64_000), 'TYPE64000');
    assert.equal(parseType('TYPE1'), 1);
  });

  test('are read in any case', () => {
    assert.equal(parseType('aaaa'), 28);
    assert.equal(parseType('type257'), 257);
  });

  for (const text of ['', 'AAAAA', 'TYPE', 'TYPE65536', 'TYPE-1', 'TYPE1.5', 'TYPE 1', '1', ' A']) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseType(text), undefined));
  }
  for (const text of ['toString', '__proto__', 'ſoa', 'TYPE١']) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseType(text), undefined));
  }

  test('and response codes have each number once', () => {
    for (const table of [recordTypes, rcodes]) {
      const numbers = Object.values<number>(table);
      assert.equal(new Set(numbers).size, numbers.length);
    }
  });
});
