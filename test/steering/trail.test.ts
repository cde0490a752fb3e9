import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client, Decision, Tiers, Trail } from '../../src/model/decision.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import {
  aClient,
  anIp,
  aPrefix,
  aRegion,
  aService,
  aSnapshot,
  noon,
  planOf,
  upHealth,
} from '../support/fleet.ts';
import { arbitraryClient, arbitrarySnapshot } from '../support/random-fleet.ts';

interface Told {
  readonly decision: Decision;
  readonly trail: Trail;
}

function told(plan: Plan, client: Client, snapshot: Snapshot): Told {
  const decision = decide(plan, client, snapshot, noon);
  return { decision, trail: traceDecision(plan, client, snapshot, decision, noon) };
}

/** The tiers that the steps ordering by geography end with. */
function orderedBy({ steps }: Trail, plan: Plan): Tiers {
  const thinning = plan.steps.map(({ name }) => name);
  const ordering = steps.filter(({ step }) => !thinning.includes(step));
  return ordering.at(-1)?.tiers ?? [plan.service.regions];
}

describe('a trail', () => {
  test('orders regions as the compiled map does, and ends with the regions decided for', () => {
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        fc.array(arbitraryClient(), { minLength: 20, maxLength: 20 }),
        (snapshot, clients) => {
          for (const plan of snapshot.plans.values()) {
            for (const client of clients) {
              const { decision, trail } = told(plan, client, snapshot);
              const compiled = plan.areas.classes[locate(client, plan).classIndex];
              assert.deepEqual(orderedBy(trail, plan), compiled?.tiers);
              assert.deepEqual(trail.steps.at(-1)?.tiers.flat(), decision.regions);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('sees rules for IPv6 networks longer than /64 as the compiled map does', () => {
    const birch = aRegion('birch');
    const regions = [aRegion('ash'), birch];
    const rule = { networks: [aPrefix('2600:0:0:5::53/128')], countries: [], prefer: [birch.id] };
    const service = aService({ regions, steps: [{ kind: 'rules', rules: [rule] }] });
    const snapshot = aSnapshot({ regions, services: [service] });
    const { decision, trail } = told(planOf(snapshot), aClient('2600:0:0:5::/64'), snapshot);
    assert.deepEqual(decision.regions, ['birch', 'ash']);
    assert.deepEqual(trail.steps[0]?.tiers, [['birch'], ['ash']]);
  });
});

describe('the words of a trail', () => {
  const ash = aRegion('ash', { longitude: 0 });
  const birch = aRegion('birch', { longitude: 60 });
  const regions = [ash, birch];
  const nearest: StepSettings = { kind: 'nearest', withinKm: 0 };
  const entries: Entry[] = [
    { prefix: '8.0.0.0/8', country: 'GA', lat: 0, lon: 10, city: 'Libreville' },
    { prefix: '8.8.8.128/26', country: 'SG', lat: 0, lon: 100 },
    { prefix: '8.16.16.0/20', lat: 0, lon: 100 },
    { prefix: '9.0.0.0/8', lat: 0, lon: 29, radius: 200 },
  ];

  function words(client: Client, facts: Partial<Service> = {}, atlas = anAtlas(entries)): Trail {
    const services = [aService({ regions, steps: [nearest], ...facts })];
    const snapshot = aSnapshot({ regions, services, atlas });
    return told(planOf(snapshot), client, snapshot).trail;
  }

  const locations: [string, Client, string][] = [
    [
      'a subnet',
      aClient('8.1.1.0/24'),
      "Located by the client's subnet, 8.1.1.0/24: Libreville, GA (0.00, 10.00, give or take 20 km)",
    ],
    [
      'a whole address',
      aClient('8.8.8.129/32'),
      "Located by the client's address, 8.8.8.129: somewhere in SG (0.00, 100.00, give or take 20 km)",
    ],
    [
      'a resolver, of a client that sends no subnet',
      aClient(undefined, '8.1.1.1'),
      'Located by the address of the resolver that asked, 8.1.1.1: Libreville, GA (0.00, 10.00, give or take 20 km)',
    ],
    [
      'a resolver, of a client that asks not to be located',
      aClient('0.0.0.0/0', '81.2.3.4'),
      'Located by the address of the resolver that asked, 81.2.3.4, but test data does not know where that is',
    ],
    [
      'a place that is too vague',
      aClient('9.1.1.0/24'),
      "Located by the client's subnet, 9.1.1.0/24: somewhere in the world (0.00, 29.00, give or take 200 km), too vague to be sure that ash is nearer than birch",
    ],
    [
      'a peer that is not public',
      { address: anIp('127.0.0.1'), origin: 'peer', subnet: undefined },
      'Located by the address that the request came from, 127.0.0.1, which is not a public address (127.0.0.0/8)',
    ],
    [
      'an address that somebody asked about',
      { address: anIp('8.1.1.1'), origin: 'given', subnet: undefined },
      'Located by the address that was asked about, 8.1.1.1: Libreville, GA (0.00, 10.00, give or take 20 km)',
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

  const scopes: [Client, string][] = [
    [aClient(undefined), 'none is stated, because no client subnet came along'],
    [aClient('0.0.0.0/0'), '/0: the client asked not to be located'],
    [
      aClient('8.1.1.0/24'),
      '/13: everyone in 8.0.0.0/13 is offered the same regions in the same order',
    ],
    [
      aClient('8.16.1.0/24'),
      '/20: everyone in 8.16.0.0/20 is offered the same regions in the same order',
    ],
    [
      aClient('8.8.8.0/24'),
      '/24: parts of 8.8.8.0/24 are ordered differently, but answers go no finer',
    ],
    [
      aClient('172.16.1.0/24'),
      '/12: nobody in 172.16.0.0/12 has a public address, so all are located alike',
    ],
  ];
  for (const [client, expected] of scopes) {
    test(`say of a scope "${expected}"`, () => assert.equal(words(client).scope, expected));
  }

  test('say of a scope that subnets do not count', () => {
    const { scope } = words(aClient('8.1.1.0/24'), { usesSubnet: false });
    assert.equal(scope, '/0: client subnets do not count for this service');
  });

  test('say of a scope that weights are drawn for it, where they are', () => {
    const scopeOf = (subnet: string): string =>
      words(aClient(subnet), { steps: [{ kind: 'weight' }] }).scope;
    assert.equal(scopeOf('8.1.1.0/24'), '/20: weights are drawn once for the whole of 8.1.0.0/20');
    assert.match(scopeOf('172.16.1.0/24'), /^\/12: nobody in /);
    const { scope } = words(aClient('8.1.1.0/24'), { steps: [nearest, { kind: 'weight' }] });
    assert.match(scope, /^\/13: everyone in /);
  });

  const moments: [string, Partial<RegionHealth>, number, string][] = [
    ['calm', {}, 86_400_000, '30 s, because nothing is expected to change'],
    [
      'a change',
      {},
      480_000,
      '10 s, because a region went up or down lately; this counts as settled in 2m',
    ],
    ['a doubt', { isSuspect: true }, 86_400_000, '10 s, because some probes contradict a verdict'],
    [
      'an old verdict',
      { isKept: true },
      86_400_000,
      '10 s, because too few fresh votes have come in, and an old verdict may be wrong',
    ],
  ];
  for (const [name, change, age, expected] of moments) {
    test(`say of the TTL at ${name}: ${expected}`, () => {
      const health = { ash: upHealth({ since: millis(noon - age), ...change }) };
      const snapshot = aSnapshot({ regions, health });
      assert.equal(told(planOf(snapshot), aClient(undefined), snapshot).trail.ttl, expected);
    });
  }
});
