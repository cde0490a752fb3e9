// Question → direction: the one way to a decision, and the records that follow from it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerDirection, direct, isTailored, traceDirection } from '../../src/director/direct.ts';
import type { Question } from '../../src/model/decision.ts';
import { recordTypes } from '../../src/model/message.ts';
import { nameOf } from '../support/answers.ts';
import { viewOf } from '../support/dns-stage.ts';
import { aClient, anOverride, aRegion, aService, aSnapshot, noon } from '../support/fleet.ts';

const regions = [aRegion('ash'), aRegion('elm', { ipv6: [] })];
const services = [
  aService({ regions: ['elm', 'ash'] }),
  aService({ name: '*.app.example.test', regions }),
];
const view = viewOf(aSnapshot({ regions, services }));

function question(name: string, type: keyof typeof recordTypes = 'A'): Question {
  return { name: nameOf(name), type: recordTypes[type], client: aClient('81.2.69.0/24') };
}

describe('a decision', () => {
  const cases = [
    ['www.example.test', 'A', 'www.example.test'],
    ['www.example.test', 'AAAA', 'www.example.test'],
    ['x.app.example.test', 'A', '*.app.example.test'],
    ['www.example.test', 'TXT', undefined],
    ['www.example.test', 'ANY', undefined],
    ['www.example.test', 'AXFR', undefined],
    ['app.example.test', 'A', undefined],
    ['example.test', 'A', undefined],
    ['www.example.net', 'A', undefined],
  ] as const;
  for (const [name, type, service] of cases) {
    test(`on ${name} ${type} is ${service === undefined ? 'not needed' : `made for ${service}`}`, () => {
      const { decision } = direct(view, question(name, type), noon);
      assert.equal(decision?.service, service === undefined ? undefined : nameOf(service));
      assert.equal(decision?.epoch, service === undefined ? undefined : view.snapshot.epoch);
    });
  }

  test('without a plan is not made, and the name has no data', () => {
    const bare = { ...view, snapshot: { ...view.snapshot, plans: new Map() } };
    const asked = question('www.example.test');
    const direction = direct(bare, asked, noon);
    assert.equal(direction.decision, undefined);
    assert.deepEqual(answerDirection(bare, asked, direction).answers, []);
  });
});

describe('the records', () => {
  test('are those of the regions decided on, owned by the name as it was asked', () => {
    const asked = question('x.app.example.test');
    const [set] = answerDirection(view, asked, direct(view, asked, noon)).answers;
    assert.equal(set?.name, asked.name);
    assert.equal(set?.data.length, 1);
  });

  test('are the static ones where nothing was decided', () => {
    const asked = question('example.test', 'NS');
    const answer = answerDirection(view, asked, direct(view, asked, noon));
    assert.equal(answer.answers[0]?.type, recordTypes.NS);
  });
});

describe('an answer is tailored', () => {
  const tailored = (name: string, type: keyof typeof recordTypes, at = view): boolean => {
    const asked = question(name, type);
    const direction = direct(at, asked, noon);
    return isTailored(answerDirection(at, asked, direction), direction.decision);
  };

  test('when clients elsewhere may get another one', () => {
    assert.equal(tailored('www.example.test', 'A'), true);
    assert.equal(tailored('x.app.example.test', 'AAAA'), true);
  });

  test('but not when nobody steers it', () => {
    assert.equal(tailored('example.test', 'SOA'), false);
    assert.equal(tailored('example.net', 'A'), false);
  });

  test('nor when it is negative', () => {
    assert.equal(tailored('www.example.test', 'AAAA'), false);
    const overrides = [anOverride('ash'), anOverride('elm')];
    assert.equal(
      tailored('www.example.test', 'A', viewOf(aSnapshot({ regions, services, overrides }))),
      false,
    );
  });
});

test('a trail tells why, and there is none where nothing was decided', () => {
  const asked = question('www.example.test');
  const trail = traceDirection(view, asked, direct(view, asked, noon), noon);
  assert.deepEqual(
    trail?.steps.map(({ step }) => step),
    ['nearest', 'overrides', 'alive', 'half-open', 'last-resort', 'take'],
  );
  const other = question('example.test', 'SOA');
  assert.equal(traceDirection(view, other, direct(view, other, noon), noon), undefined);
});
