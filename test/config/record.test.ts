// Static records: read into sets, and what a set may not be.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { typeName } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { faultsOf, settingsOf, zoneText } from '../support/config.ts';

function setsOf(records: readonly string[]): string[] {
  const [zone] = settingsOf({ main: zoneText({ records }) }).zones;
  assert.ok(zone);
  return zone.records.map(
    ({ name, type, ttl, data }) =>
      `${formatName(name)} ${ttl} ${typeName(type)} ${data.map(({ text }) => text).join(' | ')}`,
  );
}

describe('records', () => {
  test('of one name and type become one set, in the order written', () => {
    assert.deepEqual(
      setsOf([
        '{ name: mail, type: A, data: 192.0.2.2 }',
        '{ name: "@", type: MX, ttl: 5m, data: "10 mail" }',
        '{ name: MAIL.example.test., type: a, data: 192.0.2.1 }',
        '{ name: mail, type: TXT, data: "\\"a b\\" c" }',
        '{ name: "*.dev", type: CNAME, data: example.net. }',
        '{ name: _sip._tcp, type: SRV, data: "0 5 5060 sip" }',
        '{ name: "@", type: CAA, data: "0 issue ca.example.net" }',
      ]),
      [
        'mail.example.test 3600 A 192.0.2.2 | 192.0.2.1',
        'example.test 300 MX 10 mail.example.test.',
        'mail.example.test 3600 TXT "a b" "c"',
        '*.dev.example.test 3600 CNAME example.net.',
        '_sip._tcp.example.test 3600 SRV 0 5 5060 sip.example.test.',
        'example.test 3600 CAA 0 issue "ca.example.net"',
      ],
    );
  });

  const refused = [
    ['{ name: a, type: X, data: b }', '/type: got "X": want a record type such as A or TXT'],
    [
      '{ name: "@", type: SOA, data: b }',
      '/type: got "SOA": it is made from contact, serial, negativeTtl and ttl of the zone',
    ],
    ['{ name: "@", type: NS, data: b }', '/type: got "NS": list nameservers of the zone'],
    [
      '{ name: "@", type: DS, data: b }',
      '/type: got "DS": it stands in the parent zone (RFC 4035 §2.4)',
    ],
    ['{ name: a, type: ANY, data: b }', '/type: got "ANY": want a record type such as A or TXT'],
    [
      '{ name: a, type: TYPE250, data: b }',
      '/type: got "TYPE250": want a record type such as A or TXT',
    ],
    ['{ name: a, type: TYPE65, data: b }', '/data: want "priority target key=value …", got "b"'],
    [
      '{ name: a, type: TYPE65280, data: b }',
      '/data: data of this type is written as octets: \\# length hexadecimal',
    ],
    [
      '{ name: a, type: A, data: b }',
      '/data: want "address", got "b": address is not an IPv4 address',
    ],
    [
      '{ name: a.other., type: A, data: 192.0.2.1 }',
      '/name: got "a.other.", want a name inside example.test',
    ],
    [
      '{ name: badexample.test., type: A, data: 192.0.2.1 }',
      '/name: got "badexample.test.", want a name inside example.test',
    ],
    [
      '{ name: a..b, type: A, data: 192.0.2.1 }',
      '/name: got "a..b", want a name inside example.test',
    ],
    ['{ name: a, type: A, ttl: 8d, data: 192.0.2.1 }', '/ttl: got 8d, want a time from 0ms to 7d'],
  ] as const;
  for (const [record, words] of refused) {
    test(`${record} is refused`, () => {
      const key = words.slice(1, words.indexOf(':'));
      const place = `meridian.yaml:5:${9 + record.indexOf(key)}: /zones/0/records/0`;
      assert.deepEqual(faultsOf({ main: zoneText({ records: [record] }) }), [
        `${place}${words} (config.value)`,
      ]);
    });
  }

  test('of one set have one TTL', () => {
    const records = [
      '{ name: a, type: A, ttl: 5m, data: 192.0.2.1 }',
      '{ name: a, type: A, data: 192.0.2.2 }',
      '{ name: a, type: AAAA, data: "2001:db8::1" }',
    ];
    assert.deepEqual(faultsOf({ main: zoneText({ records }) }), [
      'meridian.yaml:6:9: /zones/0/records/1: has TTL 3600s, but another A of this name has 300s (config.value)',
    ]);
  });

  test('say each thing once', () => {
    const records = [
      '{ name: a, type: AAAA, data: "2001:db8::1" }',
      '{ name: A, type: AAAA, data: "2001:DB8:0::1" }',
    ];
    assert.deepEqual(faultsOf({ main: zoneText({ records }) }), [
      'meridian.yaml:6:9: /zones/0/records/1: says the same as a record before it (config.value)',
    ]);
  });

  test('that are faulty hide none of the others', () => {
    const records = ['{ name: a }', 'text', '{ name: a, type: A, data: x }'];
    const paths = faultsOf({ main: zoneText({ records }) }).map((fault) => fault.split(': ')[1]);
    assert.deepEqual(paths, [
      '/zones/0/records/0/type',
      '/zones/0/records/0/data',
      '/zones/0/records/1',
      '/zones/0/records/2/data',
    ]);
  });
});
