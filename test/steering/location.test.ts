import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Client, Trail } from '../../src/model/decision.ts';
import type { Region } from '../../src/model/region.ts';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import { decide } from '../../src/steering/decide.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import { aClient, anIp, aRegion, aService, aSnapshot, noon, planOf } from '../support/fleet.ts';

describe('the input of a decision', () => {
  const ash = aRegion('ash', { longitude: 0 });
  const birch = aRegion('birch', { longitude: 60 });
  const nearest: StepSettings = { kind: 'nearest', withinKm: 0 };
  const entries: Entry[] = [
    { prefix: '8.0.0.0/8', country: 'GA', lat: 0, lon: 10, city: 'Libreville' },
    { prefix: '8.8.8.128/26', country: 'SG', lat: 0, lon: 100 },
    { prefix: '8.16.16.0/20', lat: 0, lon: 100 },
    { prefix: '9.0.0.0/8', lat: 0, lon: 29, radius: 200 },
  ];

  function words(
    client: Client,
    facts: Partial<Service> = {},
    regions: readonly Region[] = [ash, birch],
  ): Trail {
    const services = [aService({ regions, steps: [nearest], ...facts })];
    const snapshot = aSnapshot({ regions, services, atlas: anAtlas(entries) });
    const plan = planOf(snapshot);
    return traceDecision(plan, client, snapshot, decide(plan, client, snapshot, noon), noon);
  }

  const locations: [string, Client, string][] = [
    [
      'a subnet',
      aClient('8.1.1.0/24'),
      "Located by the client's subnet, 8.1.1.0/24: test data has 8.0.0.0/13 in Libreville, GA (0.00, 10.00, give or take 20 km)",
    ],
    [
      'a whole address',
      aClient('8.8.8.129/32'),
      "Located by the client's address, 8.8.8.129: test data has 8.8.8.128/26 somewhere in SG (0.00, 100.00, give or take 20 km)",
    ],
    [
      'a resolver, of a client that sends no subnet',
      aClient(undefined, '8.1.1.1'),
      'Located by the address of the resolver that asked, 8.1.1.1: test data has 8.0.0.0/13 in Libreville, GA (0.00, 10.00, give or take 20 km)',
    ],
    [
      'a resolver, of a client that asks not to be located',
      aClient('0.0.0.0/0', '81.2.3.4'),
      'Located by the address of the resolver that asked, 81.2.3.4, but test data does not know where that is',
    ],
    [
      'a place that is too vague',
      aClient('9.1.1.0/24'),
      "Located by the client's subnet, 9.1.1.0/24: test data has 9.0.0.0/8 somewhere in the world (0.00, 29.00, give or take 200 km), too vague to be sure that ash is nearer than birch: they differ by 222 km",
    ],
    [
      'a peer that is not public',
      { address: anIp('127.0.0.1'), origin: 'peer', subnet: undefined },
      'Located by the address that the request came from, 127.0.0.1, which is not a public address (127.0.0.0/8)',
    ],
    [
      'a resolver that somebody asked about',
      { address: anIp('8.1.1.1'), origin: 'given', subnet: undefined },
      'Located by the resolver that was asked about, 8.1.1.1: test data has 8.0.0.0/13 in Libreville, GA (0.00, 10.00, give or take 20 km)',
    ],
  ];
  for (const [name, client, expected] of locations) {
    test(`locate by ${name}`, () => assert.equal(words(client).located, expected));
  }

  test('locate by the resolver where subnets do not count', () => {
    assert.match(
      words(aClient('8.1.1.0/24', '127.0.0.1'), { usesSubnet: false }).located,
      /^The client's subnet, 8\.1\.1\.0\/24, does not count for this service; located instead by /,
    );
  });

  test('say nothing of vague places where distance does not count', () => {
    assert.doesNotMatch(words(aClient('9.1.1.0/24'), { steps: [] }).located, /vague/);
  });

  const vague = aClient('9.1.1.0/24');

  test('is not called vague where distance is left nothing to order', () => {
    const priority: StepSettings = { kind: 'priority', groups: [[birch.id], [ash.id]] };
    assert.doesNotMatch(words(vague, { steps: [priority, nearest] }).located, /vague/);
    const cedar = aRegion('cedar', { longitude: 61 });
    const first: StepSettings = { kind: 'priority', groups: [[cedar.id], [ash.id, birch.id]] };
    const { located } = words(vague, { steps: [first, nearest] }, [ash, birch, cedar]);
    assert.match(located, /vague to be sure that ash is nearer than birch/);
  });

  test('is as vague as biases make it', () => {
    const regions = [ash, { ...birch, bias: -50 }];
    assert.doesNotMatch(words(vague, {}, regions).located, /vague/);
    const { located } = words(vague, {}, [ash, { ...birch, bias: 5 }]);
    assert.match(
      located,
      /vague to be sure that ash counts as nearer than birch: they differ by 50/,
    );
  });

  test('is told as plain facts too, with the row that was found', () => {
    assert.deepEqual(words(aClient('8.1.1.0/24')).input, {
      by: 'subnet',
      address: '8.1.1.0',
      place: {
        source: 'test data',
        network: '8.0.0.0/13',
        country: 'GA',
        subdivision: '',
        city: 'Libreville',
        latitude: 0,
        longitude: 10,
        radiusKm: 20,
      },
    });
    const resolver = aClient('10.0.0.0/8', '127.0.0.1');
    assert.deepEqual(words(resolver).input, { by: 'resolver', address: '127.0.0.1' });
    const unknown = aClient(undefined, '81.2.3.4');
    assert.deepEqual(words(unknown).input, { by: 'resolver', address: '81.2.3.4' });
  });
});
