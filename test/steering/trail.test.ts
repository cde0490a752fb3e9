import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client, Decision, Tiers, Trail } from '../../src/model/decision.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import type { Override } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import {
  aClient,
  anIp,
  anOverride,
  aLoad,
  aPrefix,
  aRegion,
  aService,
  aSnapshot,
  noon,
  planOf,
  someLoadSettings,
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
              const compiled = plan.classes.at(locate(client, plan).classIndex);
              assert.deepEqual(orderedBy(trail, plan), compiled.tiers);
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
    assert.equal(trail.steps[0]?.summary, 'a rule for 2600:0:0:5::53/128 prefers birch');
  });
});

describe('the figures of a trail', () => {
  const ash = aRegion('ash', { longitude: 1, weight: 3 });
  const birch = aRegion('birch', { longitude: 2, weight: 4, bias: 50 });
  const atlas = anAtlas([{ prefix: '8.0.0.0/8', country: 'GA', lat: 0, lon: 0 }]);

  test('are what each step compared regions by, as far as it knew', () => {
    const rows = [{ area: 'GA', countries: ['GA'], ms: { birch: 7.5 } }];
    const steps = [
      { kind: 'latency', rows, withinMs: 0 },
      { kind: 'nearest', withinKm: 20_000 },
      { kind: 'weight' },
    ];
    const services = [aService({ regions: [ash, birch], steps })];
    const snapshot = aSnapshot({ regions: [ash, birch], services, atlas });
    const figures = (client: Client) =>
      told(planOf(snapshot), client, snapshot).trail.steps.flatMap((entry) => entry.figures ?? []);
    assert.deepEqual(figures(aClient('8.1.1.0/24')), [
      { unit: 'ms', of: { birch: 7.5 } },
      { unit: 'km', of: { birch: 111, ash: 111 } },
      { unit: 'weight', of: { birch: 4, ash: 3 } },
    ]);
    assert.deepEqual(figures(aClient('9.1.1.0/24')), [
      { unit: 'weight', of: { ash: 3, birch: 4 } },
    ]);
  });

  test('are what is known of loads, and what is passed on', () => {
    const regions = [ash, birch, aRegion('cedar')].map((region) => {
      return { ...region, load: someLoadSettings({ connections: 40 }) };
    });
    const loads = {
      ash: aLoad({ share: 0.123456, connections: 5, shed: 0.3 }),
      birch: aLoad({ share: 0.2 }),
    };
    const figuresOf = (kind: string) => {
      const services = [aService({ regions, steps: [{ kind }] })];
      const snapshot = aSnapshot({ regions, services, loads });
      const { steps } = told(planOf(snapshot), aClient('8.1.1.0/24'), snapshot).trail;
      return steps.flatMap(({ step, figures }) => (figures === undefined ? [] : [[step, figures]]));
    };
    const shed = ['shed', { unit: 'shed', of: { ash: 0.3 } }];
    assert.deepEqual(figuresOf('least-load'), [
      shed,
      ['least-load', { unit: 'load', of: { ash: 0.1235, birch: 0.2 } }],
    ]);
    assert.deepEqual(figuresOf('least-connections'), [
      shed,
      ['least-connections', { unit: 'connections', of: { ash: 5 } }],
    ]);
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

  function tellOf(client: Client, facts: Partial<Service> = {}, atlas = anAtlas(entries)): Trail {
    const services = [aService({ regions, steps: [nearest], ...facts })];
    const snapshot = aSnapshot({ regions, services, atlas });
    return told(planOf(snapshot), client, snapshot).trail;
  }

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
    test(`say of a scope "${expected}"`, () => assert.equal(tellOf(client).scope, expected));
  }

  test('say which address a region answers without, and whose word that is', () => {
    const two = aRegion('oak', { ipv4: ['192.0.2.1', '192.0.2.2'].map(anIp), ipv6: [] });
    const word = anOverride('oak', { endpoint: anIp('192.0.2.2') });
    const summaryOf = (overrides: Override[], answers: Service['answers'] = 'address') => {
      const services = [aService({ regions: [two], answers })];
      const snapshot = aSnapshot({ regions: [two], services, overrides });
      const { trail } = told(planOf(snapshot), aClient(undefined), snapshot);
      return trail.steps.find(({ step }) => step === 'overrides')?.summary;
    };
    const words = 'oak answers without 192.0.2.2 drained by alice until 2026-05-01 14:00:00 UTC';
    assert.equal(summaryOf([word]), `${words}: disk swap`);
    assert.equal(summaryOf([{ ...word, kind: 'up' }]), 'no operator has spoken');
    assert.equal(summaryOf([word], 'cname'), 'no operator has spoken');
    const held = summaryOf([word, anOverride('oak', { kind: 'up' })]);
    assert.match(
      held ?? '',
      /^oak is held up by alice .*; oak answers without 192\.0\.2\.2 drained/,
    );
    // With none left the region is out, and the step says so.
    const both = [word, anOverride('oak', { endpoint: anIp('192.0.2.1') })];
    assert.doesNotMatch(summaryOf(both) ?? '', /answers without/);
  });

  test('say of a scope that subnets do not count', () => {
    const { scope } = tellOf(aClient('8.1.1.0/24'), { usesSubnet: false });
    assert.equal(scope, '/0: client subnets do not count for this service');
  });

  test('say of a scope that weights are drawn for it, where they are', () => {
    const scopeOf = (subnet: string): string =>
      tellOf(aClient(subnet), { steps: [{ kind: 'weight' }] }).scope;
    assert.equal(scopeOf('8.1.1.0/24'), '/20: weights are drawn once for the whole of 8.1.0.0/20');
    assert.match(scopeOf('172.16.1.0/24'), /^\/12: nobody in /);
    const { scope } = tellOf(aClient('8.1.1.0/24'), { steps: [nearest, { kind: 'weight' }] });
    assert.match(scope, /^\/13: everyone in /);
  });

  const moments: [string, Partial<RegionHealth>, number, string][] = [
    ['calm', {}, 86_400_000, '30 s, because nothing is expected to change'],
    [
      'a change',
      {},
      480_000,
      '10 s, because a region went up or down lately (ash); this counts as settled in 2m',
    ],
    [
      'a doubt',
      { isSuspect: true },
      86_400_000,
      '10 s, because some probes contradict a verdict (ash)',
    ],
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
