// ALIAS records and services that answer with a CNAME or with HTTPS records, as an operator writes them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseName } from '../../src/model/name.ts';
import { faultsOf, regionText, settingsOf, zoneText } from '../support/config.ts';

const regions = { eu: `${regionText}cname: eu.lb.example.net\n`, us: regionText };

function faultsWith(records: readonly string[], services: readonly string[]): string[] {
  return faultsOf({ main: zoneText({ services, records }), regions }).map((fault) =>
    fault.replace(/^meridian.yaml:\d+:\d+: \/zones\/0\//, ''),
  );
}

const www = '{ name: www, regions: [eu], ttl: { stable: 1m } }';

describe('an ALIAS', () => {
  test('is the service once more, also at the apex', () => {
    const records = ['{ name: "@", type: ALIAS, data: www }'];
    const settings = settingsOf({ main: zoneText({ services: [www], records }) });
    const apex = parseName('example.test') ?? assert.fail();
    const { name, ttl, regions: ids } = settings.services.get(apex) ?? assert.fail();
    assert.deepEqual([name, ttl.stable, ids], [apex, 60, ['eu']]);
  });

  const cases = [
    [
      'to nobody',
      ['{ name: a, type: ALIAS, data: mail }'],
      'records/0/data: mail.example.test is no steered service of ours (config.value)',
    ],
    [
      'with a TTL',
      ['{ name: a, type: ALIAS, ttl: 5m, data: www }'],
      'records/0/ttl: an ALIAS has the TTL of its service (config.value)',
    ],
    [
      'beside addresses',
      ['{ name: a, type: ALIAS, data: www }', '{ name: a, type: A, data: 192.0.2.1 }'],
      'records/1: a.example.test has addresses of its own, but it is a steered service (config.value)',
    ],
    [
      'twice',
      ['{ name: a, type: ALIAS, data: www }', '{ name: a, type: ALIAS, data: www }'],
      'records/1: a.example.test is a service twice (config.value)',
    ],
    [
      'outside',
      ['{ name: a.example.net., type: ALIAS, data: www }'],
      'records/0/name: got "a.example.net.", want a name inside example.test (config.value)',
    ],
  ] as const;
  for (const [words, records, expected] of cases) {
    test(`${words} is refused`, () => assert.deepEqual(faultsWith(records, [www]), [expected]));
  }
});

describe('a service that answers with a CNAME', () => {
  const cases = [
    [
      'needs the host of every region',
      '{ name: a, regions: [us], answers: cname }',
      'services/0/regions/0: regions/us.yaml has no cname to answer with (config.value)',
    ],
    [
      'cannot stand at the apex',
      '{ name: "@", regions: [eu], answers: cname }',
      'services/0/answers: a CNAME cannot stand at the apex: answer with addresses (config.value)',
    ],
    [
      'has no HTTPS records',
      '{ name: a, regions: [eu], answers: cname, https: ["1 ."] }',
      'services/0/https: nothing stands beside a CNAME (config.value)',
    ],
  ] as const;
  for (const [words, service, expected] of cases) {
    test(words, () => assert.deepEqual(faultsWith([], [service]), [expected]));
  }

  test('stands alone', () => {
    assert.deepEqual(
      faultsWith(
        ['{ name: a, type: TXT, data: x }'],
        ['{ name: a, regions: [eu], answers: cname }'],
      ),
      [
        'records/0: a.example.test has TXT beside a service that answers with a CNAME (config.value)',
      ],
    );
  });
});

describe('HTTPS records of a service', () => {
  test('leave the hints to the choice', () => {
    assert.deepEqual(
      faultsWith([], ['{ name: a, regions: [eu], https: ["1 . ipv4hint=192.0.2.1"] }']),
      [
        'services/0/https/0: leave ipv4hint and ipv6hint out: they follow the chosen regions (config.value)',
      ],
    );
  });

  test('do not stand beside others of the name', () => {
    assert.deepEqual(
      faultsWith(
        ['{ name: a, type: HTTPS, data: "1 ." }'],
        ['{ name: a, regions: [eu], https: ["1 ."] }'],
      ),
      ['records/0: a.example.test has HTTPS of its own and of its service (config.value)'],
    );
  });
});

test('a region needs an address or a cname', () => {
  const bare = regionText.replaceAll(/ipv[46]: \[.*\n/g, '').replace(/nameserver.*/, '');
  const only = { eu: regionText, us: `${bare}cname: us.lb.example.net\n` };
  assert.deepEqual(faultsOf({ main: zoneText({ services: [www] }), regions: only }), []);
  const service = '{ name: www, regions: [us] }';
  assert.match(
    faultsOf({ main: zoneText({ services: [service] }), regions: only }).join('\n'),
    /has a cname but no address/,
  );
});
