import assert from 'node:assert/strict';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  formatIp,
  formatPrefix,
  type Ip,
  ipv4,
  ipv6,
  isAmong,
  isWithin,
  maskIp,
  parseIp,
  parsePrefix,
  sameIp,
  specialBlockOf,
  specialBlocks,
  unwrapMapped,
  widthOf,
} from '../../src/model/ip.ts';
import { boundsOf } from '../../src/model/ranges.ts';

const word = fc.oneof(
  fc.constantFrom(0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const anyV4 = word.map(ipv4);
const anyV6 = fc.tuple(word, word, word, word).map((words) => ipv6(...words));
const anyIp = fc.oneof(anyV4, anyV6);

/** Text that is almost an address, and often is one. */
const almost = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.array(
    fc.constantFrom(':', '::', '.', '0', '1', '01', '255', '256', 'ffff', 'fFf', '1.2.3.4'),
    {
      maxLength: 20,
    },
  ),
  fc.array(fc.constantFrom(...'0123456789abcdefABCDEFg:./ -+'.split('')), { maxLength: 46 }),
  fc.string(),
);
const nearly = almost.map((parts) => (typeof parts === 'string' ? parts : parts.join('')));

/** The address as one number, for a second way to say everything below. */
function wideOf(ip: Ip): bigint {
  const words = ip.family === 4 ? [ip.a] : [ip.a, ip.b, ip.c, ip.d];
  return words.reduce((wide, each) => (wide << 32n) | BigInt(each), 0n);
}

function parsed(text: string): Ip {
  const ip = parseIp(text);
  assert.ok(ip, text);
  return ip;
}

describe('reading an address', () => {
  test('takes exactly what node:net takes, apart from zone ids', () => {
    fc.assert(
      fc.property(nearly, (text) => {
        assert.equal(parseIp(text) !== undefined, isIP(text) !== 0 && !text.includes('%'));
      }),
      { numRuns: 3000 },
    );
  });

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4/32',
    '-1.2.3.4',
    '0x1.2.3.4',
    '١.2.3.4',
    ':',
    ':::',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    '[::1]',
    'fe80::1%eth0',
    'g::',
    '0'.repeat(100),
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseIp(text), undefined));
  }

  test('gives the words of the address', () => {
    assert.deepEqual(parsed('192.0.2.255'), ipv4(0xc00002ff));
    assert.deepEqual(parsed('255.255.255.255'), ipv4(0xffffffff));
    assert.deepEqual(parsed('2001:DB8::8:800:200C:417A'), ipv6(0x20010db8, 0, 0x80800, 0x200c417a));
    assert.deepEqual(parsed('::'), ipv6(0, 0, 0, 0));
    assert.deepEqual(parsed('1:2:3:4:5:6:7::'), ipv6(0x10002, 0x30004, 0x50006, 0x70000));
    assert.deepEqual(parsed('64:ff9b::192.0.2.33'), ipv6(0x64ff9b, 0, 0, 0xc0000221));
  });

  test('unwraps IPv4-mapped IPv6, however it is spelled', () => {
    for (const text of ['::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1']) {
      assert.deepEqual(parsed(text), ipv4(0xc0000201));
    }
    assert.equal(parsed('::ffff:0:192.0.2.1').family, 6);
    assert.equal(parsed('::192.0.2.1').family, 6);
    assert.deepEqual(unwrapMapped(ipv6(0, 0, 0xffff, 1)), ipv4(1));
    assert.deepEqual(unwrapMapped(ipv6(0, 1, 0xffff, 1)), ipv6(0, 1, 0xffff, 1));
    assert.deepEqual(unwrapMapped(ipv4(7)), ipv4(7));
  });
});

describe('writing an address', () => {
  test('reads back the same', () => {
    fc.assert(
      fc.property(anyIp, (ip) => {
        assert.deepEqual(parseIp(formatIp(ip)), unwrapMapped(ip));
      }),
    );
  });

  test('is the one canonical text, as URLs have it', () => {
    fc.assert(
      fc.property(anyIp, (ip) => {
        const text = formatIp(ip);
        assert.ok(ip.family === 4 ? isIPv4(text) : isIPv6(text));
        const host = new URL(`http://${ip.family === 4 ? text : `[${text}]`}/`).hostname;
        assert.equal(host.replace(/^\[|\]$/g, ''), text);
      }),
    );
  });

  test('follows RFC 5952 §4 where it is easy to go wrong', () => {
    const canonical = {
      '2001:0db8:0000:0000:0001:0000:0000:0001': '2001:db8::1:0:0:1',
      '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
      '2001:0:0:1:0:0:0:1': '2001:0:0:1::1',
      '0:0:0:0:0:0:0:0': '::',
      '1:0:0:0:0:0:0:0': '1::',
      '2001:DB8::ABCD': '2001:db8::abcd',
    };
    for (const [text, expected] of Object.entries(canonical)) {
      assert.equal(formatIp(parsed(text)), expected);
    }
  });
});

describe('prefixes', () => {
  test('masking clears every bit beyond the length and keeps the others', () => {
    fc.assert(
      fc.property(anyIp, fc.nat(128), (ip, anyLength) => {
        const length = Math.min(anyLength, widthOf(ip.family));
        const rest = BigInt(widthOf(ip.family) - length);
        const masked = maskIp(ip, length);
        assert.equal(wideOf(masked), (wideOf(ip) >> rest) << rest);
        assert.equal(masked.family, ip.family);
        assert.ok(isWithin(ip, { ip: masked, length }));
      }),
    );
  });

  test('an address of one family lies in no prefix of the other', () => {
    assert.ok(!isWithin(ipv4(0), { ip: ipv6(0, 0, 0, 0), length: 0 }));
    assert.ok(!isWithin(ipv6(0, 0, 0, 0), { ip: ipv4(0), length: 0 }));
    const both = [
      { ip: ipv4(0), length: 0 },
      { ip: ipv6(0, 0, 0, 0), length: 128 },
    ];
    assert.ok(isAmong(ipv4(1), both));
    assert.ok(!isAmong(ipv6(0, 0, 0, 1), both));
    assert.ok(!isAmong(ipv4(1), []));
    assert.ok(!sameIp(ipv4(0), ipv6(0, 0, 0, 0)));
  });

  test('reads back what it writes', () => {
    fc.assert(
      fc.property(anyIp.map(unwrapMapped), fc.nat(128), (ip, anyLength) => {
        const length = Math.min(anyLength, widthOf(ip.family));
        const prefix = { ip: maskIp(ip, length), length };
        assert.deepEqual(parsePrefix(formatPrefix(prefix)), prefix);
      }),
    );
  });

  test('a bare address is a prefix of its whole length', () => {
    assert.deepEqual(parsePrefix('192.0.2.1'), { ip: ipv4(0xc0000201), length: 32 });
    assert.deepEqual(parsePrefix('2001:db8::'), { ip: ipv6(0x20010db8, 0, 0, 0), length: 128 });
  });

  for (const text of [
    '',
    '/24',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/+8',
    '192.0.2.0/24/24',
    '192.0.2.0/2 4',
    '192.0.2.0/0x8',
    '192.0.2.1/24',
    '2001:db8::/129',
    '2001:db8::1/64',
    '::ffff:192.0.2.0/24',
    '::ffff:192.0.2.1/120',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parsePrefix(text), undefined));
  }

  test('a prefix of IPv4-mapped addresses is the IPv4 prefix', () => {
    const expected = { ip: ipv4(0xc0000200), length: 24 };
    assert.deepEqual(parsePrefix('::ffff:192.0.2.0/120'), expected);
    assert.deepEqual(parsePrefix('::ffff:0:0/96'), { ip: ipv4(0), length: 0 });
    assert.deepEqual(parsePrefix('::ffff:192.0.2.1'), { ip: ipv4(0xc0000201), length: 32 });
  });
});

describe('special-purpose blocks', () => {
  const special = [
    '0.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '169.254.1.1',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '64:ff9b::1',
    '100::1',
    '2001:2::1',
    '2001:10::1',
    '2001:db8:ffff::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'ff02::1',
  ];
  const ordinary = [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.0.3.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:db7::1',
    '2001:db9::1',
    '2002:c000:201::1',
    '2a00::1',
    '3ffe::1',
    '2606:4700::1',
  ];

  test('hold the addresses that no client on the public internet has', () => {
    for (const text of special) {
      const ip = parsed(text);
      const block = specialBlockOf(ip);
      assert.ok(block !== undefined && isWithin(ip, block), text);
    }
  });

  test('hold no other address', () => {
    for (const text of ordinary) assert.equal(specialBlockOf(parsed(text)), undefined, text);
  });

  test('ascend and never overlap, so that a table can be cut at their edges', () => {
    for (const [i, block] of specialBlocks.entries()) {
      const before = specialBlocks[i - 1];
      if (before === undefined || before.ip.family !== block.ip.family) continue;
      const [lastHigh, lastLow] = boundsOf(before).last;
      const [high, low] = boundsOf(block).first;
      assert.ok(lastHigh < high || (lastHigh === high && lastLow < low), formatPrefix(block));
    }
  });
});
