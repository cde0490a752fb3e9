// Zones printed: canonical order, and the same zone when read back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { printZone } from '../../src/authority/print.ts';
import { staticSets } from '../../src/authority/static-sets.ts';
import { settingsOf, zoneText } from '../support/config.ts';
import { nameOf } from '../support/answers.ts';
import { head, linesOf, zoneOfText } from '../support/master.ts';

const print = (text: string): string[] => [...printZone(zoneOfText(text), [])];

// RFC 4034 §6.1's own example of the order, with another zone.
test('names stand in canonical order, types by number, data by its octets, the SOA first', () => {
  const names = [
    '*.z',
    '\\200.z',
    'a',
    'yljkjljk.a',
    'Z.a',
    'zABC.a',
    'z',
    '\\001.z',
    'a\\000',
    'ab',
  ];
  const lines = names.map((name) => `${name} TXT b`);
  const apex = '@ A 192.0.2.10\n@ A 192.0.2.9\n@ NS ns.A.\n';
  assert.deepEqual(
    print(`${head}${lines.join('\n')}\n${apex}`).map((line) =>
      line.replace(/\.?example\.test\./, ''),
    ),
    [
      ' 3600 IN SOA ns.a. hm.a. 1 7200 900 1209600 30',
      ' 3600 IN A 192.0.2.9',
      ' 3600 IN A 192.0.2.10',
      ' 3600 IN NS ns.a.',
      'a 3600 IN TXT "b"',
      'yljkjljk.a 3600 IN TXT "b"',
      'z.a 3600 IN TXT "b"',
      'zabc.a 3600 IN TXT "b"',
      'a\\000 3600 IN TXT "b"',
      'ab 3600 IN TXT "b"',
      'z 3600 IN TXT "b"',
      '\\001.z 3600 IN TXT "b"',
      '*.z 3600 IN TXT "b"',
      '\\200.z 3600 IN TXT "b"',
    ],
  );
});

test('more lines stand behind the records of their name', () => {
  const zone = zoneOfText(`${head}b TXT x\nd TXT x`);
  const extras = ['c', 'b'].map((name) => ({ name: nameOf(`${name}.example.test`), text: '30 X' }));
  assert.deepEqual([...printZone(zone, extras)].slice(2), [
    'b.example.test. 3600 IN TXT "x"',
    'b.example.test. 30 X',
    'c.example.test. 30 X',
    'd.example.test. 3600 IN TXT "x"',
  ]);
});

test('a zone of the main file has its name servers with their addresses', () => {
  const records = ['{ name: mail, type: A, data: 192.0.2.1 }'];
  const [zone] = settingsOf({ main: zoneText({ records, zone: ['serial: 7'] }) }).zones;
  assert.deepEqual(zone && [...printZone(zone, [])], [
    'example.test. 3600 IN SOA ns-eu.example.test. hostmaster.example.test. 7 7200 900 1209600 30',
    'example.test. 86400 IN NS ns-eu.example.test.',
    'mail.example.test. 3600 IN A 192.0.2.1',
    'ns-eu.example.test. 86400 IN A 198.51.100.53',
  ]);
});

test('what is printed reads back the same, with any octets in names and texts', () => {
  const escaped = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((octets) => Array.from(octets, (octet) => `\\${String(octet).padStart(3, '0')}`).join(''));
  const name = fc.array(escaped, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const number = fc.nat(65_535);
  const hex = (size: number) =>
    fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((wire) => Buffer.from(wire).toString('hex'));
  const data = fc.oneof(
    fc.ipV4().map((text) => `A ${text}`),
    fc.ipV6().map((text) => `AAAA ${text}`),
    name.map((text) => `PTR ${text}`),
    fc.tuple(number, name).map(([n, text]) => `MX ${n} ${text}`),
    fc.tuple(number, number, number, name).map((all) => `SRV ${all.join(' ')}`),
    fc.array(escaped, { minLength: 1, maxLength: 3 }).map((all) => `TXT "${all.join('" "')}"`),
    fc.tuple(fc.nat(255), escaped).map(([n, text]) => `CAA ${n} iodef "${text}"`),
    fc.tuple(escaped, escaped).map(([x, y]) => `HINFO "${x}" "${y}"`),
    fc.tuple(number, escaped, name).map(([n, x, y]) => `NAPTR ${n} 1 "u" "${x}" "" ${y}`),
    fc.tuple(number, escaped).map(([n, x]) => `URI ${n} 1 "${x}"`),
    hex(32).map((digits) => `SSHFP 4 2 ${digits}`),
    hex(32).map((digits) => `TLSA 3 1 1 ${digits}`),
    fc.tuple(number, escaped).map(([n, x]) => `HTTPS ${n} . key667="${x}"`),
    fc.tuple(number, number).map(([n, port]) => `SVCB ${n} x port=${port}`),
    fc.nat(59).map((n) => `LOC 42 ${n} 54 N 71 06 18 W -24m 30m`),
    fc
      .tuple(fc.integer({ min: 65_280, max: 65_300 }), hex(5))
      .map(([n, x]) => `TYPE${n} \\# 5 ${x}`),
  );
  const special = fc.constantFrom(
    'c CNAME x',
    'lab NS ns.x.',
    `lab DS 1 13 2 ${'ab'.repeat(32)}`,
    'd DNAME x.',
  );
  // Below a name that none of the special ones is, nor stands above.
  const record = fc.tuple(name, data).map(([owner, text]) => `x.${owner}.any ${text}`);
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), fc.uniqueArray(special), (records, more) => {
      const cut = more.some((line) => line.startsWith('lab DS')) ? ['lab NS ns.x.'] : [];
      const first = zoneOfText([head, ...records, ...more, ...cut].join('\n'));
      const printed = [...printZone(first, [])];
      const second = zoneOfText(printed.join('\n'));
      assert.deepEqual(
        linesOf(staticSets(second)).toSorted(),
        linesOf(staticSets(first)).toSorted(),
      );
      assert.deepEqual([...printZone(second, [])], printed);
    }),
  );
});
