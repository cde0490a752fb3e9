import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Client, Decision, Tiers, Trail } from '../../src/model/decision.ts';
import { decide } from '../../src/steering/decide.ts';
import { locate } from '../../src/steering/locate.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { aClient, aPrefix, aRegion, aService, aSnapshot, noon, planOf } from '../support/fleet.ts';
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
  const thinning = plan.thinning.map(({ name }) => name);
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
