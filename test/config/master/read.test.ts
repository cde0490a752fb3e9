// Master files: what each line means, and what is wrong with it, to the column.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { faultsIn, head, readText, recordsIn } from '../../support/master.ts';

describe('reads', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['names below the origin', 'www A 192.0.2.1', ['www.example.test 3600 A 192.0.2.1']],
    ['whole names', 'www.example.test. A 192.0.2.1', ['www.example.test 3600 A 192.0.2.1']],
    [
      'the last name again after a blank',
      'a A 192.0.2.1\n\tAAAA ::1\n  TXT x',
      [
        'a.example.test 3600 A 192.0.2.1',
        'a.example.test 3600 AAAA ::1',
        'a.example.test 3600 TXT "x"',
      ],
    ],
    ['TTL before class', 'a 5m IN A 192.0.2.1', ['a.example.test 300 A 192.0.2.1']],
    ['class before TTL', 'a in 1H30M a 192.0.2.1', ['a.example.test 5400 A 192.0.2.1']],
    ['a class by number', 'a CLASS1 A 192.0.2.1', ['a.example.test 3600 A 192.0.2.1']],
    ['a name that looks like a class', 'IN IN A 192.0.2.1', ['in.example.test 3600 A 192.0.2.1']],
    ['a name that looks like a TTL', '10 A 192.0.2.1', ['10.example.test 3600 A 192.0.2.1']],
    [
      '$ORIGIN, relative and whole',
      '$ORIGIN lab\na MX 1 @\n$ORIGIN example.test.\nb MX 1 b',
      [
        'a.lab.example.test 3600 MX 1 lab.example.test.',
        'b.example.test 3600 MX 1 b.example.test.',
      ],
    ],
    [
      '$TTL for what follows it',
      '$TTL 1w2d\na A 192.0.2.1\n$ttl 0\nb A 192.0.2.1\nc 7 A 192.0.2.1\nd A 192.0.2.1',
      [
        'a.example.test 777600 A 192.0.2.1',
        'b.example.test 0 A 192.0.2.1',
        'c.example.test 7 A 192.0.2.1',
        'd.example.test 0 A 192.0.2.1',
      ],
    ],
    [
      'parentheses with comments and blank lines in them',
      'a ( TXT ; (\n\n "x" ) y ; )\nb A (192.0.2.1)',
      ['a.example.test 3600 TXT "x" "y"', 'b.example.test 3600 A 192.0.2.1'],
    ],
    ['; ( ) between quotes', 'a TXT "x;y" "(" ")"', ['a.example.test 3600 TXT "x;y" "(" ")"']],
    [
      'escapes',
      'a\\.b\\@ TXT c\\;d \\(e "q\\"\\\\" \\065\\010',
      ['a\\.b\\@.example.test 3600 TXT "c;d" "(e" "q\\"\\\\" "A\\010"'],
    ],
    ['any octet in a name', '\\000\\255\\032 TXT x', ['\\000\\255\\032.example.test 3600 TXT "x"']],
    [
      'capitals as small letters (RFC 4343)',
      'WWW a 192.0.2.1',
      ['www.example.test 3600 A 192.0.2.1'],
    ],
    ['UTF-8 in texts', 'a TXT "é"', ['a.example.test 3600 TXT "\\195\\169"']],
    [
      'unknown types (RFC 3597)',
      'a TYPE65280 \\# 2 ABcd',
      ['a.example.test 3600 TYPE65280 \\# 2 abcd'],
    ],
    ['known types as octets', 'a A \\# 4 C0000201', ['a.example.test 3600 A 192.0.2.1']],
    [
      'keys with quotes in them',
      'a HTTPS 1 . alpn="h2,h3" port=8443',
      ['a.example.test 3600 HTTPS 1 . alpn="h2,h3" port=8443'],
    ],
    [
      'carriage returns',
      'a A 192.0.2.1\r\nb A 192.0.2.2\r\n',
      ['a.example.test 3600 A 192.0.2.1', 'b.example.test 3600 A 192.0.2.2'],
    ],
    [
      'the same record twice as one (RFC 2181 §5)',
      'a A 192.0.2.1\nA A 192.0.2.1',
      ['a.example.test 3600 A 192.0.2.1'],
    ],
    ['a wildcard', '*.dev A 192.0.2.1', ['*.dev.example.test 3600 A 192.0.2.1']],
    [
      'a delegation with its DS and glue',
      'lab NS ns.lab\nlab DS 1 13 4 ' + 'ab'.repeat(48) + '\nns.lab A 192.0.2.1',
      [
        'lab.example.test 3600 NS ns.lab.example.test.',
        `lab.example.test 3600 DS 1 13 4 ${'ab'.repeat(48)}`,
        'ns.lab.example.test 3600 A 192.0.2.1',
      ],
    ],
    ['nothing from comments and blanks', '; x\n   \n\t; y', []],
  ];
  for (const [words, text, records] of cases) {
    test(words, () => assert.deepEqual(recordsIn(head + text), records));
  }

  test('a file that starts with the mark of a byte order', () => {
    assert.deepEqual(recordsIn(`\ufeff${head}a A 192.0.2.1`), ['a.example.test 3600 A 192.0.2.1']);
  });

  test('the last TTL that was stated, where nothing says another (RFC 1035 §5.1)', () => {
    const soa = '@ 90 SOA ns.a. hm.a. 1 2 3 4 5\n  NS ns.a.\n';
    assert.deepEqual(recordsIn(`${soa}a 7 TXT x\nb TXT y`), [
      'a.example.test 7 TXT "x"',
      'b.example.test 7 TXT "y"',
    ]);
  });

  test('the root zone, and names in it', () => {
    const text = '$TTL 60\n. SOA a. b. 1 2 3 4 5\n. NS a.\na A 192.0.2.1';
    assert.deepEqual(recordsIn(text, { origin: '.' }), ['a 60 A 192.0.2.1']);
  });
});

describe('$INCLUDE', () => {
  test('reads another file, and leaves origin and name of this one alone', () => {
    const includes = { 'sub.zone': '$ORIGIN sub\nx A 192.0.2.1\n', 'b.zone': '@ A 192.0.2.2' };
    const text = `${head}a A 192.0.2.3\n$INCLUDE sub.zone\n  TXT x\n$INCLUDE "b.zone" b ; there`;
    assert.deepEqual(recordsIn(text, { includes }), [
      'a.example.test 3600 A 192.0.2.3',
      'x.sub.example.test 3600 A 192.0.2.1',
      'a.example.test 3600 TXT "x"',
      'b.example.test 3600 A 192.0.2.2',
    ]);
  });

  test('names the file in which a fault lies', () => {
    const includes = { 'sub.zone': '\nx A y' };
    assert.match(faultsIn(`${head}$INCLUDE sub.zone`, { includes })[0] ?? '', /^sub.zone:2:5: /);
  });

  test('goes in no circle, not too deep, and to no file that is not there', () => {
    const includes = { 'b.zone': '$INCLUDE c.zone', 'c.zone': '$INCLUDE b.zone' };
    assert.deepEqual(faultsIn(`${head}$INCLUDE b.zone\n$INCLUDE d.zone`, { includes }), [
      'c.zone:1:10: b.zone includes itself (zone.syntax)',
      'a.zone:5:10: cannot read d.zone: no such file (zone.syntax)',
    ]);
    const deep = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.zone`, `$INCLUDE ${i + 1}.zone`]),
    );
    assert.deepEqual(faultsIn(`${head}$INCLUDE 0.zone`, { includes: deep }), [
      '7.zone:1:10: is more than 8 files deep (zone.syntax)',
    ]);
  });

  test('cannot multiply itself without end', () => {
    const includes = { a: '$INCLUDE b\n'.repeat(400), b: '$INCLUDE c\n'.repeat(400), c: '' };
    const faults = faultsIn(`${head}$INCLUDE a`, { includes });
    assert.equal(faults.length, 101);
    assert.match(faults[0] ?? '', /is more than 1000 files/);
  });
});

describe('says what is wrong', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      'a A 192.0.2',
      ['4:5: want "address", got "192.0.2": address is not an IPv4 address (zone.syntax)'],
    ],
    [
      'a ( TXT\n  "x"\n  \\999 )',
      [
        '5:3: want ""string" …", got ""x" \\999": "string" is not a string with its quotes and escapes closed (zone.syntax)',
      ],
    ],
    ['a 1y A 192.0.2.1', ['4:3: got 1y, want a TTL such as 3600 or 1h (zone.syntax)']],
    [
      'a 2147483648 A 192.0.2.1',
      ['4:3: got 2147483648, want a TTL such as 3600 or 1h (zone.syntax)'],
    ],
    ['a CH TXT x', ['4:3: got class CH, want IN: no other is served (zone.syntax)']],
    ['a IN 60 IN A 192.0.2.1', ['4:9: got IN, want a record type such as A or TXT (zone.syntax)']],
    ['a', ['4:1: has no type and no data (zone.syntax)']],
    ['a IN DNSKEY x', ['4:6: got DNSKEY, want a record type such as A or TXT (zone.syntax)']],
    ['a AXFR x', ['4:3: got AXFR, want a record type such as A or TXT (zone.syntax)']],
    ['a TXT', ['4:3: want ""string" …", got "" (zone.syntax)']],
    ['a TXT "x', ['4:7: this quotation mark has no partner on its line (zone.syntax)']],
    ['a TXT x\\\nb TXT x', ['4:8: nothing stands behind this backslash (zone.syntax)']],
    ['a TXT ( x\n', ['4:7: this parenthesis is never closed (zone.syntax)']],
    ['a TXT x )', ['4:9: this parenthesis was never opened (zone.syntax)']],
    ['ä TXT x', ['4:1: got ä, want a domain name (zone.syntax)']],
    ['"a" TXT x', ['4:1: got "a", want a domain name (zone.syntax)']],
    [`${'a'.repeat(64)} TXT x`, [`4:1: got ${'a'.repeat(64)}, want a domain name (zone.syntax)`]],
    [
      'www.example.net. TXT x\n  TXT y',
      ['4:1: www.example.net lies outside the zone example.test (zone.value)'],
    ],
    ['$ORIGIN a..b', ['4:9: want $ORIGIN and a domain name (zone.syntax)']],
    ['$TTL soon', ['4:6: want $TTL and a time such as 3600 or 1h (zone.syntax)']],
    ['$INCLUDE', ['4:1: want $INCLUDE, a file and perhaps a domain name (zone.syntax)']],
    [
      '$GENERATE 1-9 h$ A 192.0.2.$',
      ['4:11: $GENERATE is an extension of BIND: write the records out (zone.syntax)'],
    ],
    ['$X', ['4:1: got $X, want $ORIGIN, $TTL or $INCLUDE (zone.syntax)']],
    ['a SOA ns.a. hm.a. 1 2 3 4 5', ['4:1: a SOA stands at the apex only (zone.value)']],
    ['@ SOA ns.a. hm.a. 2 2 3 4 5', ['4:1: the zone has a SOA already (zone.value)']],
    [
      '@ DS 1 13 4 ' + 'ab'.repeat(48),
      ['4:1: a DS stands in the parent zone (RFC 4035 §2.4) (zone.value)'],
    ],
    [
      'a 60 A 192.0.2.1\na 30 A 192.0.2.2',
      ['5:1: has TTL 30s, but another A of this name has 60s (zone.value)'],
    ],
    ['a CNAME b\na TXT x', ['4:1: a.example.test has a CNAME beside TXT (zone.value)']],
    ['a CNAME b\na CNAME c', ['4:1: a.example.test has a CNAME beside another CNAME (zone.value)']],
    ['@ CNAME b.', ['4:1: example.test has a CNAME beside SOA and NS (zone.value)']],
    [
      'a DS 1 13 4 ' + 'ab'.repeat(48),
      ['4:1: a.example.test has DS, but no NS hands it to others (zone.value)'],
    ],
    [
      'lab NS ns.a.\nx.lab TXT x',
      ['5:1: x.lab.example.test has TXT below the delegation of lab.example.test (zone.value)'],
    ],
    [
      'lab NS ns.a.\nlab TXT x',
      ['5:1: lab.example.test has TXT beside a delegation, so nobody is ever told (zone.value)'],
    ],
    [
      'd DNAME x.\na.d TXT x',
      ['5:1: a.d.example.test has TXT below the DNAME of d.example.test (zone.value)'],
    ],
    [
      'd DNAME x.\nd DNAME y.',
      ['4:1: d.example.test has DNAME twice (RFC 6672 §2.4) (zone.value)'],
    ],
  ];
  for (const [text, faults] of cases) {
    test(JSON.stringify(text.slice(0, 40)), () => {
      assert.deepEqual(
        faultsIn(head + text),
        faults.map((fault) => `a.zone:${fault}`),
      );
    });
  }

  test('where SOA or NS are missing', () => {
    assert.deepEqual(faultsIn('a 60 A 192.0.2.1'), [
      'a.zone:1:1: example.test has no SOA record (zone.value)',
      'a.zone:1:1: example.test has no NS record (zone.value)',
    ]);
  });

  test('where no name and no TTL is known', () => {
    assert.deepEqual(faultsIn(`  60 A 192.0.2.1\na A 192.0.2.1\n${head}`), [
      'a.zone:1:3: no name stands here, nor before it (zone.syntax)',
      'a.zone:2:3: has no TTL: give it one, or put $TTL before it (zone.syntax)',
    ]);
  });

  test('of names in a zone of ours below, but for its delegation', () => {
    const text = `${head}lab NS ns.lab\nns.lab A 192.0.2.1\nx.lab TXT x`;
    assert.deepEqual(faultsIn(text, { inner: ['lab.example.test'] }), [
      'a.zone:6:1: x.lab.example.test belongs to the zone lab.example.test (zone.value)',
    ]);
  });

  test('of a hundred faults, and how many more there are', () => {
    const faults = faultsIn(head + 'a A x\n'.repeat(1000));
    assert.equal(faults.length, 101);
    assert.equal(faults.at(-1), 'a.zone:1:1: 900 more faults are not listed (zone.syntax)');
  });

  test('without repeating a text of any length', () => {
    const [fault = ''] = faultsIn(`${head}a A ${'x'.repeat(100_000)}`);
    assert.ok(fault.length < 400);
  });

  test('of an entry with more words than any data has', () => {
    const [fault] = faultsIn(`${head}a TXT ( ${'x '.repeat(80_000)}\n)`);
    assert.match(fault ?? '', /^a.zone:4:\d+: want at most 70000 words in one entry/);
  });
});

test('name servers of ours without an address are named, for who knows the directors', () => {
  const text = `${head}@ NS ns1\n@ NS ns2\nns2 A 192.0.2.1\nlab NS ns.lab\nlab NS ns.other.`;
  const { lost, faults } = readText(text);
  assert.deepEqual(faults, []);
  assert.deepEqual(
    lost.map(({ host, position }) => [host, position.line]),
    [
      ['\x03ns1\x07example\x04test\0', 3],
      ['\x02ns\x03lab\x07example\x04test\0', 7],
    ],
  );
});

test('takes any text without throwing, and places every fault inside the files', () => {
  const plain =
    'a @ * IN CH 60 1h A NS SOA TXT CNAME TYPE9 STEER ALIAS 192.0.2.1 " \\ \\0 ( ) ; \\# b é . =';
  const directives = '$ORIGIN $TTL $INCLUDE $GENERATE';
  const word = fc.constantFrom(
    ...`${plain} ${directives}`.split(' '),
    ...'\n \0\t\ufeff\ud800'.split(''),
    '\r\n',
  );
  const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(' '));
  const odd = fc.oneof(
    text,
    fc.string({ unit: 'binary' }),
    fc.array(word).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(odd, odd, (main, other) => {
      const texts: Record<string, string> = { 'a.zone': main, b: other };
      const { faults } = readText(main, { includes: { b: other } });
      assert.ok(faults.length <= 101);
      for (const { position, message } of faults) {
        const lines = (texts[position?.file ?? ''] ?? assert.fail()).split('\n');
        const line = lines[(position?.line ?? 0) - 1] ?? assert.fail(message);
        const column = position?.column ?? 0;
        assert.ok(column >= 1 && column <= line.length + 1, `${message} at ${column}`);
      }
    }),
    { numRuns: 1000 },
  );
});
