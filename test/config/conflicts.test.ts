// Names that would make an answer contradict itself are refused where they are written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsOf, zoneText } from '../support/config.ts';

function faultsWith(records: readonly string[], services: readonly string[] = []): string[] {
  return faultsOf({ main: zoneText({ services, records }) }).map((fault) =>
    fault.replace(/^meridian.yaml:(\d+):9: \/zones\/0\//, '$1 '),
  );
}

const alias = '{ name: a, type: CNAME, data: b }';

describe('a CNAME is refused', () => {
  test('beside another record', () => {
    assert.deepEqual(
      faultsWith([
        '{ name: A, type: TXT, data: x }',
        alias,
        '{ name: a, type: A, data: 192.0.2.1 }',
      ]),
      ['6 records/1: a.example.test has a CNAME beside TXT, A (config.value)'],
    );
  });

  test('beside another CNAME', () => {
    assert.deepEqual(faultsWith([alias, '{ name: a, type: CNAME, data: c }']), [
      '5 records/0: a.example.test has a CNAME beside another CNAME (config.value)',
    ]);
  });

  test('beside a service', () => {
    assert.deepEqual(faultsWith([alias], ['{ name: a, regions: [eu] }']), [
      '7 records/0: a.example.test has a CNAME beside a service (config.value)',
    ]);
  });

  test('at the apex', () => {
    assert.deepEqual(faultsWith(['{ name: "@", type: CNAME, data: b }']), [
      '5 records/0: example.test has a CNAME beside SOA and NS (config.value)',
    ]);
  });

  test("at a director's name", () => {
    assert.deepEqual(faultsWith(['{ name: ns-eu, type: CNAME, data: b }']), [
      "5 records/0: ns-eu.example.test has a CNAME beside a director's addresses (config.value)",
    ]);
  });
});

describe('addresses are refused', () => {
  for (const [type, data] of [
    ['A', '192.0.2.1'],
    ['AAAA', '"2001:db8::1"'],
  ] as const) {
    test(`of type ${type} at a service`, () => {
      const record = `{ name: www, type: ${type}, data: ${data} }`;
      assert.deepEqual(faultsWith([record], ['{ name: www, regions: [eu] }']), [
        '7 records/0: www.example.test has addresses of its own, but it is a steered service (config.value)',
      ]);
    });

    test(`of type ${type} at a director's name`, () => {
      assert.deepEqual(faultsWith([`{ name: ns-eu, type: ${type}, data: ${data} }`]), [
        "5 records/0: ns-eu.example.test is a director's own, whose addresses stand with its region (config.value)",
      ]);
    });
  }
});

describe('a service is refused', () => {
  test('a second time under one name, also behind one whose name is faulty', () => {
    const services = [
      '{ name: a..b, regions: [eu] }',
      '{ name: www, regions: [eu] }',
      '{ name: WWW, regions: [eu] }',
    ];
    assert.deepEqual(
      faultsWith([], services)[1],
      '7 services/2: www.example.test is a service twice (config.value)',
    );
  });

  test("at a director's name", () => {
    assert.deepEqual(faultsWith([], ['{ name: ns-eu, regions: [eu] }']), [
      "5 services/0: ns-eu.example.test is the name of a director's own (config.value)",
    ]);
  });
});

test('other records stand beside a service, and a CNAME alone at its name', () => {
  const records = [
    '{ name: www, type: TXT, data: x }',
    '{ name: "@", type: MX, data: "10 www" }',
    '{ name: docs, type: CNAME, data: www }',
    '{ name: "*", type: CNAME, data: www }',
  ];
  const services = ['{ name: www, regions: [eu] }', '{ name: "@", regions: [eu] }'];
  assert.deepEqual(faultsWith(records, services), []);
});
