// Referrals: names that were handed to other name servers.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zoneStage } from '../support/authority-stage.ts';

const soa =
  'authority example.test 30 SOA ns-eu.example.test. hostmaster.example.test. 1767225600 7200 900 1209600 30';
const digest = 'ab'.repeat(32);

const ask = zoneStage([
  '{ name: lab, type: NS, data: ns.lab }',
  '{ name: lab, type: NS, data: ns.example.net. }',
  `{ name: lab, type: DS, data: "1 13 2 ${digest}" }`,
  '{ name: ns.lab, type: A, data: 192.0.2.53 }',
  '{ name: plain, type: NS, data: ns.lab }',
]);

const servers = [
  'authority lab.example.test 3600 NS ns.lab.example.test.',
  'authority lab.example.test 3600 NS ns.example.net.',
];
const glue = 'additional ns.lab.example.test 3600 A 192.0.2.53';

describe('a delegated name', () => {
  for (const name of ['lab.example.test', 'a.b.lab.example.test', 'ns.lab.example.test']) {
    test(`${name} is referred to its servers, with glue and without AA (RFC 1034 §4.3.2 step 3b)`, () => {
      for (const type of ['A', 'NS', 'SOA', 'ANY']) {
        assert.deepEqual(ask(name, type), ['NOERROR', ...servers, glue]);
      }
    });
  }

  test('has its DS in the referral for those who set DO (RFC 4035 §3.1.4)', () => {
    assert.deepEqual(ask('www.lab.example.test', 'A', true), [
      'NOERROR',
      ...servers,
      `authority lab.example.test 3600 DS 1 13 2 ${digest}`,
      glue,
    ]);
  });

  test('has its DS here (RFC 4035 §3.1.4.1)', () => {
    assert.deepEqual(ask('lab.example.test', 'DS'), [
      'NOERROR AA',
      `answer lab.example.test 3600 DS 1 13 2 ${digest}`,
    ]);
    assert.deepEqual(ask('plain.example.test', 'DS'), ['NOERROR AA', soa]);
    assert.deepEqual(ask('x.lab.example.test', 'DS'), ['NOERROR', ...servers, glue]);
  });

  test('has glue also from a delegation beside it (RFC 9471 §2.2)', () => {
    assert.deepEqual(ask('plain.example.test', 'A'), [
      'NOERROR',
      'authority plain.example.test 3600 NS ns.lab.example.test.',
      glue,
    ]);
  });
});

describe('a zone of ours within another of ours', () => {
  const both = zoneStage(
    [`{ name: lab, type: DS, data: "1 13 2 ${digest}" }`, '{ name: lab, type: NS, data: ns.lab }'],
    [],
    [
      '{ name: lab.example.test, records: [{ name: www, type: A, data: 192.0.2.80 }] }',
      '{ name: plain.example.test }',
      '{ name: deep.lab.example.test }',
    ],
  );

  test('has its DS in its parent (RFC 4035 §3.1.4.1)', () => {
    assert.deepEqual(both('lab.example.test', 'DS'), [
      'NOERROR AA',
      `answer lab.example.test 3600 DS 1 13 2 ${digest}`,
    ]);
  });

  test('has none where the parent, which may know nothing of it, has none', () => {
    assert.deepEqual(both('plain.example.test', 'DS'), ['NOERROR AA', soa]);
    const [code, negative] = both('deep.lab.example.test', 'DS');
    assert.equal(code, 'NOERROR AA');
    assert.match(negative ?? '', /^authority lab\.example\.test \d+ SOA/);
  });

  test('answers for all else itself', () => {
    assert.deepEqual(both('www.lab.example.test', 'A'), [
      'NOERROR AA',
      'answer www.lab.example.test 3600 A 192.0.2.80',
    ]);
    const own = both('lab.example.test', 'NS');
    assert.equal(own[0], 'NOERROR AA');
    assert.ok(!own.some((line) => line.includes('answer') && line.includes('ns.lab')));
    assert.equal(both('ns.lab.example.test', 'A')[0], 'NXDOMAIN AA');
  });
});
