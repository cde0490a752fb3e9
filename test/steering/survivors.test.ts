import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client } from '../../src/model/decision.ts';
import { decide } from '../../src/steering/decide.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { anAtlas } from '../support/atlas.ts';
import {
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  planOf,
  returningHealth,
  unused,
} from '../support/fleet.ts';
import { arbitraryClient, arbitraryIp, arbitrarySnapshot } from '../support/random-fleet.ts';

/** The same plan, in which every class has all of its regions put in order before anything is decided. */
function inFull(plan: Plan): Plan {
  const { classes } = plan;
  const slow = {
    at: (index: number) => classes.at(index),
    isSpecial: (index: number) => classes.isSpecial(index),
    canCut: false,
    cut: () => assert.fail('nothing is cut here'),
  };
  return unused({ ...plan, classes: slow });
}

describe('a decision', () => {
  test('is the same whether survivors are put in order or all regions are, whatever holds', () => {
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        fc.array(arbitraryClient(), { minLength: 20, maxLength: 20 }),
        (snapshot, clients) => {
          for (const plan of snapshot.plans.values()) {
            const full = inFull(plan);
            for (const client of clients) {
              const wanted = decide(full, client, snapshot, noon);
              assert.deepEqual(decide(plan, client, snapshot, noon), wanted);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('is the same among hundreds of regions', () => {
    fc.assert(
      fc.property(largeFleet(), fc.array(arbitraryIp(4), { minLength: 5 }), (snapshot, ips) => {
        const plan = planOf(snapshot);
        const full = inFull(plan);
        for (const address of ips) {
          const client: Client = { address, origin: 'peer', subnet: { ip: address, length: 32 } };
          const wanted = decide(full, client, snapshot, noon);
          assert.deepEqual(decide(plan, client, snapshot, noon), wanted);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Hundreds of regions on a coarse grid, some of them down, drained, or on their way back. */
function largeFleet(): fc.Arbitrary<Snapshot> {
  const fate = fc.constantFrom('up', 'up', 'up', 'down', 'drained', 'held', 'back');
  const row = fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -17, max: 18 }), fate);
  const chain = fc.tuple(
    fc.constantFrom<object[]>([], [{ kind: 'priority', groups: [['r1', 'r7', 'r3'], ['r2']] }]),
    fc.constantFrom<object[]>(
      [],
      [{ kind: 'alive', floor: { least: 90, unit: 'percent', below: 'keep' } }],
    ),
    fc.constantFrom(1, 2, 16),
  );
  return fc
    .tuple(fc.array(row, { minLength: 100, maxLength: 300 }), chain, fc.boolean())
    .map(([rows, [order, alive, count], isAllDown]) => {
      const regions = rows.map(([lat, lon], i) =>
        aRegion(`r${i}`, { latitude: lat * 10, longitude: lon * 10 }),
      );
      const healthOf = (of: string) =>
        isAllDown || of === 'down'
          ? downHealth()
          : of === 'back'
            ? returningHealth(0.25)
            : returningHealth(0);
      const health = Object.fromEntries(
        rows.flatMap(([, , of], i) =>
          !isAllDown && (of === 'up' || of === 'drained') ? [] : [[`r${i}`, healthOf(of)] as const],
        ),
      );
      const drained = rows.flatMap(([, , of], i) =>
        of === 'drained' ? [anOverride(`r${i}`)] : [],
      );
      const steps = [...order, { kind: 'nearest', withinKm: 0 }, ...alive, { kind: 'take', count }];
      return aSnapshot({
        regions,
        services: [aService({ regions, steps: steps as never })],
        atlas: anAtlas(
          Array.from({ length: 200 }, (_, i) => ({
            prefix: `${i + 1}.0.0.0/8`,
            lat: ((i * 37) % 180) - 90,
            lon: ((i * 101) % 360) - 180,
          })),
        ),
        health,
        overrides: drained,
      });
    });
}
