import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client, Decision } from '../../src/model/decision.ts';
import { type Ip, ipv4, ipv6, maskIp } from '../../src/model/ip.ts';
import { noLoads } from '../../src/model/load.ts';
import { takesOut } from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import { type Millis, millis } from '../../src/model/time.ts';
import { openRecovery } from '../../src/health/recover.ts';
import { stepKinds } from '../../src/steering/chain.ts';
import { decide } from '../../src/steering/decide.ts';
import { isDown } from '../../src/steering/floor.ts';
import { hashNetwork, isPicked } from '../../src/steering/hash.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { wayBack } from '../../src/steering/steps/half-open.ts';
import { reachOfTake } from '../../src/steering/steps/take.ts';
import { anAtlas } from '../support/atlas.ts';
import { aRegion, aService, aSnapshot, noon, planOf, unused } from '../support/fleet.ts';
import { naiveKm } from '../support/naive.ts';
import {
  arbitraryClient,
  arbitraryCoordinates,
  arbitraryIp,
  arbitraryRegions,
  arbitrarySnapshot,
  splice,
} from '../support/random-fleet.ts';

/** Checks something of every decision of a random fleet for random clients. */
function forEveryDecision(
  check: (decision: Decision, plan: Plan, client: Client, snapshot: Snapshot) => void,
  numRuns = 100,
): void {
  const clients = fc.array(arbitraryClient(), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(arbitrarySnapshot(), clients, (snapshot, asking) => {
      for (const plan of snapshot.plans.values()) {
        for (const client of asking) {
          check(decide(plan, client, snapshot, noon), plan, client, snapshot);
        }
      }
    }),
    { numRuns },
  );
}

/** The regions of the client's class, best first. */
function classOrder(plan: Plan, client: Client): readonly RegionId[] {
  return plan.classes.at(locate(client, plan).classIndex).tiers.flat();
}

function hasStep({ service }: Plan, kind: string): boolean {
  return service.steps.some((step) => step.kind === kind);
}

/** True when a step puts regions into an order of its own for each client. */
function isDrawn(plan: Plan): boolean {
  return stepKinds.some(({ kind, isDraw }) => isDraw && hasStep(plan, kind));
}

describe('every decision', () => {
  test('is the same for the same arguments, and from a plan that was never used', () => {
    forEveryDecision((decision, plan, client, snapshot) => {
      assert.deepEqual(decide(plan, client, snapshot, noon), decision);
      assert.deepEqual(decide(unused(plan), client, snapshot, noon), decision);
    });
  });

  test('is made at any moment', () => {
    const moment: fc.Arbitrary<Millis> = fc
      .oneof(fc.double(), fc.integer(), fc.constant(noon + 86_400_000))
      .map(millis);
    fc.assert(
      fc.property(arbitrarySnapshot(), arbitraryClient(), moment, (snapshot, client, now) => {
        const plan = planOf(snapshot);
        const { ttl } = decide(plan, client, snapshot, now);
        assert.ok(ttl >= 1 && ttl <= plan.service.ttl.stable);
      }),
    );
  });

  test('holds for every address inside its scope', () => {
    const useful = { 4: 24, 6: 56 };
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        arbitraryClient(),
        fc.array(arbitraryIp(), { minLength: 20, maxLength: 20 }),
        (snapshot, client, others) => {
          const { subnet } = client;
          if (subnet === undefined) return;
          for (const plan of snapshot.plans.values()) {
            if (locate(client, plan).by !== 'subnet') continue;
            const decision = decide(plan, client, snapshot, noon);
            const length = Math.max(subnet.length, useful[subnet.ip.family]);
            for (const other of [...others, ...ends] satisfies Ip[]) {
              if (other.family !== subnet.ip.family) continue;
              const inside = maskIp(splice(subnet.ip, other, decision.scope), length);
              const neighbour = { ...client, subnet: { ip: inside, length } };
              assert.deepEqual(decide(plan, neighbour, snapshot, noon), decision);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps the order of geography, whatever health says', () => {
    forEveryDecision(({ regions }, plan, client) => {
      if (isDrawn(plan)) return;
      const order = classOrder(plan, client);
      const kept = order.filter((region) => regions.includes(region));
      assert.deepEqual(regions, kept);
    });
  });

  test('names no region twice and none that is not a candidate', () => {
    forEveryDecision(({ regions }, { service }) => {
      assert.equal(new Set(regions).size, regions.length);
      assert.ok(regions.every((region) => service.regions.includes(region)));
    });
  });

  test('never names a region that an operator took out', () => {
    forEveryDecision(({ regions }, { overrides }) => {
      for (const region of regions) assert.ok(!takesOut(overrides.get(region)), region);
    });
  });

  test('names a region that is down only when it says so or an operator holds it up', () => {
    forEveryDecision(({ regions, state }, { overrides }, _client, { health }) => {
      if (state === 'fail-open') return;
      const isAnyDown = regions.some((region) => isDown(region, { health, overrides }));
      assert.equal(isAnyDown, state === 'below-floor');
    });
  });

  test('spares a region on its way back only for one that is not, and at most for some networks', () => {
    forEveryDecision((_decision, plan, client, snapshot) => {
      const { health } = snapshot;
      const { overrides } = plan;
      const isBack = (region: RegionId): boolean =>
        wayBack(region, { health, overrides }) !== undefined;
      const open = new Map(
        Array.from(health, ([id, state]) => [id, { ...state, recovery: openRecovery }]),
      );
      const fresh = (): Plan => unused(plan);
      // Whom a busy region could pass on hangs on who is left.
      const idle = { ...snapshot, loads: noLoads };
      const decision = decide(fresh(), client, idle, noon);
      const without = decide(fresh(), client, { ...idle, health: open }, noon);
      assert.equal(decision.state, without.state);
      if (!plan.service.regions.some(isBack)) assert.deepEqual(decision.regions, without.regions);
      // Who would be answered with regions that are not on their way is answered just so.
      if (!isDrawn(plan) && !without.regions.some(isBack)) {
        assert.deepEqual(decision.regions, without.regions);
        assert.equal(decision.scope, without.scope);
      }
    });
  });

  test('keeps a network at a region that takes more', () => {
    forEveryDecision((_decision, plan, client, busy) => {
      const snapshot = { ...busy, loads: noLoads };
      const more = new Map(
        Array.from(snapshot.health, ([id, state]) => {
          const { recovery } = state;
          const isSome = recovery.nextAt !== undefined && recovery.share > 0;
          const share = isSome ? Math.min(0.99, recovery.share * 2) : recovery.share;
          return [id, { ...state, recovery: { ...recovery, share } }];
        }),
      );
      if (plan.service.regions.length === 0 || hasStep(plan, 'take')) return;
      const fresh = (): Plan => unused(plan);
      const decision = decide(fresh(), client, snapshot, noon);
      const { regions } = decide(fresh(), client, { ...snapshot, health: more }, noon);
      // A region of weight 0 only stands in, and gives way to one that takes the network now.
      const isStandIn = (id: RegionId): boolean =>
        hasStep(plan, 'weight') && snapshot.settings.regions.get(id)?.weight === 0;
      assert.ok(decision.regions.every((id) => isStandIn(id) || regions.includes(id)));
    });
  });

  test('fails open only when every candidate is down or taken out', () => {
    forEveryDecision(({ state, addresses }, plan, client, { health }) => {
      const { overrides } = plan;
      const networkHash = hashNetwork(locate(client, plan).address);
      const candidates = classOrder(plan, client);
      const last = plan.service.steps.find(({ kind }) => kind === 'last-resort')?.['answer'];
      const isTaken = (region: RegionId): boolean => {
        const { kind = 'up', share = 1 } = overrides.get(region) ?? {};
        return kind !== 'up' && isPicked(`${region} drains`, share, networkHash);
      };
      const isAlive = (region: RegionId): boolean => {
        if (isTaken(region)) return false;
        return overrides.get(region)?.kind === 'up' || health.get(region)?.verdict !== 'down';
      };
      const expected = candidates.some(isAlive)
        ? 'healthy'
        : Array.isArray(last)
          ? 'stand-in'
          : candidates.every(isTaken)
            ? 'withheld'
            : last === 'nodata'
              ? 'fail-closed'
              : 'fail-open';
      assert.equal(state === 'below-floor' ? 'healthy' : state, expected);
      assert.deepEqual(addresses, state === 'stand-in' ? last : []);
    });
  });

  test('names as many regions as were asked for, as far as there are any', () => {
    forEveryDecision(({ regions, state }, { service }) => {
      assert.ok(regions.length <= reachOfTake(service.steps));
      const isEmpty = ['withheld', 'fail-closed', 'stand-in'].includes(state);
      assert.equal(regions.length === 0, isEmpty);
    });
  });

  test('lives from one second up to the stable TTL', () => {
    forEveryDecision(({ ttl }, { service }) => {
      assert.ok(Number.isInteger(ttl));
      assert.ok(ttl >= 1 && ttl <= service.ttl.stable);
    });
  });
});

const ends: readonly Ip[] = [ipv4(0), ipv4(~0), ipv6(0, 0, 0, 0), ipv6(~0, ~0, ~0, ~0)];

describe('adding a region', () => {
  test('never sends a client farther than before', () => {
    fc.assert(
      fc.property(
        arbitraryRegions(2),
        arbitraryCoordinates(),
        (fleet, { latitude: lat, longitude: lon }) => {
          const plain = fleet.map((region) => ({ ...region, bias: 0 }));
          const atlas = anAtlas([{ prefix: '8.0.0.0/8', lat, lon }]);
          const client: Client = {
            address: ipv4(0x08080808),
            origin: 'given',
            subnet: undefined,
          };
          const firstKm = (regions: typeof plain): number => {
            const services = [aService({ regions })];
            const snapshot = aSnapshot({ regions, services, atlas });
            const [id] = decide(planOf(snapshot), client, snapshot, noon).regions;
            const coordinates = { latitude: lat, longitude: lon };
            const first = regions.find((region) => region.id === id) ?? aRegion('none');
            return naiveKm({ coordinates }, first);
          };
          assert.ok(firstKm(plain) <= firstKm(plain.slice(1)));
        },
      ),
    );
  });
});

describe('removing a region', () => {
  for (const [kind, origin] of [
    ['weight', 'peer'],
    ['consistent-hash', 'peer'],
    ['consistent-hash', 'resolver'],
  ] as const)
    test(`moves only the networks that were its own by ${kind}, seen as a ${origin}`, () => {
      fc.assert(
        fc.property(arbitraryRegions(2), fc.nat(), (fleet, n) => {
          const weighted = fleet.map((region) => ({ ...region, weight: region.weight + 1 }));
          const gone = weighted[n % weighted.length]?.id;
          const rest = weighted.filter(({ id }) => id !== gone);
          const firsts = (regions: typeof weighted): string[] => {
            const services = [aService({ regions, steps: [{ kind }] })];
            const snapshot = aSnapshot({ regions, services });
            const plan = planOf(snapshot);
            return Array.from({ length: 64 }, (_, i) => {
              const address = ipv4(0x08000000 + (i << 12));
              const client: Client = { address, origin, subnet: undefined };
              return decide(plan, client, snapshot, noon).regions[0] ?? '';
            });
          };
          const after = firsts(rest);
          for (const [i, before] of firsts(weighted).entries()) {
            if (before !== gone) assert.equal(after[i], before);
          }
        }),
      );
    });
});
