// How a service is answered, whoever asks: the worst of any territory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecisionState } from '../../src/model/decision.ts';
import { formatName } from '../../src/model/name.ts';
import { overrideKey } from '../../src/model/override.ts';
import { prepareChain } from '../../src/steering/chain.ts';
import { stateOf as endOf } from '../../src/steering/decide.ts';
import { effectOn } from '../../src/steering/effect.ts';
import { nobody } from '../../src/steering/floor.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import type { Race } from '../../src/steering/step.ts';
import { fencesIn } from '../../src/steering/steps/fence.ts';
import { arbitraryHealth, arbitrarySnapshot } from '../support/random-fleet.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Override } from '../../src/model/override.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { serviceStates } from '../../src/steering/service-state.ts';
import { aName, anOverride, aRegion, aService, aSnapshot, downHealth } from '../support/fleet.ts';

const regions = ['eu', 'us', 'ap'].map((id) => aRegion(id));

interface Facts {
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
}

function stateOf(steps: readonly StepSettings[], facts: Facts): string {
  const services = [aService({ regions, steps })];
  return [...serviceStates(aSnapshot({ regions, services, ...facts })).values()].join();
}

const down = (...ids: string[]) => ({
  health: Object.fromEntries(ids.map((id) => [id, downHealth()])),
});
const drained = (...ids: string[]) => ({ overrides: ids.map((id) => anOverride(id)) });
const nearest = { kind: 'nearest' };

test('it is healthy as long as a region may serve, whichever is chosen for somebody', () => {
  for (const facts of [{}, down('eu'), down('eu', 'us'), drained('eu'), drained('eu', 'us')]) {
    assert.equal(stateOf([nearest, { kind: 'take', count: 1 }], facts), 'healthy');
  }
});

test('it fails open where nothing is alive, or does what its last resort says', () => {
  const all = down('eu', 'us', 'ap');
  assert.equal(stateOf([nearest], all), 'fail-open');
  assert.equal(stateOf([nearest, { kind: 'last-resort', answer: 'nodata' }], all), 'fail-closed');
  assert.equal(stateOf([nearest, { kind: 'last-resort', answer: [] }], all), 'stand-in');
});

test('it is withheld where operators took out every region, also inside one fence alone', () => {
  assert.equal(stateOf([nearest], drained('eu', 'us', 'ap')), 'withheld');
  const fences = [{ countries: ['DE'], regions: ['eu'] }];
  const fence = { kind: 'fence', fences };
  assert.equal(stateOf([fence, nearest], drained('eu')), 'withheld');
  assert.equal(stateOf([fence, nearest], drained('us')), 'healthy');
});

test('it is below its floor where that names a region that is down', () => {
  const floor = { least: 2, unit: 'regions', below: 'keep' };
  const steps = [nearest, { kind: 'alive', floor }];
  assert.equal(stateOf(steps, down('eu')), 'healthy');
  assert.equal(stateOf(steps, down('eu', 'us')), 'below-floor');
});

test('words on a part count for that part, and the worst off are drained for a share', () => {
  const all = ['eu', 'us', 'ap'];
  const shared = { overrides: all.map((id) => anOverride(id, { share: 0.25 })) };
  assert.equal(stateOf([nearest], shared), 'withheld');
  const { name } = aService({ regions });
  const inside = { overrides: all.map((id) => anOverride(id, { service: name })) };
  assert.equal(stateOf([nearest], inside), 'withheld');
  const elsewhere = { overrides: all.map((id) => anOverride(id, { service: aName('other') })) };
  assert.equal(stateOf([nearest], elsewhere), 'healthy');
});

/** Service by service, with the whole chain, nothing remembered. */
function naiveStates({ settings, health, overrides, loads }: Snapshot): Map<string, string> {
  const worst = ['withheld', 'fail-closed', 'stand-in', 'fail-open', 'below-floor', 'healthy'];
  const rows = Array.from(settings.services.values(), (service) => {
    const words = effectOn(service, overrides, settings.regions);
    const whole = new Map(Array.from(words, ([id, { share: _all, ...word }]) => [id, word]));
    const moment = { health, overrides: whole, loads, networkHash: 0, turn: undefined };
    const { thinning } = prepareChain(service, settings.regions);
    const states = [service, ...fencesIn(service.steps)].map(({ regions: inside }): string => {
      let race: Race = { tiers: [inside], reserve: [inside], floored: nobody, isFailOpen: false };
      for (const step of thinning) {
        if (step.isExclusion !== true && step.name !== 'last-resort') continue;
        race = step.apply(race, moment);
      }
      return endOf(race.tiers.flat(), race, moment) satisfies DecisionState;
    });
    return [
      formatName(service.name),
      worst.find((state) => states.includes(state)) as string,
    ] as const;
  });
  return new Map(rows);
}

test('after any changes, in any order, it is what a look at every service finds', () => {
  const change = fc.record({
    at: fc.nat(20),
    health: fc.option(arbitraryHealth(), { nil: undefined }),
    word: fc.constantFrom('none', 'region', 'service', 'endpoint', 'end'),
    isUp: fc.boolean(),
  });
  fc.assert(
    fc.property(arbitrarySnapshot(), fc.array(change, { maxLength: 8 }), (first, changes) => {
      let snapshot = first;
      const all = [first];
      for (const { at, health, word, isUp } of changes) {
        const { settings } = snapshot;
        const region = [...settings.regions.values()][at % settings.regions.size];
        const service = [...settings.services.keys()][at % settings.services.size];
        if (region === undefined || service === undefined) continue;
        const next = { health: new Map(snapshot.health), overrides: new Map(snapshot.overrides) };
        if (health !== undefined) next.health.set(region.id, health);
        const scope =
          word === 'service'
            ? { service }
            : word === 'endpoint'
              ? { endpoint: region.ipv4[0] }
              : {};
        const said = anOverride(region.id, { kind: isUp ? 'up' : 'drain', ...scope });
        if (word === 'end') next.overrides.clear();
        else if (word !== 'none') next.overrides.set(overrideKey(said), said);
        const overrides = word === 'none' ? snapshot.overrides : next.overrides;
        snapshot = { ...snapshot, health: next.health, overrides };
        all.push(snapshot);
      }
      // Forwards, and back again.
      for (const each of [...all, ...all.toReversed()]) {
        assert.deepEqual(serviceStates(each), naiveStates(each));
      }
    }),
    { numRuns: 200 },
  );
});

test('where no service fares otherwise, it is the same map', () => {
  const services = [aService({ regions })];
  const snapshot = aSnapshot({ regions, services });
  const states = serviceStates(snapshot);
  assert.equal(serviceStates(snapshot), states);
  const health = new Map(snapshot.health).set(regions[0]?.id as never, downHealth());
  assert.equal(serviceStates({ ...snapshot, health }), states);
  const all = new Map(regions.map(({ id }) => [id, downHealth()]));
  assert.notEqual(serviceStates({ ...snapshot, health: all }), states);
});
