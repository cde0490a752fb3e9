// Steered answers: the records that a decision comes to, by the type that was asked for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerSteered, isSteered } from '../../src/authority/steered.ts';
import type { Node } from '../../src/authority/node.ts';
import { findName, indexZones } from '../../src/authority/zone.ts';
import type { Decision } from '../../src/model/decision.ts';
import {
  type Answer,
  type RecordType,
  recordTypes,
  type RRset,
  typeName,
} from '../../src/model/message.ts';
import { formatName, parseName } from '../../src/model/name.ts';
import type { RegionId } from '../../src/model/region.ts';
import { seconds } from '../../src/model/time.ts';
import { nameOf } from '../support/answers.ts';
import { regionText, settingsOf, zoneText } from '../support/config.ts';
import { anIp, aRegion } from '../support/fleet.ts';

const services = [
  '{ name: www, regions: [eu] }',
  '{ name: cdn, regions: [eu], answers: cname }',
  '{ name: web, regions: [eu], https: ["1 . alpn=h2,h3", "0 www", "2 other.example.net. port=8443"] }',
];
const records = ['{ name: mail, type: A, data: 192.0.2.25 }'];
const settings = settingsOf({
  main: zoneText({ records, services, zone: ['ttl: 1h'] }),
  regions: { eu: `${regionText}cname: eu.lb.example.net\n` },
});
const index = indexZones(settings);

const soa =
  'example.test 30 SOA ns-eu.example.test. hostmaster.example.test. 1767225600 7200 900 1209600 30';

function nodeOf(name: string): Node {
  const found = findName(index, nameOf(name));
  assert.ok(found.kind === 'node');
  return found.node;
}

function show(sets: readonly RRset[]): string[] {
  return sets.flatMap(({ name, type, ttl, data }) =>
    data.map(({ text }) => `${formatName(name)} ${ttl} ${typeName(type)} ${text}`),
  );
}

test('A and AAAA of a service are steered, its HTTPS records, and every type of a CNAME', () => {
  const all = Object.values(recordTypes);
  const steered = (name: string): string[] =>
    all.filter((type) => isSteered(nodeOf(name), type)).map(typeName);
  assert.deepEqual(steered('www.example.test'), ['A', 'AAAA']);
  assert.deepEqual(steered('web.example.test'), ['A', 'AAAA', 'HTTPS']);
  assert.deepEqual(steered('cdn.example.test'), all.map(typeName));
  assert.deepEqual(steered('mail.example.test'), []);
});

function decisionOf(chosen: readonly string[]): Decision {
  return {
    service: nameOf('www.example.test'),
    regions: chosen as readonly RegionId[],
    state: chosen.length === 0 ? 'withheld' : 'healthy',
    isFenced: false,
    addresses: [],
    isKept: false,
    ttl: seconds(10),
    ttlReason: 'stable',
    scope: 24,
    epoch: 1,
  };
}

describe('a steered answer', () => {
  const regions = new Map(
    [
      aRegion('both', {
        ipv4: [anIp('192.0.2.1'), anIp('192.0.2.2')],
        ipv6: [anIp('2001:db8::1')],
      }),
      aRegion('four', { ipv4: [anIp('192.0.2.4')], ipv6: [] }),
      aRegion('twin', { ipv4: [anIp('192.0.2.2'), anIp('192.0.2.3')], ipv6: [] }),
    ].map((region) => [region.id, region]),
  );

  function steer(
    chosen: readonly string[],
    type: number,
    change: Partial<Decision> = {},
    service = 'www',
  ): Answer {
    const name = nameOf(`${service}.example.test`);
    const decision = { ...decisionOf(chosen), service: name, ...change };
    return answerSteered(
      nodeOf(`${service}.example.test`),
      nameOf('asked.example.test'),
      type,
      decision,
      regions,
    );
  }

  test('has the addresses of the chosen regions, best first, with the TTL of the decision', () => {
    const answer = steer(['four', 'both'], recordTypes.A);
    assert.deepEqual(show(answer.answers), [
      'asked.example.test 10 A 192.0.2.4',
      'asked.example.test 10 A 192.0.2.1',
      'asked.example.test 10 A 192.0.2.2',
    ]);
    assert.equal(answer.isAuthoritative, true);
    assert.deepEqual(answer.authority, []);
  });

  test('of the other family leaves out who has none', () => {
    assert.deepEqual(show(steer(['four', 'both'], recordTypes.AAAA).answers), [
      'asked.example.test 10 AAAA 2001:db8::1',
    ]);
  });

  test('names an address once that two regions share', () => {
    const texts = steer(['both', 'twin'], recordTypes.A).answers[0]?.data.map(({ text }) => text);
    assert.deepEqual(texts, ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test('without an address is NODATA that lives no longer than the decision', () => {
    const answer = steer(['four'], recordTypes.AAAA);
    assert.equal(answer.rcode, 'NOERROR');
    assert.deepEqual(show(answer.authority), [soa.replace(' 30 ', ' 10 ')]);
    assert.deepEqual(show(steer(['four'], recordTypes.AAAA, { ttl: seconds(300) }).authority), [
      soa,
    ]);
  });

  test('of regions that nobody knows any more is NODATA', () => {
    assert.deepEqual(steer(['gone'], recordTypes.A).answers, []);
  });

  test('says what an operator should know at once', () => {
    const why = (chosen: readonly string[], change: Partial<Decision>) =>
      steer(chosen, recordTypes.A, change).extendedError;
    assert.equal(why(['four'], {}), undefined);
    assert.deepEqual(why(['four'], { isKept: true }), {
      code: 3,
      text: 'too few fresh votes: an old verdict is kept',
    });
    const failing = { code: 0, text: 'no region is alive: answered by geography alone' };
    assert.deepEqual(why(['four'], { state: 'fail-open' }), failing);
    assert.deepEqual(why(['four'], { state: 'fail-open', isKept: true }), failing);
    const below = {
      code: 0,
      text: 'less than the floor is alive: a region that is down is named all the same',
    };
    assert.deepEqual(why(['four'], { state: 'below-floor', isKept: true }), below);
    assert.deepEqual(why([], { isKept: true }), {
      code: 0,
      text: 'every region is withheld by an override',
    });
  });

  test('may be the addresses that a policy keeps for when no region is left', () => {
    const addresses = ['192.0.2.9', '192.0.2.9', '2001:db8::9'].map(anIp);
    const standIn = { state: 'stand-in', addresses } as const;
    const told = (type: RecordType): string[] => {
      const { answers, extendedError } = steer([], type, standIn);
      assert.match(extendedError?.text ?? '', /^no region is left/);
      return answers.flatMap(({ data }) => data.map(({ text }) => text));
    };
    assert.deepEqual(told(recordTypes.A), ['192.0.2.9']);
    assert.deepEqual(told(recordTypes.AAAA), ['2001:db8::9']);
    assert.deepEqual(told(recordTypes.HTTPS), []);
    const { authority } = steer([], recordTypes.HTTPS, standIn);
    assert.equal(authority[0]?.ttl, 10);
  });

  test('speaks of the fence where one is around the client', () => {
    const why = (state: Decision['state']): string | undefined =>
      steer(['four'], recordTypes.A, { state, isFenced: true }).extendedError?.text;
    assert.equal(
      why('fail-open'),
      'no region inside the fence is alive: answered by geography alone, within the fence',
    );
    assert.match(why('withheld') ?? '', /that the fence allows/);
    assert.match(why('fail-closed') ?? '', /inside the fence .* answers nothing/);
    assert.match(why('stand-in') ?? '', /inside the fence/);
    assert.match(why('below-floor') ?? '', /^less than the floor/);
    assert.equal(why('healthy'), undefined);
  });

  test('with a CNAME names the host of the best region, whatever the type', () => {
    const hosts = new Map(
      ['us', 'eu'].map((id) => {
        const region = aRegion(id, { cname: parseName(`${id}.lb.example.net`) });
        return [region.id, region];
      }),
    );
    for (const type of [recordTypes.A, recordTypes.TXT, recordTypes.CNAME, recordTypes.ANY]) {
      const decision = { ...decisionOf(['eu', 'us']), service: nameOf('cdn.example.test') };
      const name = nameOf('cdn.example.test');
      const answer = answerSteered(nodeOf('cdn.example.test'), name, type, decision, hosts);
      assert.deepEqual(show(answer.answers), ['cdn.example.test 10 CNAME eu.lb.example.net.']);
    }
  });

  test('of type HTTPS hints at the same addresses that A and AAAA have (RFC 9460 §7.3)', () => {
    assert.deepEqual(show(steer(['four', 'both'], recordTypes.HTTPS, {}, 'web').answers), [
      'asked.example.test 10 HTTPS 1 . alpn="h2,h3" ipv4hint=192.0.2.4,192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1',
      'asked.example.test 10 HTTPS 0 www.example.test.',
      'asked.example.test 10 HTTPS 2 other.example.net. port=8443',
    ]);
    assert.match(
      show(steer(['twin'], recordTypes.HTTPS, {}, 'web').answers)[0] ?? '',
      /ipv4hint=192.0.2.2,192.0.2.3$/,
    );
    assert.deepEqual(steer([], recordTypes.HTTPS, {}, 'web').answers, []);
  });
});
