// Answers: what an authoritative server says to a question, set by set.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerStatic, isTransfer } from '../../src/authority/answer.ts';
import { findName, indexZones } from '../../src/authority/zone.ts';
import {
  type Answer,
  parseType,
  recordTypes,
  type RRset,
  typeName,
} from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { nameOf } from '../support/answers.ts';
import { settingsOf, zoneText } from '../support/config.ts';

const records = [
  '{ name: "@", type: MX, data: "10 mail" }',
  '{ name: "@", type: MX, data: "20 mail.example.net." }',
  '{ name: mail, type: A, data: 192.0.2.25 }',
  '{ name: mail, type: AAAA, data: "2001:db8::25" }',
  '{ name: none, type: MX, data: "0 ." }',
  '{ name: _sip._tcp, type: SRV, data: "0 5 5060 mail" }',
  '{ name: _sip._tcp, type: SRV, data: "1 5 5060 MAIL" }',
  '{ name: docs, type: CNAME, data: mail }',
  '{ name: "*.dev", type: A, ttl: 5m, data: 192.0.2.80 }',
  '{ name: "*.old", type: CNAME, data: mail }',
  '{ name: www, type: TXT, data: hello }',
  '{ name: a.b, type: TXT, data: x }',
];
const services = ['{ name: www, regions: [eu] }'];
const settings = settingsOf({ main: zoneText({ records, services, zone: ['ttl: 1h'] }) });
const index = indexZones(settings);

function show(sets: readonly RRset[]): string[] {
  return sets.flatMap(({ name, type, ttl, data }) =>
    data.map(({ text }) => `${formatName(name)} ${ttl} ${typeName(type)} ${text}`),
  );
}

function ask(name: string, type: string): Answer {
  const code = parseType(type);
  assert.ok(code !== undefined);
  return answerStatic(index, findName(index, nameOf(name)), nameOf(name), code);
}

const soa =
  'example.test 30 SOA ns-eu.example.test. hostmaster.example.test. 1767225600 7200 900 1209600 30';
const glue = 'ns-eu.example.test 86400 A 198.51.100.53';

describe('a static answer', () => {
  const cases = [
    [
      'holds every record of the set, in order',
      'mail.example.test',
      'A',
      ['mail.example.test 3600 A 192.0.2.25'],
      [],
    ],
    ['to NS has glue', 'example.test', 'NS', ['example.test 86400 NS ns-eu.example.test.'], [glue]],
    [
      'to MX has the addresses of hosts that are ours',
      'example.test',
      'MX',
      ['example.test 3600 MX 10 mail.example.test.', 'example.test 3600 MX 20 mail.example.net.'],
      ['mail.example.test 3600 A 192.0.2.25', 'mail.example.test 3600 AAAA 2001:db8::25'],
    ],
    [
      'to MX of nobody has no more',
      'none.example.test',
      'MX',
      ['none.example.test 3600 MX 0 .'],
      [],
    ],
    [
      'to SRV names each host once',
      '_sip._tcp.example.test',
      'SRV',
      [
        '_sip._tcp.example.test 3600 SRV 0 5 5060 mail.example.test.',
        '_sip._tcp.example.test 3600 SRV 1 5 5060 mail.example.test.',
      ],
      ['mail.example.test 3600 A 192.0.2.25', 'mail.example.test 3600 AAAA 2001:db8::25'],
    ],
    [
      'to SOA is the record with its own TTL',
      'example.test',
      'SOA',
      [soa.replace(' 30 ', ' 3600 ')],
      [],
    ],
    [
      'behind a CNAME follows it, whatever the type',
      'docs.example.test',
      'AAAA',
      [
        'docs.example.test 3600 CNAME mail.example.test.',
        'mail.example.test 3600 AAAA 2001:db8::25',
      ],
      [],
    ],
    [
      'is a CNAME to who asks for it',
      'docs.example.test',
      'CNAME',
      ['docs.example.test 3600 CNAME mail.example.test.'],
      [],
    ],
    [
      'of a wildcard is owned by the name that was asked',
      'x.y.dev.example.test',
      'A',
      ['x.y.dev.example.test 300 A 192.0.2.80'],
      [],
    ],
    [
      'of a wildcard may be a CNAME',
      'x.old.example.test',
      'CNAME',
      ['x.old.example.test 3600 CNAME mail.example.test.'],
      [],
    ],
    [
      'at a steered name has what nobody steers',
      'www.example.test',
      'TXT',
      ['www.example.test 3600 TXT "hello"'],
      [],
    ],
    // RFC 8482 §4.2, and its exception for a CNAME.
    [
      'to ANY is one record that says so',
      'mail.example.test',
      'ANY',
      ['mail.example.test 3600 HINFO "RFC8482" ""'],
      [],
    ],
    [
      'to ANY at a steered name is the same',
      'www.example.test',
      'ANY',
      ['www.example.test 3600 HINFO "RFC8482" ""'],
      [],
    ],
    [
      'to ANY is the CNAME where there is one',
      'docs.example.test',
      'ANY',
      ['docs.example.test 3600 CNAME mail.example.test.'],
      [],
    ],
  ] as const;
  for (const [words, name, type, answers, additional] of cases) {
    test(`${words}: ${name} ${type}`, () => {
      const answer = ask(name, type);
      assert.equal(answer.rcode, 'NOERROR');
      assert.equal(answer.isAuthoritative, true);
      assert.deepEqual(show(answer.answers), answers);
      assert.deepEqual(show(answer.authority), []);
      assert.deepEqual(show(answer.additional), additional);
      assert.equal(answer.extendedError, undefined);
    });
  }
});

describe('a negative answer', () => {
  const cases = [
    ['a type that is not there', 'mail.example.test', 'TXT', 'NOERROR'],
    ['an empty non-terminal', 'b.example.test', 'A', 'NOERROR'],
    ['an empty non-terminal, anything', 'b.example.test', 'ANY', 'NOERROR'],
    ['a wildcard without the type', 'x.dev.example.test', 'TXT', 'NOERROR'],
    ['a steered name, a type that nobody steers', 'www.example.test', 'MX', 'NOERROR'],
    ['a type that nobody knows', 'mail.example.test', 'TYPE65000', 'NOERROR'],
    ['a name that is not there', 'nobody.example.test', 'A', 'NXDOMAIN'],
    ['a name below one that is there', 'x.mail.example.test', 'ANY', 'NXDOMAIN'],
  ] as const;
  for (const [words, name, type, rcode] of cases) {
    test(`to ${words} is ${rcode} with the SOA`, () => {
      const answer = ask(name, type);
      assert.equal(answer.rcode, rcode);
      assert.equal(answer.isAuthoritative, true);
      assert.deepEqual(answer.answers, []);
      assert.deepEqual(show(answer.authority), [soa]);
    });
  }

  test('outside our zones is REFUSED, and says why', () => {
    const answer = ask('www.example.net', 'A');
    assert.equal(answer.rcode, 'REFUSED');
    assert.equal(answer.isAuthoritative, false);
    assert.deepEqual(answer.authority, []);
    assert.deepEqual(answer.extendedError, { code: 20, text: 'not a zone of this server' });
  });
});

test('transfers are AXFR and IXFR', () => {
  const types = Object.values(recordTypes).filter(isTransfer);
  assert.deepEqual(types.map(typeName), ['IXFR', 'AXFR']);
});
