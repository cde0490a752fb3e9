// Aliases: chains of CNAMEs inside a zone, and DNAMEs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zoneStage } from '../support/authority-stage.ts';

const soa =
  'authority example.test 30 SOA ns-eu.example.test. hostmaster.example.test. 1767225600 7200 900 1209600 30';
const longLabel = 'x'.repeat(63);

const ask = zoneStage(
  [
    '{ name: mail, type: A, ttl: 5m, data: 192.0.2.25 }',
    '{ name: one, type: CNAME, data: two }',
    '{ name: two, type: CNAME, data: mail }',
    '{ name: gone, type: CNAME, data: nobody }',
    '{ name: away, type: CNAME, data: mail.example.net. }',
    '{ name: round, type: CNAME, data: about }',
    '{ name: about, type: CNAME, data: round }',
    '{ name: self, type: CNAME, data: self }',
    '{ name: steered, type: CNAME, data: www }',
    '{ name: lent, type: CNAME, data: x.lab }',
    '{ name: lab, type: NS, data: ns.example.net. }',
    '{ name: old, type: DNAME, ttl: 10m, data: new }',
    '{ name: x.new, type: TXT, data: here }',
    `{ name: big, type: DNAME, data: "${`${longLabel}.`.repeat(3)}example.net." }`,
    '{ name: swap, type: DNAME, data: swap.swap2 }',
    '{ name: swap2, type: DNAME, data: swap }',
    ...Array.from({ length: 12 }, (_, i) => `{ name: c${i}, type: CNAME, data: c${i + 1} }`),
  ],
  ['{ name: www, regions: [eu] }'],
);

describe('a CNAME (RFC 1034 §4.3.2 step 3a)', () => {
  test('is followed to its end inside the zone', () => {
    assert.deepEqual(ask('one.example.test', 'A'), [
      'NOERROR AA',
      'answer one.example.test 3600 CNAME two.example.test.',
      'answer two.example.test 3600 CNAME mail.example.test.',
      'answer mail.example.test 300 A 192.0.2.25',
    ]);
  });

  test('to a name without the type ends in NODATA (RFC 2308 §2.2)', () => {
    assert.deepEqual(ask('two.example.test', 'TXT'), [
      'NOERROR AA',
      'answer two.example.test 3600 CNAME mail.example.test.',
      soa,
    ]);
  });

  test('to nowhere has the code of its end (RFC 6604 §3)', () => {
    assert.deepEqual(ask('gone.example.test', 'A'), [
      'NXDOMAIN AA',
      'answer gone.example.test 3600 CNAME nobody.example.test.',
      soa,
    ]);
  });

  test('out of the zone, or to a steered name, stands alone', () => {
    const away = ['NOERROR AA', 'answer away.example.test 3600 CNAME mail.example.net.'];
    assert.deepEqual(ask('away.example.test', 'A'), away);
    const steered = ['NOERROR AA', 'answer steered.example.test 3600 CNAME www.example.test.'];
    assert.deepEqual(ask('steered.example.test', 'A'), steered);
    assert.equal(ask('steered.example.test', 'TXT')[0], 'NOERROR AA');
  });

  test('to itself, or round in a circle, says each link once', () => {
    assert.equal(ask('self.example.test', 'A').length, 2);
    assert.equal(ask('round.example.test', 'A').length, 3);
  });

  test('of a long chain ends somewhere', () => {
    assert.equal(ask('c0.example.test', 'A').length, 10);
  });

  test('into a delegation brings the referral along', () => {
    assert.deepEqual(ask('lent.example.test', 'A'), [
      'NOERROR AA',
      'answer lent.example.test 3600 CNAME x.lab.example.test.',
      'authority lab.example.test 3600 NS ns.example.net.',
    ]);
  });

  test('is the answer to CNAME and to ANY without being followed', () => {
    for (const type of ['CNAME', 'ANY']) assert.equal(ask('one.example.test', type).length, 2);
  });
});

describe('a DNAME (RFC 6672)', () => {
  test('renames what is below it, with a CNAME of its own TTL (§3.1)', () => {
    assert.deepEqual(ask('x.old.example.test', 'TXT'), [
      'NOERROR AA',
      'answer old.example.test 600 DNAME new.example.test.',
      'answer x.old.example.test 600 CNAME x.new.example.test.',
      'answer x.new.example.test 3600 TXT "here"',
    ]);
  });

  test('does not rename its owner (§2.3)', () => {
    assert.deepEqual(ask('old.example.test', 'A'), ['NOERROR AA', soa]);
    assert.deepEqual(ask('old.example.test', 'DNAME'), [
      'NOERROR AA',
      'answer old.example.test 600 DNAME new.example.test.',
    ]);
  });

  test('to a name that is too long is YXDOMAIN with the DNAME alone (§2.2)', () => {
    const lines = ask(`${'y'.repeat(60)}.big.example.test`, 'A');
    assert.equal(lines[0], 'YXDOMAIN AA');
    assert.equal(lines.length, 2);
    assert.equal(ask('y.big.example.test', 'A')[0], 'NOERROR AA');
  });

  test('that grows the name at each turn ends', () => {
    assert.match(ask('x.swap.example.test', 'A')[0] ?? '', /^NOERROR|^YXDOMAIN/);
  });
});
