import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client } from '../../src/model/decision.ts';
import { formatIp, ipv4, ipv6, maskIp, widthOf } from '../../src/model/ip.ts';
import { locate, pickScope } from '../../src/steering/locate.ts';
import type { Plan } from '../../src/steering/snapshot.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import { aClient, aRegion, aService, aSnapshot, planOf } from '../support/fleet.ts';
import {
  arbitraryClient,
  arbitraryIp,
  arbitrarySnapshot,
  splice,
} from '../support/random-fleet.ts';

const ash = aRegion('ash', { longitude: 0 });
const birch = aRegion('birch', { longitude: 90 });
const regions = [ash, birch];

const entries: Entry[] = [
  { prefix: '8.0.0.0/8', lat: 0, lon: 0 },
  { prefix: '8.8.0.0/16', lat: 0, lon: 90 },
  { prefix: '8.9.9.128/28', lat: 0, lon: 90 },
  { prefix: '2600::/16', lat: 0, lon: 90 },
];

function aPlan(usesSubnet = true): Plan {
  const services = [aService({ regions, usesSubnet })];
  return planOf(aSnapshot({ regions, services, atlas: anAtlas(entries) }));
}

/** `subnet 8.8.8.0 birch /16`: by what, which address, the nearest region, the scope. */
function located(client: Client, plan = aPlan()): string {
  const { by, address, classIndex, scope } = locate(client, plan);
  const first = plan.classes.at(classIndex).tiers[0]?.[0];
  return `${by} ${formatIp(address)} ${first} /${scope}`;
}

describe('locating a client', () => {
  test('by its subnet, as widely as the order of regions stays the same', () => {
    assert.equal(located(aClient('8.8.8.0/24')), 'subnet 8.8.8.0 birch /16');
    assert.equal(located(aClient('2600:1::/48')), 'subnet 2600:1:: birch /16');
    assert.equal(located(aClient('8.7.0.0/24')), 'subnet 8.7.0.0 ash /13');
  });

  test('by its resolver when it sends no subnet', () => {
    assert.equal(located(aClient(undefined, '8.8.8.8')), 'resolver 8.8.8.8 birch /0');
  });

  test('by its resolver when it asks not to be located (RFC 7871 §7.1.2)', () => {
    assert.equal(located(aClient('0.0.0.0/0', '8.8.8.8')), 'resolver 8.8.8.8 birch /0');
  });

  test('by its resolver when the service does not look at subnets', () => {
    const plan = aPlan(false);
    assert.equal(located(aClient('8.7.0.0/24', '8.8.8.8'), plan), 'resolver 8.8.8.8 birch /0');
  });

  test('by its resolver when the subnet is not public, as widely as nothing there is', () => {
    assert.equal(located(aClient('10.1.2.0/24', '8.8.8.8')), 'resolver 8.8.8.8 birch /8');
    assert.equal(located(aClient('2001:db8:1::/48', '8.8.8.8')), 'resolver 8.8.8.8 birch /32');
  });

  test('of unknown place in the configured order, with the scope of the block around it', () => {
    assert.equal(located(aClient('81.2.69.0/24')), 'subnet 81.2.69.0 ash /3');
  });

  test('keeps the word for where the address came from', () => {
    for (const origin of ['resolver', 'peer', 'given'] as const) {
      const client = { ...aClient(undefined, '8.8.8.8'), origin };
      assert.equal(locate(client, aPlan()).by, origin);
    }
  });

  test('no finer than /24 and /56 (RFC 7871 §11.1), unless a longer subnet was sent', () => {
    assert.equal(located(aClient('8.9.9.0/24')), 'subnet 8.9.9.0 ash /24');
    assert.equal(located(aClient('8.9.9.130/32')), 'subnet 8.9.9.130 birch /28');
    assert.equal(located(aClient('8.9.9.0/26')), 'subnet 8.9.9.0 ash /25');
  });

  test('a subnet that is too short is told by the scope that a longer one is needed', () => {
    assert.equal(located(aClient('8.0.0.0/8')), 'subnet 8.0.0.0 ash /13');
    assert.equal(located(aClient('8.9.9.0/25')), 'subnet 8.9.9.0 ash /25');
  });

  test('whoever has an address inside the scope falls in the same class', () => {
    const useful = { 4: 24, 6: 56 };
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        arbitraryClient(),
        fc.array(arbitraryIp(), { minLength: 20, maxLength: 20 }),
        (snapshot, client, others) => {
          const plan = planOf(snapshot);
          const { subnet } = client;
          const found = locate(client, plan);
          if (subnet === undefined || subnet.length === 0 || !plan.service.usesSubnet) return;
          // Resolvers send at most this much of an address, or as much as this one did.
          const length = Math.max(subnet.length, useful[subnet.ip.family]);
          for (const other of [...others, ipv4(~0), ipv6(~0, ~0, ~0, ~0)]) {
            if (other.family !== subnet.ip.family) continue;
            const inside = maskIp(splice(subnet.ip, other, found.scope), length);
            const neighbour = locate({ ...client, subnet: { ip: inside, length } }, plan);
            assert.equal(neighbour.classIndex, found.classIndex);
            assert.equal(neighbour.scope, found.scope);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('nothing can be said more widely than the scope does', () => {
    fc.assert(
      fc.property(arbitrarySnapshot(), arbitraryClient(), (snapshot, client) => {
        const plan = planOf(snapshot);
        const { scope, by } = locate(client, plan);
        assert.ok(Number.isInteger(scope) && scope >= 0);
        const width = widthOf(client.subnet?.ip.family ?? 4);
        assert.ok(scope <= Math.min(64, width));
        if (by === 'subnet') assert.ok(plan.service.usesSubnet);
      }),
    );
  });
});

describe('the scope of a pick by network', () => {
  const scopeFor = (subnet: string | undefined, resolver = '8.8.8.8'): number => {
    const client = aClient(subnet, resolver);
    return pickScope(client, locate(client, aPlan()));
  };

  test('is at least the length that picks are made for', () => {
    assert.equal(scopeFor('8.8.8.0/24'), 20);
    assert.equal(scopeFor('8.8.0.0/16'), 20);
    assert.equal(scopeFor('2600:1::/48'), 44);
  });

  test('stays longer where the order of regions is finer', () => {
    assert.equal(scopeFor('8.9.9.0/24'), 24);
    assert.equal(scopeFor('8.9.9.130/32'), 28);
  });

  test('is as wide as ever where the resolver, not the subnet, is picked for', () => {
    assert.equal(scopeFor(undefined), 0);
    assert.equal(scopeFor('10.1.2.0/24'), 8);
  });
});
