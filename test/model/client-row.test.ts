// A row of a histogram and its line: what is written is read back, and what is no row is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ClientRow,
  cutNetwork,
  formatRow,
  longestNetwork,
  readName,
  readRow,
} from '../../src/model/client-row.ts';
import { formatPrefix, type Ip, ipv4, ipv6, maskIp, parsePrefix } from '../../src/model/ip.ts';
import { type DomainName, formatName } from '../../src/model/name.ts';

const word = fc.nat(0xffffffff);
const anyIp: fc.Arbitrary<Ip> = fc.oneof(
  word.map(ipv4),
  // Not among the mapped addresses, which are IPv4 ones.
  fc.tuple(word, word).map(([a, b]) => ipv6((a | 0x20000000) >>> 0, b, 0, 0)),
);
const anyName = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((labels) => {
    const octets = labels.map((label) => {
      return String.fromCharCode(label.length, ...label).replace(/[A-Z]/g, 'x');
    });
    return formatName(`${octets.join('')}\0` as DomainName);
  });
const anyRow: fc.Arbitrary<ClientRow> = fc
  .tuple(anyIp, fc.nat(56), fc.nat(10 ** 9), fc.oneof(fc.constant(''), anyName), fc.boolean())
  .map(([ip, bits, weight, name, isSubnet]) => {
    const length = Math.min(bits, longestNetwork[ip.family]);
    const network = { ip: maskIp(ip, length), length };
    return { network, weight, name, by: isSubnet ? 'subnet' : 'resolver' };
  });

describe('a line', () => {
  test('gives back the row that it was written from, whatever the name', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const line = formatRow(row);
        assert.equal(line.split(',').length, 4, line);
        assert.deepEqual(readRow(line), row);
      }),
    );
  });

  for (const [line, row] of [
    ['203.0.113.0/24,12,www.example.test', '203.0.113.0/24,12,www.example.test,subnet'],
    ['203.0.113.77,12', '203.0.113.0/24,12,,subnet'],
    ['203.0.113.77', '203.0.113.0/24,1,,subnet'],
    [' 203.0.0.0/16 , 3 , WWW.Example.Test. ', '203.0.0.0/16,3,www.example.test,subnet'],
    ['2a00:1450:4000:12ff::1,0,,resolver', '2a00:1450:4000:1200::/56,0,,resolver'],
    ['::ffff:203.0.113.9,1', '203.0.113.0/24,1,,subnet'],
  ] as const) {
    test(`${line} is read as ${row}`, () => {
      const read = readRow(line);
      assert.equal(read && formatRow(read), row);
    });
  }

  for (const line of [
    '',
    'network,weight,name,by',
    '203.0.113.1/24,1',
    '203.0.113.0/24,-1',
    '203.0.113.0/24,1.5',
    '203.0.113.0/24,1e9',
    '203.0.113.0/24,1,a..b',
    '203.0.113.0/24,1,@',
    '203.0.113.0/24,1,www,client',
    '203.0.113.0/24,1,www,subnet,more',
    `203.0.113.0/24,1,${'a.'.repeat(1000)}`,
  ]) {
    test(`${line.slice(0, 40)} is none`, () => assert.equal(readRow(line), undefined));
  }

  test('whatever it holds is read or refused, and never thrown at', () => {
    fc.assert(fc.property(fc.string(), (line) => void readRow(line)));
  });
});

test('a network is cut to /24 or /56 and never made longer', () => {
  const cut = (text: string): string =>
    formatPrefix(cutNetwork(parsePrefix(text) ?? assert.fail()));
  assert.equal(cut('203.0.113.77/32'), '203.0.113.0/24');
  assert.equal(cut('203.0.0.0/16'), '203.0.0.0/16');
  assert.equal(cut('2a00:1450:4000:12ff::/64'), '2a00:1450:4000:1200::/56');
});

test('a name has one form, and no name is a name too', () => {
  assert.equal(readName('WWW.example.TEST.'), 'www.example.test');
  assert.equal(readName(''), '');
  assert.equal(readName('a b'), undefined);
});
