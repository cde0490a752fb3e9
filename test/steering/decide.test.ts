import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decision } from '../../src/model/decision.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { decide, decisionId } from '../../src/steering/decide.ts';
import type { Outcome } from '../../src/steering/snapshot.ts';
import { anAtlas } from '../support/atlas.ts';
import {
  aClient,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  planOf,
  returningHealth,
  upHealth,
  unused,
} from '../support/fleet.ts';

const ash = aRegion('ash', { longitude: 0, weight: 50 });
const birch = aRegion('birch', { longitude: 60, weight: 50 });
const cedar = aRegion('cedar', { longitude: 120, weight: 50 });
const regions = [ash, birch, cedar];
const atlas = anAtlas([
  { prefix: '8.0.0.0/8', lat: 0, lon: 10 },
  { prefix: '9.0.0.0/8', lat: 0, lon: 110 },
]);

const nearest: StepSettings = { kind: 'nearest', withinKm: 0 };
const west = aClient('8.8.8.0/24');
const east = aClient('9.9.9.0/24');

type Facts = Partial<Parameters<typeof aSnapshot>[0]>;

function decided(client = west, facts: Facts = {}, steps: StepSettings[] = [nearest]): Decision {
  const services = [aService({ regions, steps })];
  const snapshot = aSnapshot({ regions, services, atlas, ...facts });
  return decide(planOf(snapshot), client, snapshot, noon);
}

describe('a decision', () => {
  test('names the nearest regions first', () => {
    assert.deepEqual(decided(west).regions, ['ash', 'birch', 'cedar']);
    assert.deepEqual(decided(east).regions, ['cedar', 'birch', 'ash']);
  });

  test('carries everything an answer says about itself', () => {
    const decision = decided(west, { epoch: 7 }, [nearest, { kind: 'take', count: 1 }]);
    assert.deepEqual(decision, {
      service: '\x03www\x07example\x04test\0',
      regions: ['ash'],
      state: 'healthy',
      isFenced: false,
      addresses: [],
      isKept: false,
      ttl: 30,
      ttlReason: 'stable',
      scope: 8,
      epoch: 7,
    });
  });

  test('skips what is down and what operators took out', () => {
    assert.deepEqual(decided(west, { health: { ash: downHealth() } }).regions, ['birch', 'cedar']);
    const overrides = [anOverride('birch')];
    assert.deepEqual(decided(west, { overrides }).regions, ['ash', 'cedar']);
  });

  test('fails open by geography when nothing is alive, with a short TTL', () => {
    const health = { ash: downHealth(), birch: downHealth(), cedar: downHealth() };
    const { regions: chosen, state, ttl, ttlReason } = decided(east, { health });
    assert.deepEqual(chosen, ['cedar', 'birch', 'ash']);
    assert.equal(`${state} ${ttl} ${ttlReason}`, 'fail-open 10 fail-open');
  });

  test('does not fail open to a drained region, even if that is the only one alive', () => {
    const health = { birch: downHealth(), cedar: downHealth() };
    const { regions: chosen, state } = decided(west, { health, overrides: [anOverride('ash')] });
    assert.deepEqual(chosen, ['birch', 'cedar']);
    assert.equal(state, 'fail-open');
  });

  test('is withheld when operators took out every region', () => {
    const overrides = regions.map(({ id }) => anOverride(id));
    const { regions: chosen, state, ttl } = decided(west, { overrides });
    assert.deepEqual(chosen, []);
    assert.equal(state, 'withheld');
    assert.equal(ttl, 10);
  });

  test('says when a verdict that it rests on is an old one', () => {
    const { isKept, ttlReason } = decided(west, { health: { cedar: upHealth({ isKept: true }) } });
    assert.equal(isKept, true);
    assert.equal(ttlReason, 'verdict-kept');
  });

  test('shares one list among the clients that it treats alike', () => {
    const services = [aService({ regions })];
    const snapshot = aSnapshot({ regions, services, atlas });
    const plan = planOf(snapshot);
    const lists = ['8.8.8.0/24', '8.1.1.0/24', '8.8.8.8/32'].map(
      (subnet) => decide(plan, aClient(subnet), snapshot, noon).regions,
    );
    assert.equal(lists[1], lists[0]);
    assert.equal(lists[2], lists[0]);
  });

  test('is made network by network only where an answer may reach a region on its way back', () => {
    const steps: StepSettings[] = [nearest, { kind: 'take', count: 1 }];
    const services = [aService({ regions, steps })];
    const health = { ash: returningHealth(0.5) };
    const snapshot = aSnapshot({ regions, services, atlas, health });
    const plan = planOf(snapshot);
    const ask = (subnet: string): Decision => decide(plan, aClient(subnet), snapshot, noon);
    const near = Array.from({ length: 16 }, (_, i) => ask(`8.8.${i * 16}.0/24`));
    assert.deepEqual(new Set(near.map(({ regions: [first] }) => first)), new Set(['ash', 'birch']));
    assert.ok(near.every(({ scope }) => scope === 20));
    assert.equal(ask('9.9.9.0/24').scope, 8);
    assert.deepEqual(ask('9.9.9.0/24').regions, ['cedar']);
    const outcomes = [...plan.findings.starts.values()].map(({ outcome }) =>
      outcome?.regions.join(),
    );
    assert.deepEqual(new Set(outcomes), new Set([undefined, 'cedar']));
  });

  test('is made once for all clients of a class while a region is held, as when none is', () => {
    for (const share of [0, 1]) {
      const health = { ash: share === 0 ? returningHealth(share) : upHealth() };
      const snapshot = aSnapshot({ regions, services: [aService({ regions })], atlas, health });
      const plan = planOf(snapshot);
      assert.equal(decide(plan, west, snapshot, noon).scope, 8);
      assert.ok([...plan.findings.starts.values()].every(({ outcome }) => outcome !== undefined));
    }
  });

  test('is the same when no more can be remembered', () => {
    const snapshot = aSnapshot({ regions, services: [aService({ regions })], atlas });
    const plan = planOf(snapshot);
    const expected = decide(unused(plan), west, snapshot, noon);
    const none: Outcome = { regions: [], state: 'withheld', addresses: [] };
    for (let n = 0; n < 65_536; n++) plan.findings.memo.set(`${n}`, none);
    assert.deepEqual(decide(plan, west, snapshot, noon), expected);
    assert.equal(plan.findings.memo.size, 65_536);
  });

  test('spreads equals by weight, each network to one region, and scopes it so', () => {
    const steps: StepSettings[] = [{ kind: 'weight' }, { kind: 'take', count: 1 }];
    const chosen = new Map<string, Set<string>>();
    for (let n = 0; n < 64; n++) {
      const { regions: own, scope } = decided(aClient(`8.${n}.0.0/24`), {}, steps);
      assert.equal(scope, 20);
      chosen.set(own.join(), chosen.get(own.join()) ?? new Set());
      const again = decided(aClient(`8.${n}.15.0/24`), {}, steps);
      assert.deepEqual(again.regions, own);
    }
    assert.deepEqual([...chosen.keys()].sort(), ['ash', 'birch', 'cedar']);
  });

  test('keeps a wide scope where weights have nothing to choose between', () => {
    assert.equal(decided(west, {}, [nearest, { kind: 'weight' }]).scope, 8);
  });
});

describe('the word for a decision', () => {
  test('starts with the epoch and is equal for equal decisions', () => {
    const word = decisionId(decided(west, { epoch: 7 }));
    assert.match(word, /^e7-[0-9a-z]{1,7}$/);
    assert.equal(decisionId(decided(aClient('8.1.1.0/24'), { epoch: 7 })), word);
  });

  test('differs where the decision does', () => {
    const words = [
      decided(west),
      decided(east),
      decided(west, { epoch: 2 }),
      decided(west, { overrides: [anOverride('ash')] }),
      { ...decided(west), scope: 9 },
      {
        ...decided(west),
        ttl: decided(west, { overrides: [anOverride('oak')] }).ttl,
        state: 'fail-open' as const,
      },
      { ...decided(west), service: aService({ name: 'api', regions }).name },
    ].map(decisionId);
    assert.equal(new Set(words).size, words.length);
  });
});
