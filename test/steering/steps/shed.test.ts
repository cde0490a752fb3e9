import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipv4 } from '../../../src/model/ip.ts';
import type { RegionLoad } from '../../../src/model/load.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { prepareChain } from '../../../src/steering/chain.ts';
import { hashNetwork } from '../../../src/steering/hash.ts';
import { prepareConsistentHash } from '../../../src/steering/steps/consistent-hash.ts';
import { prepareHalfOpen } from '../../../src/steering/steps/half-open.ts';
import { prepareShed } from '../../../src/steering/steps/shed.ts';
import {
  aLoad,
  aRegion,
  aService,
  returningHealth,
  someLoadSettings,
} from '../../support/fleet.ts';
import { type Ran, runOn, runStep, startRace } from '../../support/race.ts';

const step = prepareShed(Number.POSITIVE_INFINITY);

/** Hashes of as many client networks. */
const networks = Array.from({ length: 8000 }, (_, i) => hashNetwork(ipv4(i << 12)));

/** `{ ash: 0.3 }`: what is shed. */
function shedding(sheds: Readonly<Record<string, number>>): Record<string, RegionLoad> {
  return Object.fromEntries(
    Object.entries(sheds).map(([id, shed]) => [id, aLoad({ shed, share: 1.2 })]),
  );
}

function ran(tiers: string, sheds: Readonly<Record<string, number>>, networkHash = 0): Ran {
  return runStep(step, tiers, { loads: shedding(sheds), networkHash });
}

/** Who comes first for each network. */
function firsts(tiers: string, sheds: Readonly<Record<string, number>>): string[] {
  return networks.map((hash) => ran(tiers, sheds, hash).race.tiers[0]?.[0] ?? '');
}

function shareOf(all: readonly string[], region: string): number {
  return all.filter((each) => each === region).length / all.length;
}

function isNear(share: number, wanted: number): void {
  assert.ok(Math.abs(share - wanted) < 0.015, `${share} is not about ${wanted}`);
}

describe('step shed', () => {
  test('passes on its share of client networks, each to the next of its own list', () => {
    for (const share of [0.01, 0.1, 0.25, 0.5, 0.95]) {
      const all = firsts('ash > birch > cedar', { ash: share });
      isNear(shareOf(all, 'birch'), share);
      assert.equal(shareOf(all, 'cedar'), 0);
    }
    assert.equal(shareOf(firsts('oak > ash > birch', { ash: 0.5 }), 'oak'), 1);
  });

  test('as a share grows only additional networks move', () => {
    let before = new Set<number>();
    for (let twentieth = 0; twentieth <= 20; twentieth++) {
      const all = firsts('ash > birch', { ash: twentieth / 20 });
      const moved = new Set(all.flatMap((first, i) => (first === 'birch' ? [i] : [])));
      assert.ok(before.isSubsetOf(moved));
      before = moved;
    }
    assert.equal(before.size, networks.length);
  });

  test('draws anew for each region, and not as half-open or the hash does', () => {
    const all = firsts('ash > birch > cedar', { ash: 0.5, birch: 0.5 });
    isNear(shareOf(all, 'ash'), 0.5);
    isNear(shareOf(all, 'birch'), 0.25);
    isNear(shareOf(all, 'cedar'), 0.25);
    const health = { ash: returningHealth(0.5) };
    const isBack = networks.map((networkHash) => {
      const back = runStep(prepareHalfOpen(1), 'ash > birch', { health, networkHash });
      return back.tiers.startsWith('ash');
    });
    const regions = new Map(['ash', 'birch'].map((id) => [id as RegionId, aRegion(id)]));
    const hashed = networks.map(
      (networkHash) =>
        runStep(prepareConsistentHash(regions), 'ash = birch', { networkHash }).tiers[0] === 'a',
    );
    for (const group of [isBack, hashed]) {
      const own = all.filter((_, i) => group[i] === true);
      isNear(shareOf(own, 'ash'), 0.5);
    }
  });

  test('keeps whom nobody else would take where geography puts them', () => {
    assert.equal(shareOf(firsts('ash', { ash: 0.5 }), 'ash'), 1);
    assert.equal(ran('ash', { ash: 1 }).tiers, 'ash');
    const all = firsts('ash > birch', { ash: 0.5, birch: 0.5 });
    isNear(shareOf(all, 'ash'), 0.75);
    isNear(shareOf(all, 'birch'), 0.25);
    assert.equal(ran('ash > birch', { ash: 1, birch: 1 }).tiers, 'ash > birch');
  });

  test('uses a region that sheds wholly only where no other is left', () => {
    assert.equal(shareOf(firsts('ash > birch', { ash: 1, birch: 0.5 }), 'birch'), 1);
    assert.equal(ran('ash > birch', { ash: 1 }).tiers, 'birch');
  });

  test('leaves out the busy ones of an answer of several, and keeps the tiers of the others', () => {
    const hash = networks.find((it) => ran('ash > birch', { ash: 0.5 }, it).tiers === 'birch');
    assert.equal(
      ran('oak = ash > birch = elm', { ash: 0.5 }, hash ?? 0).tiers,
      'oak > birch = elm',
    );
  });

  test('neither passes on whom the floor sends to a region, nor to one that is here for its sake', () => {
    const loads = shedding({ ash: 1, birch: 1 });
    const run = (tiers: string, floored: string[]): string =>
      runOn(step, startRace(tiers, floored), { loads }).tiers;
    assert.equal(run('ash > oak', ['ash']), 'ash > oak');
    assert.equal(run('ash > elm', ['elm']), 'ash > elm');
    assert.equal(run('ash > elm > oak', ['elm']), 'elm > oak');
  });

  test('picks by network only where a share is neither nothing nor all, and an answer reaches it', () => {
    const picks = (
      tiers: string,
      sheds: Readonly<Record<string, number>>,
      reach: number,
    ): boolean => runStep(prepareShed(reach), tiers, { loads: shedding(sheds) }).picks;
    assert.equal(picks('ash > birch', { ash: 0.1 }, 1), true);
    assert.equal(picks('ash > birch', { birch: 0.1 }, 1), false);
    assert.equal(picks('ash > birch', { birch: 0.1 }, 2), true);
    assert.equal(picks('ash > birch > cedar', { ash: 1, cedar: 0.5 }, 1), false);
    assert.equal(picks('ash > birch', { ash: 0, birch: 0 }, 9), false);
    assert.equal(picks('ash', { ash: 0.5 }, 9), false);
    assert.equal(picks('', { ash: 0.5 }, 9), false);
    assert.equal(runStep(step, 'ash > birch').picks, false);
  });

  test('says who is busy, how many are passed on, and whether this network is among them', () => {
    const isOut = (hash: number): boolean => ran('ash > oak', { ash: 0.3 }, hash).tiers === 'oak';
    const [among, other] = [true, false].map((wanted) =>
      networks.find((hash) => isOut(hash) === wanted),
    );
    const out = ran('ash > oak', { ash: 0.3 }, among ?? 0);
    assert.deepEqual(out.left, [
      { region: 'ash', code: 'shed', detail: 'it passes this network on' },
    ]);
    const words = 'ash is too busy and passes on 30 % of client networks';
    assert.equal(out.summary, `${words}; this one is among them`);
    const stays = ran('ash > oak', { ash: 0.3 }, other ?? 0);
    assert.equal(stays.summary, `${words}; this one is not among them`);
    const alone = ran('ash', { ash: 0.3 }, among ?? 0);
    assert.equal(alone.summary, `${words}; this one is among them, but nobody could take it`);
    const loads = { ash: aLoad({ shed: 0.3 }) };
    const silent = runStep(step, 'ash > oak', { loads, networkHash: other ?? 0 });
    const told =
      'ash passes on 30 % of client networks, though nobody says any more how busy it is';
    assert.equal(silent.summary, `${told}; this one is not among them`);
    assert.equal(ran('ash > oak', {}).summary, 'no region is too busy');
  });

  test('is in the chain of every service with a region that declares its load', () => {
    const names = (load: object | undefined): string[] => {
      const busy = aRegion('ash', { load: load && someLoadSettings(load) });
      const regions = new Map([busy, aRegion('oak')].map((region) => [region.id, region]));
      const chain = prepareChain(aService({ regions: ['ash', 'oak'], steps: [] }), regions);
      return chain.thinning.map(({ name }) => name);
    };
    assert.deepEqual(names(undefined), ['overrides', 'alive', 'half-open', 'last-resort']);
    assert.deepEqual(names({}), ['overrides', 'alive', 'half-open', 'shed', 'last-resort']);
  });
});
