// What a floor may and may not do, over random fleets: it only ever leaves more than there would be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Client } from '../../src/model/decision.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { Service } from '../../src/model/settings.ts';
import { prepareChain } from '../../src/steering/chain.ts';
import { decide, traceSteps } from '../../src/steering/decide.ts';
import { type Floor, floorOf, isDown } from '../../src/steering/floor.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import type { Moment } from '../../src/steering/step.ts';
import { wayBack } from '../../src/steering/steps/half-open.ts';
import { noon } from '../support/fleet.ts';
import { arbitraryClient, arbitrarySnapshot } from '../support/random-fleet.ts';

interface Case {
  readonly floor: Floor;
  readonly plan: Plan;
  /** The same plan without the floor. */
  readonly bare: Plan;
  readonly client: Client;
  readonly snapshot: Snapshot;
  /** What floors look at. */
  readonly state: Pick<Moment, 'health' | 'overrides'>;
  /** Whom fences and operators have left in. */
  readonly racing: readonly RegionId[];
  /** What a region counts towards the floor, and how much that wants. */
  readonly sizeOf: (region: RegionId) => number;
  readonly wanted: number;
}

function forEveryFloor(check: (each: Case) => void): void {
  const clients = fc.array(arbitraryClient(), { minLength: 10, maxLength: 10 });
  let seen = 0;
  fc.assert(
    fc.property(arbitrarySnapshot(), clients, (snapshot, asking) => {
      for (const plan of snapshot.plans.values()) {
        const floor = floorOf(plan.service);
        if (floor === undefined) continue;
        seen++;
        for (const client of asking) check(caseOf(floor, plan, client, snapshot));
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(seen > 25, `${seen} floors`);
}

function caseOf(floor: Floor, plan: Plan, client: Client, snapshot: Snapshot): Case {
  const { regions } = snapshot.settings;
  const sizeOf = (region: RegionId): number =>
    floor.unit === 'regions' ? 1 : (regions.get(region)?.weight ?? 0);
  const { service } = plan;
  const whole = service.regions.reduce((all, region) => all + sizeOf(region), 0);
  const steps = service.steps.filter(({ kind }) => kind !== 'alive');
  const without: Service = { ...service, steps };
  const { thinning } = prepareChain(without, regions);
  const bare = {
    ...plan,
    service: without,
    steps: thinning,
    survivors: undefined,
    starts: new Map(),
    memo: new Map(),
  };
  return {
    floor,
    plan,
    bare,
    client,
    snapshot,
    state: { health: snapshot.health, overrides: plan.overrides },
    racing: after('overrides', bare, { client, snapshot }),
    sizeOf,
    wanted: floor.unit === 'regions' ? floor.least : (whole * floor.least) / 100,
  };
}

/** Who is still in the race after a step. */
function after(
  step: string,
  plan: Plan,
  { client, snapshot }: Pick<Case, 'client' | 'snapshot'>,
): readonly RegionId[] {
  const entries = traceSteps(plan, locate(client, plan), snapshot, noon);
  return entries.find((entry) => entry.step === step)?.tiers.flat() ?? assert.fail();
}

function sum(regions: readonly RegionId[], { sizeOf }: Case): number {
  return regions.reduce((all, region) => all + sizeOf(region), 0);
}

test('no client is left with less than is wanted, as far as there is so much', () => {
  forEveryFloor((each) => {
    const { plan, racing, wanted } = each;
    if (after('half-open', each.bare, each).length === 0) return;
    const left = sum(after('half-open', plan, each), each);
    assert.ok(left >= Math.min(wanted, sum(racing, each)), `${left} of ${wanted}`);
  });
});

test('nobody is out who would be in without it, and nobody is in whom an operator took out', () => {
  forEveryFloor((each) => {
    const left = after('half-open', each.plan, each);
    const without = after('half-open', each.bare, each);
    assert.ok(without.every((region) => left.includes(region)));
    assert.ok(left.every((region) => each.racing.includes(region)));
  });
});

test('while enough regions have all their clients it changes nothing', () => {
  forEveryFloor((each) => {
    const { plan, bare, client, snapshot, state, racing, wanted } = each;
    const isOpen = (region: RegionId): boolean =>
      !isDown(region, state) && wayBack(region, state) === undefined;
    if (sum(racing.filter(isOpen), each) < wanted) return;
    const found = decide(plan, client, snapshot, noon);
    assert.deepEqual(found, decide(bare, client, snapshot, noon));
  });
});

test('while enough regions are up, none that is down is named, except as a last resort', () => {
  forEveryFloor((each) => {
    const { plan, client, snapshot, racing, wanted } = each;
    const alive = racing.filter((region) => !isDown(region, each.state));
    if (sum(alive, each) < wanted) return;
    const { state, regions } = decide(plan, client, snapshot, noon);
    if (state !== 'fail-open') assert.ok(!regions.some((region) => isDown(region, each.state)));
  });
});

test('where it keeps a region that is down, none that is up is spared', () => {
  forEveryFloor((each) => {
    const left = after('half-open', each.plan, each);
    if (!left.some((region) => isDown(region, each.state))) return;
    const alive = each.racing.filter((region) => !isDown(region, each.state));
    assert.ok(alive.every((region) => left.includes(region)));
  });
});
