// A question in words → the same decision as by DNS, as plain data, or a fault that names the field.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolve } from '../../src/director/resolve.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { ResolveReport, ResolveRequest } from '../../src/model/report.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { plainSnapshot, viewOf } from '../support/dns-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anIp, anOverride, aRegion, aService, aSnapshot, noon } from '../support/fleet.ts';

const clock = createFakeClock(noon);
const shipped = viewOf(plainSnapshot(settingsOf(shippedText())));

function ask(change: Partial<ResolveRequest>, view = shipped): ResolveReport | Fault {
  const request = {
    name: 'www.example.test',
    type: 'A',
    client: undefined,
    resolver: undefined,
    explain: false,
    peer: anIp('198.51.100.7'),
  };
  return resolve(view, { ...request, ...change }, clock);
}

function answerTo(change: Partial<ResolveRequest>, view = shipped): ResolveReport {
  const report = ask(change, view);
  assert.ok(!('code' in report), JSON.stringify(report));
  return report;
}

describe('the report', () => {
  test('on a steered name says everything there is', () => {
    const { decisionId, ...report } = answerTo({ client: '81.2.69.142' });
    assert.match(decisionId, /^e1-[0-9a-z]+$/);
    assert.deepEqual(report, {
      name: 'www.example.test',
      type: 'A',
      client: '81.2.69.142',
      status: 'NOERROR',
      answers: [{ type: 'A', data: '192.0.2.10', ttl: 30 }],
      ttl: 30,
      regions: ['eu-west'],
      scope: 3,
      epoch: 1,
    });
  });

  test('for a resolver is what that resolver would be answered', async () => {
    const steps = [{ kind: 'round-robin' }, { kind: 'take', count: 1 }];
    const regions = [aRegion('ash'), aRegion('birch')];
    const view = viewOf(aSnapshot({ regions, services: [aService({ regions, steps })] }));
    const asked = async (change: Partial<ResolveRequest>): Promise<string> => {
      await clock.advance(1000);
      return answerTo(change, view).regions.join();
    };
    const answers: string[] = [];
    const own = new Set<string>();
    for (let i = 0; i < 4; i++) {
      answers.push(await asked({ resolver: '9.9.9.9' }));
      // Somebody who asks for itself keeps what it has.
      own.add(await asked({}));
      await clock.advance(1000);
    }
    assert.deepEqual(new Set(answers), new Set(['ash', 'birch']));
    assert.deepEqual(answers, [answers[0], answers[1], answers[0], answers[1]]);
    assert.equal(own.size, 1);
    assert.equal(answerTo({ resolver: '9.9.9.9' }).client, '9.9.9.9');
    assert.deepEqual(ask({ resolver: 'nine' }), {
      code: 'request.invalid',
      path: '/resolver',
      message: 'got "nine", want an address',
    });
  });

  test('on a static name has no regions and no scope', () => {
    const report = answerTo({ name: 'MAIL.example.test.', type: 'aaaa' });
    assert.equal(report.name, 'mail.example.test');
    assert.equal(report.type, 'AAAA');
    assert.deepEqual(report.answers, [{ type: 'AAAA', data: '2001:db8:25::25', ttl: 3600 }]);
    assert.deepEqual(report.regions, []);
    assert.equal(report.scope, 0);
    assert.equal(report.decisionId, 'e1');
  });

  test('on several records has each of them', () => {
    assert.deepEqual(
      answerTo({ name: 'example.test', type: 'NS' }).answers.map(({ data }) => data),
      ['ns-ap-northeast.example.test.', 'ns-eu-west.example.test.', 'ns-us-east.example.test.'],
    );
  });

  const negative = [
    ['a name that is not there', { name: 'nobody.example.test' }, 'NXDOMAIN', 30],
    ['a type that is not there', { type: 'MX' }, 'NOERROR', 30],
    ['a type without a name of its own', { type: 'TYPE65' }, 'NOERROR', 30],
    ['a name of somebody else', { name: 'example.net' }, 'REFUSED', 0],
    ['a transfer', { name: 'example.test', type: 'AXFR' }, 'REFUSED', 0],
  ] as const;
  for (const [words, change, status, ttl] of negative) {
    test(`on ${words} is ${status} with the TTL of that`, () => {
      const report = answerTo(change);
      assert.equal(report.status, status);
      assert.equal(report.ttl, ttl);
      assert.deepEqual(report.answers, []);
    });
  }

  test('tells in a note what DNS tells in an extended error', () => {
    assert.equal(answerTo({}).note, undefined);
    assert.equal(answerTo({ name: 'example.net' }).note, 'not a zone of this server');
    const regions = [aRegion('ash')];
    const withheld = viewOf(aSnapshot({ regions, overrides: [anOverride('ash')] }));
    assert.equal(answerTo({}, withheld).note, 'every region is withheld by an override');
  });

  test('names the client: an address, a prefix, or else who asks', () => {
    assert.equal(answerTo({ client: '2001:DB8:0::1' }).client, '2001:db8::1');
    assert.equal(answerTo({ client: '81.2.0.0/16' }).client, '81.2.0.0/16');
    assert.equal(answerTo({ client: '81.2.69.142/32' }).client, '81.2.69.142');
    assert.equal(answerTo({ client: '::ffff:81.2.69.142' }).client, '81.2.69.142');
    assert.equal(answerTo({}).client, '198.51.100.7');
  });

  test('of two equal decisions has one id, of different ones two', () => {
    const id = (client: string): string => answerTo({ client }).decisionId;
    assert.equal(id('81.2.69.142'), id('81.2.69.143'));
    assert.notEqual(id('81.2.69.142'), id('2001:470::1'));
  });
});

describe('the trail', () => {
  test('comes to who asks why', () => {
    assert.equal(answerTo({}).trail, undefined);
    const { trail } = answerTo({ explain: true });
    assert.deepEqual(
      trail?.steps.map(({ step }) => step),
      ['nearest', 'overrides', 'alive', 'half-open', 'last-resort', 'take'],
    );
    assert.match(trail?.text ?? '', /^www\.example\.test → eu-west\n/);
  });

  test('is of the service that steers, also under a wildcard', () => {
    const regions = [aRegion('ash')];
    const services = [aService({ name: '*.app.example.test', regions })];
    const view = viewOf(aSnapshot({ regions, services }));
    const { trail } = answerTo({ name: 'x.app.example.test', explain: true }, view);
    assert.match(trail?.text ?? '', /app\.example\.test → ash\n/);
  });

  test('does not come where nothing was decided', () => {
    assert.equal(answerTo({ name: 'mail.example.test', explain: true }).trail, undefined);
  });
});

describe('a request is refused', () => {
  const cases = [
    ['/name', { name: '' }, 'got "", want a domain name'],
    ['/name', { name: 'a..b' }, 'got "a..b", want a domain name'],
    ['/name', { name: '@' }, 'got "@", want a domain name'],
    ['/name', { name: 'ä.test' }, 'got "ä.test", want a domain name'],
    [
      '/name',
      { name: `${'a'.repeat(64)}.test` },
      `got "${'a'.repeat(64)}.test", want a domain name`,
    ],
    ['/type', { type: 'AAAAA' }, 'got "AAAAA", want a record type such as A'],
    ['/type', { type: 'TYPE65536' }, 'got "TYPE65536", want a record type such as A'],
    ['/client', { client: '1.2.3' }, 'got "1.2.3", want an address or a prefix without stray bits'],
    [
      '/client',
      { client: '81.2.69.142/24' },
      'got "81.2.69.142/24", want an address or a prefix without stray bits',
    ],
    ['/client', { client: '' }, 'got "", want an address or a prefix without stray bits'],
    [
      '/client',
      { client: '81.2.69.0/33' },
      'got "81.2.69.0/33", want an address or a prefix without stray bits',
    ],
  ] as const;
  for (const [path, change, message] of cases) {
    test(`when ${message.slice(0, 60)}`, () => {
      assert.deepEqual(ask(change), { code: 'request.invalid', path, message });
    });
  }
});
