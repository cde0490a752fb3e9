// What loads may do to an answer and what they never do, seen from the decision of whole chains.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client } from '../../src/model/decision.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { decide } from '../../src/steering/decide.ts';
import { hashNetwork } from '../../src/steering/hash.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { fencesIn } from '../../src/steering/steps/fence.ts';
import { isPassedOn } from '../../src/steering/steps/shed.ts';
import { anAtlas } from '../support/atlas.ts';
import { aLoad, aService, aSnapshot, noon, planOf, someLoadSettings } from '../support/fleet.ts';
import {
  arbitraryClient,
  arbitraryEntries,
  arbitraryHealth,
  arbitraryRegions,
} from '../support/random-fleet.ts';

/** The same fleet at the same moment, whose regions are busy, and where nobody knows of any load. */
interface Pair {
  readonly busy: Snapshot;
  readonly idle: Snapshot;
}

const states = fc.array(arbitraryHealth(), { minLength: 8, maxLength: 8 });

/** Any region may be full, and pass on any share of its networks, even all. */
const loads = fc.array(
  fc
    .record({
      share: fc.constantFrom(undefined, 0.2, 0.8, 1.5),
      connections: fc.constantFrom(undefined, 5, 500),
      shed: fc.constantFrom(0, 0.3, 0.95, 1),
    })
    .map(aLoad),
  { minLength: 8, maxLength: 8 },
);

/** `stepsOf` is given regions that all say how busy they are, so that `shed` is in every chain. */
function pairs(stepsOf: (ids: readonly RegionId[]) => fc.Arbitrary<StepSettings[]>) {
  return arbitraryRegions(2).chain((some) => {
    const regions: Region[] = some.map((region) => ({ ...region, load: someLoadSettings() }));
    const ids = regions.map(({ id }) => id);
    const told = fc.tuple(stepsOf(ids), states, loads, arbitraryEntries());
    return told.map(([steps, health, all, entries]): Pair => {
      const by = <T>(facts: readonly T[]) =>
        Object.fromEntries(ids.map((id, i) => [id, facts[i] as T]));
      const facts = {
        regions,
        services: [aService({ regions, steps })],
        atlas: anAtlas(entries),
        health: by(health),
      };
      const known: Readonly<Record<string, RegionLoad>> = by(all);
      return { busy: aSnapshot({ ...facts, loads: known }), idle: aSnapshot(facts) };
    });
  });
}

const clients = fc.array(arbitraryClient(), { minLength: 20, maxLength: 20 });
const nearest = fc.constantFrom(0, 5000, 20_000).map((withinKm) => ({ kind: 'nearest', withinKm }));
const take = fc.constantFrom(1, 2, 8).map((count) => ({ kind: 'take', count }));

function answerTo(client: Client, snapshot: Snapshot): readonly RegionId[] {
  return decide(planOf(snapshot), client, snapshot, noon).regions;
}

/** For each region the place of its tier in the order that geography gives this client. */
function ranksOf({ classes }: Plan, classIndex: number): ReadonlyMap<RegionId, number> {
  const { tiers } = classes.at(classIndex);
  return new Map(tiers.flatMap((tier, rank) => tier.map((id) => [id, rank] as const)));
}

describe('a fence', () => {
  const fenced = pairs((ids) =>
    fc
      .tuple(fc.shuffledSubarray([...ids], { minLength: 1 }), nearest, take)
      .map(([regions, ...steps]) => {
        const continents = ['EU', 'NA', 'SA', 'AS', 'AF', 'OC', 'AN'];
        const fence = { continents, countries: [], subdivisions: [], regions };
        return [{ kind: 'fence', fences: [fence] }, ...steps];
      }),
  );

  test('is never left by shedding, even where all that it holds pass everybody on', () => {
    let inside = 0;
    fc.assert(
      fc.property(fenced, clients, ({ busy }, asking) => {
        const plan = planOf(busy);
        const [fence] = fencesIn(plan.service.steps);
        for (const client of asking) {
          const decision = decide(plan, client, busy, noon);
          if (!decision.isFenced) continue;
          inside++;
          assert.ok(decision.regions.length > 0);
          assert.ok(decision.regions.every((id) => fence?.regions.includes(id)));
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(inside > 100, `${inside} clients inside a fence`);
  });
});

describe('load', () => {
  const draws = fc.constantFrom<StepSettings[]>(
    [],
    [{ kind: 'least-load' }],
    [{ kind: 'least-connections' }],
  );
  const any = pairs(() =>
    fc.tuple(nearest, draws, take).map(([first, drawn, last]) => [first, ...drawn, last]),
  );

  test('never sends anybody to a farther tier before a nearer one', () => {
    fc.assert(
      fc.property(any, clients, ({ busy }, asking) => {
        const plan = planOf(busy);
        for (const client of asking) {
          const ranks = ranksOf(plan, locate(client, plan).classIndex);
          const told = answerTo(client, busy).map((id) => ranks.get(id) ?? -1);
          assert.deepEqual(
            told,
            told.toSorted((one, other) => one - other),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  const drawless = pairs(() => fc.tuple(nearest, take));

  test('moves nobody whose regions keep it, where no step orders by load', () => {
    let moved = 0;
    fc.assert(
      fc.property(drawless, clients, ({ busy, idle }, asking) => {
        for (const client of asking) {
          const before = answerTo(client, idle);
          const after = answerTo(client, busy);
          const hash = hashNetwork(locate(client, planOf(busy)).address);
          const isKept = before.every((id) => !isPassedOn(id, busy.loads.get(id)?.shed ?? 0, hash));
          if (isKept) assert.deepEqual(after, before);
          else if (after[0] !== before[0]) moved++;
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(moved > 100, `${moved} clients moved`);
  });

  test('leaves nobody without an answer who had one', () => {
    fc.assert(
      fc.property(any, clients, ({ busy, idle }, asking) => {
        for (const client of asking) {
          const [before, after] = [answerTo(client, idle), answerTo(client, busy)];
          assert.equal(after.length > 0, before.length > 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
