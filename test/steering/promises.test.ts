// What each strategy promises, seen from the decision: whole chains, whole fleets, whatever the moment.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { placeOf } from '../../src/model/atlas.ts';
import type { Client } from '../../src/model/decision.ts';
import { type Ip, ipv4, isWithin, specialBlockOf } from '../../src/model/ip.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import { overrideKey } from '../../src/model/override.ts';
import { isDown } from '../../src/steering/floor.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { fencesIn } from '../../src/steering/steps/fence.ts';
import { rulesIn } from '../../src/steering/steps/rules.ts';
import { anAtlas } from '../support/atlas.ts';
import {
  aClient,
  anOverride,
  aPrefix,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  planOf,
} from '../support/fleet.ts';
import { mostSpecific, naiveFacts } from '../support/naive.ts';
import {
  arbitraryClient,
  arbitraryHealth,
  arbitraryIp,
  arbitraryOverrides,
  arbitraryPrefix,
  arbitraryRegions,
} from '../support/random-fleet.ts';
import { arbitraryWrittenFleet } from '../support/random-policy.ts';

const one: StepSettings = { kind: 'take', count: 1 };

type Facts = Partial<Parameters<typeof aSnapshot>[0]>;

function fleetWith(regions: readonly Region[], steps: StepSettings[], facts: Facts = {}): Snapshot {
  return aSnapshot({ regions, services: [aService({ regions, steps })], ...facts });
}

/** The region that a client is sent to. */
function homeOf(snapshot: Snapshot, client: Client, now = noon): RegionId | undefined {
  return decide(planOf(snapshot), client, snapshot, now).regions[0];
}

/** The client of one /20 network, known by its subnet; 65,536 of them are public. */
function networkAt(n: number): Client {
  return {
    ...aClient(undefined),
    subnet: { ip: ipv4((0x20000000 + (n << 12)) >>> 0), length: 24 },
  };
}

function equals(count: number): Region[] {
  return Array.from({ length: count }, (_, i) => aRegion(`region-${i}`));
}

describe('a consistent hash', () => {
  const networks = 20_000;
  const steps: StepSettings[] = [{ kind: 'consistent-hash' }, one];
  for (const count of [2, 3, 5, 10]) {
    test(`of ${count} regions moves at most 1/${count} of the clients and 1 % when one leaves, and back`, () => {
      const regions = equals(count);
      const gone = regions[1]?.id ?? '';
      const all = fleetWith(regions, steps);
      const without = fleetWith(regions, steps, { health: { [gone]: downHealth() } });
      let moved = 0;
      for (let n = 0; n < networks; n++) {
        const [before, after] = [homeOf(all, networkAt(n)), homeOf(without, networkAt(n))];
        if (before !== after) moved++;
        // Who has not lost its own region stays, so all who return are those who left.
        if (before !== gone) assert.equal(after, before);
      }
      assert.ok(moved / networks <= 1 / count + 0.01, `${moved} of ${networks} moved`);
      assert.ok(moved / networks >= 1 / count - 0.01, `${moved} of ${networks} moved`);
    });
  }
});

describe('a sticky client', () => {
  const steps: StepSettings[] = [
    { kind: 'nearest', withinKm: 1000 },
    { kind: 'consistent-hash' },
    one,
  ];

  test('stays where it is, whatever happens to other regions that leave or are farther away', () => {
    const near = equals(4);
    const far = [0, 1, 2].map((i) => aRegion(`far-${i}`, { longitude: 90 + i }));
    const atlas = anAtlas([{ prefix: '32.0.0.0/4', country: 'GA', lat: 0, lon: 0 }]);
    const regions = [...near, ...far];
    const facts = { atlas };
    const calm = fleetWith(regions, steps, facts);
    const word = fc.constantFrom('down', 'drain');
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.dictionary(fc.constantFrom(...near.map(({ id }) => id)), word),
        fc.dictionary(fc.constantFrom(...far.map(({ id }) => id)), arbitraryHealth()),
        fc.integer({ min: 1, max: 86_400 }),
        (n, leaving, farther, later) => {
          const client = networkAt(n % 16_384);
          const home = homeOf(calm, client);
          const others = Object.entries(leaving).filter(([id]) => id !== home);
          const down = others
            .filter(([, kind]) => kind === 'down')
            .map(([id]) => [id, downHealth()]);
          const drained = others.filter(([, kind]) => kind === 'drain');
          const changed = fleetWith([...regions].reverse(), steps, {
            ...facts,
            health: { ...farther, ...Object.fromEntries(down) },
            overrides: drained.map(([id]) => anOverride(id)),
            epoch: 99,
          });
          assert.equal(homeOf(changed, client, millis(noon + later * 1000)), home);
        },
      ),
    );
  });
});

describe('a fence', () => {
  test('is never left, whatever steps, health, overrides, loads and last resorts there are', () => {
    let fenced = 0;
    const clients = fc.array(arbitraryClient(), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(arbitraryWrittenFleet(), clients, (snapshot, asking) => {
        const plan = planOf(snapshot);
        const { steps } = plan.service;
        for (const client of asking) {
          const { address } = locate(client, plan);
          const isUnknown = snapshot.atlas === undefined || isPrivate(address, steps);
          const place = isUnknown ? undefined : placeOf(snapshot.atlas, address);
          const fence = mostSpecific(fencesIn(steps), place);
          if (fence === undefined) continue;
          fenced++;
          const { regions } = decide(plan, client, snapshot, noon);
          assert.ok(regions.every((id) => fence.regions.includes(id)));
        }
      }),
      { numRuns: 150 },
    );
    assert.ok(fenced > 50, `${fenced} fenced clients`);
  });
});

function isPrivate(address: Ip, steps: readonly StepSettings[]): boolean {
  return specialBlockOf(address) !== undefined && naiveFacts(address, rulesIn(steps)).isSpecial;
}

describe('round robin', () => {
  test('gives a resolver each region once in as many seconds as there are regions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        arbitraryIp(),
        fc.nat(1e9),
        (count, ip, start) => {
          const snapshot = fleetWith(equals(count), [{ kind: 'round-robin' }, one]);
          const client: Client = { address: ip, origin: 'resolver', subnet: undefined };
          const homes = Array.from({ length: count }, (_, i) =>
            homeOf(snapshot, client, millis(noon + (start + i) * 1000)),
          );
          assert.equal(new Set(homes).size, count);
        },
      ),
    );
  });

  test('shares networks evenly, within 1 %', () => assertEven('round-robin'));
});

describe('an IP hash', () => {
  test('shares networks evenly, within 1 %', () => assertEven('ip-hash'));

  test('stays through time, health of others and overrides, while no region leaves or returns', () => {
    const regions = equals(5);
    const steps: StepSettings[] = [{ kind: 'ip-hash' }, one];
    const calm = homesBy(fleetWith(regions, steps), noon);
    const restless = Object.fromEntries(
      regions.map(({ id }) => [
        id,
        { ...fleetWith(regions, steps).health.get(id), isSuspect: true },
      ]),
    ) as Facts['health'];
    const later = fleetWith(regions, steps, { health: restless ?? {}, epoch: 7 });
    assert.deepEqual(homesBy(later, millis(noon + 3_600_000)), calm);
  });
});

function homesBy(snapshot: Snapshot, now: typeof noon): (RegionId | undefined)[] {
  return Array.from({ length: 500 }, (_, n) => homeOf(snapshot, networkAt(n), now));
}

/** Of 60,000 networks and four regions. */
function assertEven(kind: string): void {
  const snapshot = fleetWith(equals(4), [{ kind }, one]);
  const counts = new Map<string, number>();
  for (let n = 0; n < 60_000; n++) {
    const home = homeOf(snapshot, networkAt(n)) ?? '';
    counts.set(home, (counts.get(home) ?? 0) + 1);
  }
  assert.equal(counts.size, 4);
  for (const [id, count] of counts) {
    assert.ok(Math.abs(count / 60_000 - 0.25) < 0.01, `${id} has ${count} of 60000`);
  }
}

describe('failover', () => {
  test('answers with the first region of the list that may serve, and never with a later one', () => {
    const states = fc.array(arbitraryHealth(), { minLength: 8, maxLength: 8 });
    const fleet = arbitraryRegions(2).chain((regions) =>
      fc.tuple(fc.constant(regions), states, arbitraryOverrides(regions), arbitraryClient()),
    );
    fc.assert(
      fc.property(fleet, ([regions, all, overrides, client]) => {
        const health = Object.fromEntries(
          // Who is on its way back is promised to some networks only.
          regions.map(({ id }, i) => [id, { ...all[i], recovery: calm.recovery }]),
        ) as NonNullable<Facts['health']>;
        // A word on a part, or for a share, leaves the region to others of its clients.
        const whole = overrides.filter(({ region, share, ...word }) => {
          return share === undefined && overrideKey({ region, ...word }) === region;
        });
        const facts = { health, overrides: whole };
        const snapshot = fleetWith(regions, [{ kind: 'priority' }, one], facts);
        const state = { health: snapshot.health, overrides: planOf(snapshot).overrides };
        const kept = regions.filter(
          ({ id }) => (snapshot.overrides.get(id)?.kind ?? 'up') === 'up',
        );
        const alive = kept.filter(({ id }) => !isDown(id, state));
        assert.equal(homeOf(snapshot, client), (alive[0] ?? kept[0])?.id);
      }),
    );
  });
});

const calm = fleetHealth();

function fleetHealth() {
  const [health] = fleetWith(equals(1), [one]).health.values();
  assert.ok(health);
  return health;
}

describe('rules by network', () => {
  test('follow the longest network around the client, in whatever order they stand', () => {
    const regions = equals(6);
    const prefixes = fc.uniqueArray(arbitraryPrefix(64), {
      minLength: 1,
      maxLength: 5,
      selector: ({ ip, length }) => `${ip.family} ${ip.a} ${ip.b} ${length}`,
    });
    let ruled = 0;
    fc.assert(
      fc.property(prefixes, arbitraryIp(), (networks, ip) => {
        const rules = networks.map((prefix, i) => ({
          networks: [prefix],
          countries: [],
          prefer: [regions[i + 1]?.id as RegionId],
        }));
        const snapshot = fleetWith(regions, [{ kind: 'rules', rules }, one]);
        const around = rules
          .filter(({ networks: [prefix] }) => prefix !== undefined && isWithin(ip, prefix))
          .sort((x, y) => (y.networks[0]?.length ?? 0) - (x.networks[0]?.length ?? 0));
        const [longest] = around;
        const block = specialBlockOf(ip);
        if (longest === undefined || (block?.length ?? -1) > (longest.networks[0]?.length ?? 0))
          return;
        ruled++;
        const client: Client = { address: ip, origin: 'given', subnet: undefined };
        assert.equal(homeOf(snapshot, client), longest.prefer[0]);
      }),
      { numRuns: 2000 },
    );
    assert.ok(ruled > 50, `${ruled} clients with a rule`);
  });
});

describe('a geo map', () => {
  const [world, europe, germany, bavaria, munich] = equals(5).map(({ id }) => id);
  const lists = {
    cities: { 'DE-BY/Munich': [[munich]] },
    subdivisions: { 'DE-BY': [[bavaria]] },
    countries: { DE: [[germany]] },
    continents: { EU: [[europe]] },
    standard: [[world]],
    only: true,
  };
  const atlas = anAtlas([
    { prefix: '8.0.0.0/8', country: 'DE', subdivision: 'BY', city: 'Munich', lat: 48, lon: 11 },
    { prefix: '9.0.0.0/8', country: 'DE', subdivision: 'BY', city: 'Ulm', lat: 48, lon: 10 },
    { prefix: '11.0.0.0/8', country: 'DE', subdivision: 'BE', city: 'Berlin', lat: 52, lon: 13 },
    { prefix: '12.0.0.0/8', country: 'FR', lat: 48, lon: 2 },
    { prefix: '13.0.0.0/8', country: 'JP', lat: 35, lon: 139 },
  ]);

  const inherited: readonly [subnet: string, chain: readonly (RegionId | undefined)[]][] = [
    ['8.1.1.0/24', [munich, bavaria, germany, europe, world]],
    ['9.1.1.0/24', [bavaria, germany, europe, world]],
    ['11.1.1.0/24', [germany, europe, world]],
    ['12.1.1.0/24', [europe, world]],
    ['13.1.1.0/24', [world]],
  ];
  for (const [subnet, chain] of inherited) {
    test(`hands ${subnet} on from ${chain.join(' to ')}, one after the other as they go down`, () => {
      for (const [i, home] of chain.entries()) {
        const health = Object.fromEntries(chain.slice(0, i).map((id) => [id, downHealth()]));
        const steps: StepSettings[] = [{ kind: 'geo-map', ...lists }, one];
        const client: Client = { ...aClient(undefined), subnet: aPrefix(subnet) };
        assert.equal(homeOf(fleetWith(equals(5), steps, { atlas, health }), client), home);
      }
    });
  }
});
