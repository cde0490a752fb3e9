// Delegations and DNAMEs: what would be hidden behind them, or could not be found, is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsOf, zoneText } from '../support/config.ts';

function faultsWith(records: readonly string[], services: readonly string[] = []): string[] {
  return faultsOf({ main: zoneText({ services, records }) }).map((fault) =>
    fault.replace(/^meridian.yaml:\d+:9: \/zones\/0\//, ''),
  );
}

const lab = '{ name: lab, type: NS, data: ns.example.net. }';
const old = '{ name: old, type: DNAME, data: new }';
const ds = `{ name: lab, type: DS, data: "1 13 2 ${'ab'.repeat(32)}" }`;

test('a delegation with glue and DS, and a DNAME, are fine', () => {
  const records = [
    '{ name: lab, type: NS, data: ns.lab }',
    '{ name: ns.lab, type: A, data: 192.0.2.1 }',
    ds,
    old,
    '{ name: old, type: TXT, data: beside }',
  ];
  assert.deepEqual(faultsWith(records), []);
});

describe('what is hidden is refused', () => {
  const cases = [
    [
      'below a delegation',
      [lab, '{ name: a.b.lab, type: TXT, data: x }'],
      'records/1: a.b.lab.example.test has TXT below the delegation of lab.example.test (config.value)',
    ],
    [
      'beside a delegation',
      [lab, '{ name: lab, type: TXT, data: x }'],
      'records/1: lab.example.test has TXT beside a delegation, so nobody is ever told (config.value)',
    ],
    [
      'a delegation below another',
      [lab, '{ name: x.lab, type: NS, data: ns.example.net. }'],
      'records/1: x.lab.example.test has NS below the delegation of lab.example.test (config.value)',
    ],
    [
      'below a DNAME',
      [old, '{ name: x.old, type: TXT, data: x }'],
      'records/1: x.old.example.test has TXT below the DNAME of old.example.test (config.value)',
    ],
    [
      'a second DNAME',
      [old, '{ name: old, type: DNAME, data: newer }'],
      'records/0: old.example.test has DNAME twice (RFC 6672 §2.4) (config.value)',
    ],
    [
      'a DS without its NS',
      [ds],
      'records/0: lab.example.test has DS, but no NS hands it to others (config.value)',
    ],
    [
      'a server without an address',
      ['{ name: lab, type: NS, data: ns.lab }'],
      'records/0: names ns.lab.example.test., which has no A or AAAA record in this zone (config.value)',
    ],
  ] as const;
  for (const [words, records, expected] of cases) {
    test(words, () => assert.deepEqual(faultsWith(records), [expected]));
  }

  test('a service', () => {
    const at = (name: string): string => `{ name: ${name}, regions: [eu] }`;
    assert.deepEqual(faultsWith([lab, old], [at('lab'), at('x.lab'), at('y.old')]), [
      'services/0: lab.example.test lies at or below the delegation of lab.example.test (config.value)',
      'services/1: x.lab.example.test lies at or below the delegation of lab.example.test (config.value)',
      'services/2: y.old.example.test lies at or below the DNAME of old.example.test (config.value)',
    ]);
  });
});

test('a server that lives in a zone of ours inside this one has its address there', () => {
  const main = `director: { id: a, region: eu }
zones:
  - name: example.test
    records: [{ name: lab, type: NS, data: ns.in.example.test. }]
  - name: in.example.test
    records: [{ name: ns, type: A, data: 192.0.2.1 }]
`;
  assert.deepEqual(faultsOf({ main }), []);
});
