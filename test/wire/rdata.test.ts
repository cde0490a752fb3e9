// Record data: presentation form → octets and canonical text, and words for what is wrong.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatIp, ipv4, ipv6 } from '../../src/model/ip.ts';
import { type Rdata, recordTypes } from '../../src/model/message.ts';
import { addressRdata } from '../../src/wire/rdata/address.ts';
import { nameRdata } from '../../src/wire/rdata/fields.ts';
import { soaRdata } from '../../src/wire/rdata/soa.ts';
import { formatRdata, parseRdata } from '../../src/wire/rdata.ts';
import { nameOf } from '../support/answers.ts';
import { toHex } from '../support/hex.ts';

type TypeName = keyof typeof recordTypes;

const origin = nameOf('example.test');

describe('parseRdata', () => {
  const good: readonly (readonly [TypeName, string, string, string])[] = [
    ['A', '192.0.2.1', '192.0.2.1', 'c0000201'],
    ['AAAA', '2001:DB8:0:0::1', '2001:db8::1', '20010db8000000000000000000000001'],
    ['AAAA', '::', '::', '0'.repeat(32)],
    ['AAAA', '::ffff:192.0.2.1', '::ffff:c000:201', '00000000000000000000ffffc0000201'],
    ['NS', 'ns', 'ns.example.test.', '026e73076578616d706c65047465737400'],
    ['CNAME', '@', 'example.test.', '076578616d706c65047465737400'],
    ['CNAME', 'A\\.b.C.', 'a\\.b.c.', '03612e62016300'],
    ['PTR', '.', '.', '00'],
    ['MX', '10 mail.', '10 mail.', '000a046d61696c00'],
    ['MX', '  0   . ', '0 .', '000000'],
    ['SRV', '010 60 5060 sip.', '10 60 5060 sip.', '000a003c13c40373697000'],
    ['SRV', '0 0 65535 .', '0 0 65535 .', '00000000ffff00'],
    ['TXT', '"a b" c', '"a b" "c"', '036120620163'],
    ['TXT', '""', '""', '00'],
    ['TXT', '"q\\"b\\\\" \\104i\\ there', '"q\\"b\\\\" "hi there"', '047122625c086869207468657265'],
    ['TXT', '\\000\\127\\255', '"\\000\\127\\255"', '03007fff'],
    ['TXT', '"é;"', '"\\195\\169;"', '03c3a93b'],
    [
      'CAA',
      '0 Issue "ca.example.net"',
      '0 issue "ca.example.net"',
      '000569737375656361' + hexOf('.example.net'),
    ],
    ['CAA', '128 tbs ""', '128 tbs ""', '8003746273'],
    [
      'SOA',
      'ns. hm. 4294967295 1 2 3 4',
      'ns. hm. 4294967295 1 2 3 4',
      '026e730002686d00ffffffff00000001000000020000000300000004',
    ],
  ];
  const more: typeof good = [
    ['DNAME', 'Other', 'other.example.test.', `056f74686572${hexOf('\x07example\x04test\0')}`],
    ['HINFO', 'PC "Linux 6"', '"PC" "Linux 6"', `025043${hexOf('\x07Linux 6')}`],
    [
      'DS',
      `1 13 2 ${'Ab'.repeat(16)} ${'cd'.repeat(16)}`,
      `1 13 2 ${'ab'.repeat(16)}${'cd'.repeat(16)}`,
      `00010d02${'ab'.repeat(16)}${'cd'.repeat(16)}`,
    ],
    ['SSHFP', `4 2 ${'0f'.repeat(32)}`, `4 2 ${'0f'.repeat(32)}`, `0402${'0f'.repeat(32)}`],
    ['TLSA', '3 1 0 abcd ef', '3 1 0 abcdef', '030100abcdef'],
    [
      'NAPTR',
      '100 10 u E2U+sip "!^.*$!sip:x@y!" .',
      '100 10 "u" "E2U+sip" "!^.*$!sip:x@y!" .',
      `0064000a0175${hexOf('\x07E2U+sip\x0e!^.*$!sip:x@y!\0')}`,
    ],
    [
      'URI',
      '10 1 "https://example.net/a b"',
      '10 1 "https://example.net/a b"',
      `000a0001${hexOf('https://example.net/a b')}`,
    ],
    // RFC 1876 §4's own example of a place, and its defaults.
    [
      'LOC',
      '42 21 54 N 71 06 18 W -24m 30m',
      '42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m',
      '0033161389172dd070be15f000988d20',
    ],
    [
      'HTTPS',
      '1 . alpn=h2,h3 ipv4hint=192.0.2.1',
      '1 . alpn="h2,h3" ipv4hint=192.0.2.1',
      `0001000001000602683202683300040004c0000201`,
    ],
    ['HTTPS', '0 www', '0 www.example.test.', `0000${hexOf('\x03www\x07example\x04test\0')}`],
    ['SVCB', '1 foo. port=53', '1 foo. port=53', '000103666f6f00000300020035'],
    // RFC 9460 appendix D.2, figures 4 to 10.
    [
      'SVCB',
      '1 foo.example.com. key667="hello\\210qoo"',
      '1 foo.example.com. key667="hello\\210qoo"',
      `0001${hexOf('\x03foo\x07example\x03com\0')}029b000968656c6c6fd2716f6f`,
    ],
    [
      'SVCB',
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"'.replaceAll('"', ''),
      '1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1',
      `0001${hexOf('\x03foo\x07example\x03com\0')}0006002020010db800000000000000000000000120010db8000000000000000000530001`,
    ],
    [
      'SVCB',
      '16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
      `0010${hexOf('\x03foo\x07example\x03org\0')}0000000400010004000100090268320568332d313900040004c0000201`,
    ],
    [
      'SVCB',
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      `0010${hexOf('\x03foo\x07example\x03org\0')}0001000c08665c6f6f2c626172026832`,
    ],
    ['A', '\\# 4 C0000201', '192.0.2.1', 'c0000201'],
    ['TXT', '\\# 3 0261 62', '"ab"', '026162'],
  ];
  for (const [type, text, canonical, wire] of [...good, ...more]) {
    test(`reads ${type} ${text}`, () => {
      const rdata = parsed(type, text);
      assert.equal(rdata.text, canonical);
      assert.equal(toHex(rdata.wire), wire);
      const { length } = rdata.wire;
      assert.equal(formatRdata(recordTypes[type], rdata.wire, 0, length), canonical);
      assert.deepEqual(parsed(type, `\\# ${length} ${wire}`), rdata);
    });
  }

  test('keeps data of unknown types as octets (RFC 3597 §5)', () => {
    const rdata = parseRdata(65_280, '\\# 3 ABCDEF', origin) as Rdata;
    assert.deepEqual([rdata.text, toHex(rdata.wire)], ['\\# 3 abcdef', 'abcdef']);
    assert.equal((parseRdata(65_280, '\\# 0', origin) as Rdata).wire.length, 0);
    const complaint = (text: string) => JSON.stringify(parseRdata(65_280, text, origin));
    assert.match(complaint('\\# 2 abcdef'), /2 octets are announced, 3/);
    assert.match(complaint('\\# 1 a'), /want /);
  });

  test('splits a string of more than 255 octets (RFC 1035 §3.3)', () => {
    const rdata = parsed('TXT', `"${'x'.repeat(600)}"`);
    assert.deepEqual([rdata.wire[0], rdata.wire[256], rdata.wire[512]], [255, 255, 90]);
    assert.equal(rdata.wire.length, 603);
    assert.equal(rdata.text, `"${'x'.repeat(255)}" "${'x'.repeat(255)}" "${'x'.repeat(90)}"`);
    assert.equal(parsed('TXT', 'y'.repeat(255)).wire.length, 256);
    assert.equal(parsed('TXT', 'y'.repeat(256)).wire.length, 258);
  });

  const bad: readonly (readonly [TypeName, string, RegExp])[] = [
    ['A', '\\# 3 c00002', /no data of this type/],
    ['CNAME', '\\# 2 c000', /no data of this type/],
    ['DS', `1 13 2 ${'ab'.repeat(31)}`, /a digest of type 2 has 32 octets, this one 31/],
    ['DS', '1 13 2 abc', /pairs of hexadecimal digits/],
    ['LOC', '91 N 0 E 0', /want "degrees/],
    ['LOC', '1 N 0 E', /want "degrees/],
    ['LOC', '1 61 N 0 E 0', /want "degrees/],
    ['LOC', '1 N 0 E 0m 1m 1m 1m 1m', /want "degrees/],
    ['HTTPS', '1 . port=1 port=2', /the key port stands twice/],
    ['HTTPS', '1 . nokey=1', /starts with no known key/],
    ['HTTPS', '1 . mandatory=alpn', /alpn is mandatory, but missing/],
    ['HTTPS', '1 . mandatory=mandatory', /want other keys/],
    ['HTTPS', '1 . no-default-alpn', /without alpn/],
    ['HTTPS', '1 . ipv4hint=::1', /want IPv4 addresses/],
    ['HTTPS', '1 . alpn=h2,,h3', /want protocol names/],
    ['HTTPS', '1 . key65535=x', /starts with no known key/],
    ['NAPTR', `1 1 "" "${'x'.repeat(256)}" "" .`, /services" is not a string of at most 255/],
    ['A', '192.0.2', /^want "address", got "192.0.2": address is not an IPv4 address$/],
    ['A', '::ffff:192.0.2.1', /not an IPv4 address/],
    ['A', '192.0.2.1 192.0.2.2', /^want "address", got "192.0.2.1 192.0.2.2"$/],
    ['AAAA', '192.0.2.1', /not an IPv6 address/],
    ['AAAA', '', /^want "address", got ""$/],
    ['NS', 'a..b', /not a domain name/],
    ['NS', 'x'.repeat(64), /not a domain name/],
    ['CNAME', '', /^want "name", got ""$/],
    ['MX', 'mail', /^want "preference exchange", got "mail"$/],
    ['MX', 'ten mail', /preference is not a whole number from 0 to 65535$/],
    ['MX', '65536 mail', /preference is not/],
    ['MX', '-1 mail', /preference is not/],
    ['SRV', '1 2 sip.', /^want "priority weight port target", got "1 2 sip\."$/],
    ['SRV', '1 2 3 4 5', /^want "priority weight port target"/],
    ['SRV', '1 2 65536 sip.', /port is not/],
    ['TXT', '', /^want ""string" …", got ""$/],
    ['TXT', '"open', /quotes and escapes closed$/],
    ['TXT', '"open\\"', /quotes and escapes closed$/],
    ['TXT', 'open\\', /quotes and escapes closed$/],
    ['TXT', '"\\256"', /quotes and escapes closed$/],
    ['CAA', '256 issue "x"', /flags is not a whole number from 0 to 255$/],
    ['CAA', '0 is-sue "x"', /tag is not letters and digits$/],
    ['CAA', '0 issue', /^want "flags tag "value"", got "0 issue"$/],
    ['SOA', 'ns. hm. 4294967296 1 2 3 4', /serial is not a whole number from 0 to 4294967295$/],
    ['SOA', 'ns. hm. 1 1h 2 3 4', /refresh is not/],
    ['OPT', '', /written as octets/],
    ['TXT', 'x '.repeat(40_000), /^want at most 65535 octets of data, got 80000$/],
  ];
  for (const [type, text, words] of bad) {
    test(`says what is wrong with ${type} ${text.slice(0, 40)}`, () => {
      const complaint = parseRdata(recordTypes[type], text, origin);
      assert.ok(typeof complaint === 'string');
      assert.match(complaint, words);
    });
  }

  test('reads its own canonical text back as the same octets', () => {
    fc.assert(
      fc.property(anyRecord(), ([type, text]) => {
        const first = parsed(type, text);
        const second = parsed(type, first.text);
        assert.equal(toHex(second.wire), toHex(first.wire));
        assert.equal(second.text, first.text);
      }),
    );
  });

  test('takes any text without throwing', () => {
    const type = fc.constantFrom(...Object.values(recordTypes), 0, 65_535);
    const char = fc.constantFrom(
      '"',
      '\\',
      ' ',
      '\n',
      '.',
      ':',
      '0',
      '9',
      'a',
      'é',
      '\u{1f600}',
      '\ud800',
    );
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: char }));
    fc.assert(
      fc.property(type, text, (code, words) => {
        const rdata = parseRdata(code, words, origin);
        if (typeof rdata !== 'string') assert.ok(rdata.wire.length <= 0xffff);
      }),
    );
  });
});

describe('data from values', () => {
  test('addresses become A or AAAA data by their family', () => {
    fc.assert(
      fc.property(word(), word(), word(), word(), (a, b, c, d) => {
        const four = parsed('A', formatIp(ipv4(a)));
        assert.deepEqual(addressRdata(ipv4(a)), four);
        const six = parsed('AAAA', formatIp(ipv6(a, b, c, d)));
        assert.deepEqual(addressRdata(ipv6(a, b, c, d)), six);
      }),
    );
  });

  test('a name is written whole, and the root as one octet', () => {
    assert.deepEqual(nameRdata(nameOf('www.example.test')), parsed('NS', 'www'));
    assert.deepEqual(nameRdata(nameOf('.')), parsed('NS', '.'));
  });

  test('an SOA is what its text would be', () => {
    const values = {
      serial: 0xffffffff,
      refresh: 7200,
      retry: 900,
      expire: 1_209_600,
      minimum: 30,
    };
    const rdata = soaRdata({ mname: nameOf('ns.a'), rname: nameOf('hm.a'), ...values });
    assert.deepEqual(rdata, parsed('SOA', 'ns.a. hm.a. 4294967295 7200 900 1209600 30'));
  });
});

function parsed(type: TypeName, text: string): Rdata {
  const rdata = parseRdata(recordTypes[type], text, origin);
  assert.ok(typeof rdata !== 'string', `${type} ${text}: ${rdata as string}`);
  return rdata;
}

function word(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 0xffffffff });
}

/** Text that one of the types takes, with names and strings as odd as they may be. */
function anyRecord(): fc.Arbitrary<readonly [TypeName, string]> {
  const small = fc.nat(0xffff);
  const escaped = fc
    .uint8Array({ minLength: 1, maxLength: 20 })
    .map((octets) => Array.from(octets, (octet) => `\\${String(octet).padStart(3, '0')}`).join(''));
  const name = fc
    .array(escaped, { minLength: 1, maxLength: 5 })
    .map((labels) => `${labels.join('.')}.`);
  const string = fc.oneof(
    escaped.map((inner) => `"${inner}"`),
    fc.stringMatching(/^"[ !#-[\]-~]{0,300}"$/),
  );
  return fc.oneof(
    name.map((text) => ['NS', text] as const),
    fc.tuple(small, name).map((parts) => ['MX', parts.join(' ')] as const),
    fc.tuple(small, small, small, name).map((parts) => ['SRV', parts.join(' ')] as const),
    fc.array(string, { minLength: 1, maxLength: 4 }).map((all) => ['TXT', all.join(' ')] as const),
    fc
      .tuple(fc.nat(255), string)
      .map(([flags, value]) => ['CAA', `${flags} issue ${value}`] as const),
    fc.tuple(name, name, small).map(([m, r, n]) => ['SOA', `${m} ${r} ${n} ${n} 1 2 3`] as const),
  );
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

describe('formatRdata', () => {
  const types = [...Object.values(recordTypes), 65_280];
  test('never throws, and what it shows is read back as the same text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat({ max: 20 }),
        (type, message, start) => {
          const at = Math.min(start, message.length);
          const text = formatRdata(type, message, at, message.length);
          const back = parseRdata(type, text, nameOf('.'));
          // Octets that are no data of a known type are shown as octets and refused as data.
          if (typeof back === 'string') assert.match(text, /^\\# /);
          else assert.equal(formatRdata(type, back.wire, 0, back.wire.length), back.text);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test('follows pointers backwards only (RFC 1035 §4.1.4)', () => {
    const message = Uint8Array.of(2, 0x6e, 0x73, 0, 1, 0x61, 0xc0, 0, 0xc0, 8);
    assert.equal(formatRdata(recordTypes.NS, message, 4, 8), 'a.ns.');
    assert.equal(formatRdata(recordTypes.NS, message, 8, 10), '\\# 2 c008');
  });
});
