// Plans that are handed on from snapshot to snapshot decide as plans that are made anew.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Override, overrideKey } from '../../src/model/override.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import { withoutWithheld } from '../../src/steering/effect.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import { type Motion, openPlanBook } from '../../src/steering/plan-book.ts';
import type { AreaMap, Snapshot } from '../../src/steering/snapshot.ts';
import { areaKey } from '../../src/steering/order.ts';
import {
  aLoad,
  aName,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
} from '../support/fleet.ts';
import {
  arbitraryClient,
  arbitraryHealth,
  arbitraryOverrides,
  arbitrarySnapshot,
} from '../support/random-fleet.ts';

/** What the next snapshot has otherwise. */
type Move = (motion: Motion) => Motion;

function arbitraryMove(regions: Snapshot['settings']['regions']): fc.Arbitrary<Move> {
  const ids = fc.constantFrom(...regions.keys());
  const health = fc.tuple(ids, arbitraryHealth()).map(
    ([id, state]): Move =>
      (motion) => ({ ...motion, health: new Map([...motion.health, [id, state]]) }),
  );
  const load = fc
    .tuple(ids, fc.constantFrom(undefined, 0.3, 0.9, 1.2), fc.constantFrom(0, 0.5))
    .map(
      ([id, share, shed]): Move =>
        (motion) => ({
          ...motion,
          loads: new Map([...motion.loads, [id, aLoad({ share, shed })]]),
        }),
    );
  const words = arbitraryOverrides([...regions.values()]).map(
    (said: Override[]): Move =>
      (motion) => ({
        ...motion,
        overrides: new Map(said.map((each) => [overrideKey(each), each])),
      }),
  );
  // As a tally makes it: other objects that say the same.
  const same = fc.constant<Move>((motion) => ({
    ...motion,
    health: new Map(Array.from(motion.health, ([id, state]) => [id, structuredClone(state)])),
    loads: new Map(motion.loads),
  }));
  return fc.oneof(health, load, words, same);
}

function areasOf({ plans, settings }: Snapshot): ReadonlyMap<string, AreaMap> {
  return new Map(
    Array.from(plans.values(), ({ service, areas }) => [areaKey(service, settings.regions), areas]),
  );
}

function snapshotWith(
  { settings, atlas }: Snapshot,
  motion: Motion,
  plans: Snapshot['plans'],
): Snapshot {
  const named = withoutWithheld(settings.regions, motion.overrides);
  return { epoch: 1, builtAt: noon, settings, atlas, ...motion, named, plans };
}

/** Every service once more under another name: it decides alike, where no word is on one of the two alone. */
function withTwins(snapshot: Snapshot): Snapshot {
  const { settings } = snapshot;
  const twins = Array.from(settings.services.values(), (service) => ({
    ...service,
    name: aName(`twin-of-${service.regions.length}-${service.name.length}`),
  }));
  const services = new Map([
    ...settings.services,
    ...twins.map((twin) => [twin.name, twin] as const),
  ]);
  return { ...snapshot, settings: { ...settings, services } };
}

test('kept plans decide as fresh ones, whatever moved, whoever asked before, also of an older snapshot', () => {
  const story = arbitrarySnapshot()
    .map(withTwins)
    .chain((first) =>
      fc.record({
        first: fc.constant(first),
        moves: fc.array(arbitraryMove(first.settings.regions), { minLength: 1, maxLength: 8 }),
        clients: fc.array(arbitraryClient(), { minLength: 1, maxLength: 4 }),
        // Which snapshots are asked: some services are asked for seldom.
        asked: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      }),
    );
  fc.assert(
    fc.property(story, ({ first, moves, clients, asked }) => {
      const areas = areasOf(first);
      const book = openPlanBook();
      let motion: Motion = first;
      const kept: Snapshot[] = [];
      const ask = (snapshot: Snapshot): void => {
        const { health, overrides, loads } = snapshot;
        for (const [name, service] of first.settings.services) {
          // By itself, so that it has nothing in common with any other.
          const alone = { ...first.settings, services: new Map([[name, service]]) };
          const plan = preparePlans(alone, areas, health, overrides, loads).get(name);
          assert.ok(plan);
          const handed = snapshot.plans.get(name) ?? assert.fail('there is one');
          assert.deepEqual(handed.horizon, plan.horizon);
          for (const client of clients) {
            const now = millis(noon + 90_000);
            assert.deepEqual(
              decide(handed, client, snapshot, now),
              decide(plan, client, snapshot, now),
            );
          }
        }
      };
      for (const [i, move] of moves.entries()) {
        motion = move(motion);
        const { health, overrides, loads } = motion;
        const plans = preparePlans(first.settings, areas, health, overrides, loads, book);
        kept.push(snapshotWith(first, { health, overrides, loads }, plans));
        if (asked[i] === true) ask(kept.at(-1) as Snapshot);
      }
      for (const snapshot of kept) ask(snapshot);
    }),
    { numRuns: 100 },
  );
});

describe('a plan', () => {
  const [ash, elm, oak] = ['ash', 'elm', 'oak'].map((id) => aRegion(id)) as [
    ReturnType<typeof aRegion>,
    ReturnType<typeof aRegion>,
    ReturnType<typeof aRegion>,
  ];
  const services = [
    aService({ name: 'www', regions: [ash, elm] }),
    aService({ name: 'api', regions: [elm, oak] }),
  ];
  const first = aSnapshot({ regions: [ash, elm, oak], services });
  const loads = new Map<RegionId, RegionLoad>();

  /** Which services have the same plan in two snapshots, one after the other. */
  function keptFrom(before: Partial<Motion>, after: Partial<Motion>): string[] {
    const book = openPlanBook();
    const prepare = (motion: Partial<Motion>): Snapshot['plans'] => {
      const { health, overrides } = { ...first, ...motion };
      const areas = areasOf(first);
      return preparePlans(first.settings, areas, health, overrides, motion.loads ?? loads, book);
    };
    const plans = prepare(before);
    const names = ['www', 'api'];
    const made = names.map((name) => plans.get(aName(name)));
    const next = prepare(after);
    return names.filter((name, i) => next.get(aName(name)) === made[i]);
  }

  test('stays where nothing of its service has moved', () => {
    assert.deepEqual(keptFrom({}, {}), ['www', 'api']);
    assert.deepEqual(keptFrom({}, { health: structuredClone(first.health) }), ['www', 'api']);
    const health = new Map(first.health).set(ash.id, downHealth());
    assert.deepEqual(keptFrom({}, { health }), ['api']);
    assert.deepEqual(keptFrom({}, { loads: new Map([[oak.id, aLoad({ share: 0.5 })]]) }), ['www']);
  });

  test('finds out once what holds for all services of its kind, until a word sets one apart', () => {
    const alike = ['www', 'api', 'cdn'].map((name) => aService({ name, regions: [ash, elm] }));
    const snapshot = aSnapshot({ regions: [ash, elm], services: alike });
    const word = { ...anOverride('elm'), service: aName('api') };
    const book = openPlanBook();
    const findingsOf = (overrides: Motion['overrides']): unknown[] => {
      const plans = preparePlans(
        snapshot.settings,
        areasOf(snapshot),
        snapshot.health,
        overrides,
        loads,
        book,
      );
      return alike.map(({ name }) => plans.get(name)?.findings);
    };
    const [one, two, three] = findingsOf(new Map());
    assert.ok(one !== undefined && one === two && two === three);
    const [www, api, cdn] = findingsOf(new Map([[overrideKey(word), word]]));
    assert.ok(www === cdn && www !== one && api !== www);
    const [last, ...others] = findingsOf(new Map());
    assert.ok(others.every((each) => each === last) && last !== www);
  });

  test('is made anew by a word on one of its regions, and when that ends', () => {
    const word = anOverride('oak');
    const overrides = new Map([[overrideKey(word), word]]);
    assert.deepEqual(keptFrom({}, { overrides }), ['www']);
    assert.deepEqual(keptFrom({ overrides }, {}), ['www']);
    assert.deepEqual(keptFrom({ overrides }, { overrides: new Map(overrides) }), ['www', 'api']);
  });
});
