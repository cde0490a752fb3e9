// Names in a zone: written below it or in full, never outside and never in a zone below.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocument } from '../../src/config/document.ts';
import { readOwnName } from '../../src/config/territory.ts';
import { ValueReader } from '../../src/config/values.ts';
import { formatName } from '../../src/model/name.ts';
import { nameOf } from '../support/answers.ts';

describe('in example.test, which has the zone eu.example.test below it,', () => {
  const cases: [string, string][] = [
    ['@', 'example.test'],
    ['www', 'www.example.test'],
    ['a.b', 'a.b.example.test'],
    ['*', '*.example.test'],
    ['WWW.Example.TEST.', 'www.example.test'],
    ['example.test.', 'example.test'],
    ['example.test', 'example.test.example.test'],
    ['neu', 'neu.example.test'],
    ['eu', 'eu.example.test belongs to the zone eu.example.test'],
    ['a.eu.example.test.', 'a.eu.example.test belongs to the zone eu.example.test'],
    ['test.', 'got "test.", want a name inside example.test'],
    ['.', 'got ".", want a name inside example.test'],
    ['x.example.net.', 'got "x.example.net.", want a name inside example.test'],
    ['', 'got "", want a name inside example.test'],
  ];
  for (const [text, expected] of cases) {
    test(`"${text}" is ${expected}`, () => {
      const reader = new ValueReader(readDocument({ path: 'f', text: '' }));
      const apex = nameOf('example.test');
      const name = readOwnName(text, [], { apex, inner: [nameOf('eu.example.test')], reader });
      assert.equal(name === undefined ? reader.faults[0]?.message : formatName(name), expected);
    });
  }
});
