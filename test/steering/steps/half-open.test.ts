import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mixHash } from '../../../src/steering/hash.ts';
import { prepareHalfOpen } from '../../../src/steering/steps/half-open.ts';
import { prepareWeight } from '../../../src/steering/steps/weight.ts';
import {
  anOverride,
  aRegion,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../../support/fleet.ts';
import { runOn, runStep, startRace } from '../../support/race.ts';

const step = prepareHalfOpen(Number.POSITIVE_INFINITY);

/** Hashes of as many client networks. */
const networks = Array.from({ length: 4000 }, (_, i) => mixHash(0x08000000 + (i << 12), 4));

/** The networks that a region with this share keeps, by their place in the list. */
function kept(region: string, share: number): Set<number> {
  const health = { [region]: returningHealth(share) };
  const found = networks.flatMap((networkHash, i) => {
    const { tiers } = runStep(step, `${region} > oak`, { health, networkHash });
    return tiers.startsWith(region) ? [i] : [];
  });
  return new Set(found);
}

describe('step half-open', () => {
  test('leaves a region its share of client networks, and who is in stays in', () => {
    let before = new Set<number>();
    for (const share of [0, 0.05, 0.25, 0.5]) {
      const now = kept('ash', share);
      assert.ok(Math.abs(now.size / networks.length - share) < 0.02, `${share}: ${now.size}`);
      assert.ok(before.isSubsetOf(now));
      before = now;
    }
  });

  test('draws anew for each region', () => {
    const both = kept('ash', 0.25).intersection(kept('birch', 0.25)).size / networks.length;
    assert.ok(Math.abs(both - 0.0625) < 0.015, `${both}`);
  });

  test('lets in as many of those who draw a region by weight as of all others', () => {
    const weight = prepareWeight(
      new Map([aRegion('ash'), aRegion('oak')].map((it) => [it.id, it])),
    );
    const drawn = networks.map(
      (networkHash) => runStep(weight, 'ash = oak', { networkHash }).tiers[0],
    );
    const early = kept('ash', 0.25);
    const own = networks.flatMap((_, i) => (drawn[i] === 'a' ? [i] : []));
    const share = own.filter((i) => early.has(i)).length / own.length;
    assert.ok(Math.abs(share - 0.25) < 0.03, `${share}`);
  });

  test('leaves whom it spares to a region of weight 0, which gives way as the share grows', () => {
    const weight = prepareWeight(
      new Map([aRegion('ash', { weight: 0 }), aRegion('birch')].map((it) => [it.id, it])),
    );
    const early = kept('birch', 0.5);
    const networkHash = networks.find((_, i) => !early.has(i)) ?? assert.fail();
    const answer = (share: number): string => {
      const health = { birch: returningHealth(share) };
      const { tiers } = runStep(step, 'ash = birch', { health, networkHash });
      return runStep(weight, tiers, { networkHash }).tiers;
    };
    assert.equal(answer(0.5), 'ash');
    assert.equal(answer(1), 'birch');
  });

  test('says who is spared, how much, for how long, and whether this network is among them', () => {
    const health = { ash: returningHealth(0.25), birch: returningHealth(0), cedar: upHealth() };
    const [inside, outside] = [true, false].map((isIn) =>
      networks.find((networkHash) => {
        const { tiers } = runStep(step, 'ash > cedar', { health, networkHash });
        return tiers.startsWith('ash') === isIn;
      }),
    );
    const out = runStep(step, 'ash > birch > cedar', { health, networkHash: outside ?? 0 });
    assert.equal(out.tiers, 'cedar');
    const until = 'until 2026-05-01 12:01:00 UTC';
    const ash = `25 % of client networks ${until}; this one is not among them`;
    const birch = `no client network ${until}`;
    assert.deepEqual(out.left, [
      { region: 'ash', code: 'recovering', detail: 'up again, but not yet for this network' },
      { region: 'birch', code: 'recovering', detail: 'up again, but held back' },
    ]);
    assert.equal(out.summary, `ash is coming back: ${ash}; birch is coming back: ${birch}`);
    const among = runStep(step, 'ash > cedar', { health, networkHash: inside ?? 0 });
    assert.equal(among.tiers, 'ash > cedar');
    assert.match(among.summary, /; this one is among them$/);
    assert.equal(runStep(step, 'cedar').summary, 'no region is on its way back');
  });

  test('spares none where every region is on its way back', () => {
    const health = { ash: returningHealth(0), birch: returningHealth(0.5) };
    const { tiers, left, summary, picks } = runStep(step, 'ash = birch', { health });
    assert.equal(tiers, 'ash = birch');
    assert.deepEqual(left, []);
    assert.equal(picks, false);
    assert.match(summary, /^every region that is left is on its way back, so none is spared: ash /);
    assert.equal(runStep(step, '').tiers, '');
  });

  test('does not spare a region that an operator holds up, or that is here although it is down', () => {
    const overrides = [anOverride('ash', { kind: 'up' })];
    const health = { ash: returningHealth(0), birch: downHealth() };
    const { tiers, picks } = runStep(step, 'ash > birch > cedar', { health, overrides });
    assert.equal(tiers, 'ash > birch > cedar');
    assert.equal(picks, false);
  });

  describe('beside a floor', () => {
    const health = { ash: returningHealth(0), birch: downHealth(), cedar: returningHealth(0.25) };

    test('spares nobody who serves for its sake, and picks no network for that', () => {
      const before = startRace('ash > oak', ['ash']);
      const { tiers, left, summary, picks } = runOn(step, before, { health });
      assert.equal(tiers, 'ash > oak');
      assert.deepEqual(left, []);
      assert.equal(picks, false);
      const words = 'gets all of its clients for the sake of the floor';
      assert.equal(summary, `ash is coming back, and ${words}`);
    });

    test('spares nobody for the sake of a region that is down', () => {
      const before = startRace('cedar > birch', ['birch']);
      const { tiers, picks } = runOn(step, before, { health });
      assert.equal(tiers, 'cedar > birch');
      assert.equal(picks, false);
    });

    test('still spares those whom it does not need', () => {
      const before = startRace('cedar > ash > oak', ['ash']);
      const outside = networks.find((networkHash) => {
        return runStep(step, 'cedar > oak', { health, networkHash }).tiers === 'oak';
      });
      const { tiers, picks } = runOn(step, before, { health, networkHash: outside ?? 0 });
      assert.equal(tiers, 'ash > oak');
      assert.equal(picks, true);
      const reach = prepareHalfOpen(1);
      assert.equal(runOn(reach, startRace('ash > cedar > oak', ['ash']), { health }).picks, false);
    });
  });

  test('picks only while a share is neither nothing nor all, and an answer reaches the region', () => {
    const health = { birch: returningHealth(0.25), cedar: returningHealth(0) };
    const isPick = (tiers: string, reach: number): boolean =>
      runStep(prepareHalfOpen(reach), tiers, { health }).picks;
    assert.equal(isPick('birch > ash', 1), true);
    assert.equal(isPick('ash > birch', 1), false);
    assert.equal(isPick('ash > birch', 2), true);
    assert.equal(isPick('cedar > ash > birch', 1), false);
    assert.equal(isPick('ash > cedar > birch', 2), true);
    assert.equal(isPick('cedar > ash', 2), false);
    assert.equal(isPick('ash = oak', 9), false);
  });

  test('picks beyond the regions of an answer only while a busy one passes clients on to them', () => {
    const first = prepareHalfOpen(1);
    const health = { birch: returningHealth(0.25) };
    const busy = { share: 1.2, connections: undefined, at: noon, shed: 0.1 };
    assert.equal(runStep(first, 'ash > birch', { health }).picks, false);
    assert.equal(runStep(first, 'ash > birch', { health, loads: { ash: busy } }).picks, true);
    const calm = { ...busy, shed: 0 };
    assert.equal(runStep(first, 'ash > birch', { health, loads: { ash: calm } }).picks, false);
  });
});
