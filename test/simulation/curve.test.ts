import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { millis, seconds } from '../../src/model/time.ts';
import { assumedCaches, type Keepers, obedient } from '../../src/simulation/caches.ts';
import { curveOf, type Failover } from '../../src/simulation/curve.ts';
import type { Cause } from '../../src/simulation/detection.ts';
import { chanceOf } from '../support/chance.ts';
import { playClient } from './play.ts';

/** Three observers with the defaults. */
const standard: Failover = {
  detection: {
    cause: 'lost',
    probes: { interval: millis(5000), timeout: millis(2000), downAfter: 3 },
    observers: 3,
    hasOwnObserver: true,
    voteLifetime: millis(17_000),
    postEvery: millis(2000),
    news: [50, 250],
  },
  ttl: { stable: seconds(30), short: seconds(10) },
  caches: assumedCaches,
};

const drained: Failover = { ...standard, detection: { ...standard.detection, cause: 'drained' } };

/** The largest difference between the curve and so many clients, played one by one. */
function missOf(failover: Failover, clients: number): number {
  const random = chanceOf(JSON.stringify(failover));
  const counts = new Float64Array(3601);
  for (let i = 0; i < clients; i++) {
    const left = playClient(failover, random);
    const second = Math.ceil(left / 1000);
    if (second <= 3600) counts[second] = (counts[second] ?? 0) + 1;
  }
  const { remaining } = curveOf(failover);
  let [worst, gone] = [0, 0];
  for (const [i, share] of remaining.entries()) {
    gone += counts[i] ?? 0;
    worst = Math.max(worst, Math.abs(share - (1 - gone / clients)));
  }
  return worst;
}

describe('the failover curve', () => {
  for (const cause of ['refused', 'silent', 'lost', 'drained'] as const) {
    test(`${cause}: as clients that are played event by event, within 1.5 %`, () => {
      const failover = { ...standard, detection: { ...standard.detection, cause } };
      const worst = missOf(failover, 20_000);
      assert.ok(worst < 0.015, `${worst}`);
    });
  }

  test('so it is with any settings, within 4 % of few clients', () => {
    fc.assert(
      fc.property(arbitraryFailover(), (failover) => {
        const worst = missOf(failover, 4000);
        assert.ok(worst < 0.04, `${worst}`);
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  test('a drain with everybody obedient: clients leave evenly over the TTL', () => {
    const { remaining, left } = curveOf({ ...drained, caches: obedient });
    assert.equal(remaining[0], 1);
    assert.ok(Math.abs((remaining[15] ?? 0) - 0.5) < 0.01);
    assert.ok((remaining[31] ?? 1) < 1e-9);
    assert.ok(Math.abs((left[90] ?? 0) - 27_100) < 100, `${left[90]}`);
  });

  test('only falls, and its parts add up to it', () => {
    const { remaining, holds } = curveOf(standard);
    for (const [i, share] of remaining.entries()) {
      assert.ok(share <= (remaining[i - 1] ?? 1) + 1e-9, `rises at ${i}`);
      const parts = Object.values(holds).map((part) => part[i] ?? -1);
      assert.ok(parts.every((part) => part >= 0));
      assert.ok(Math.abs(parts.reduce((sum, part) => sum + part, 0) - share) < 1e-9);
    }
    assert.ok((holds.unnoticed[5] ?? 0) > 1 - 1e-9);
    assert.ok((holds.unnoticed[20] ?? 1) < 1e-9);
  });

  test('a longer TTL, patience or cache never makes clients leave sooner', () => {
    const { left } = curveOf(standard);
    const slower: readonly Failover[] = [
      { ...standard, ttl: { stable: seconds(60), short: seconds(10) } },
      {
        ...standard,
        caches: { ...assumedCaches, resolvers: [{ share: 0.5, least: millis(300_000) }] },
      },
      {
        ...standard,
        detection: {
          ...standard.detection,
          probes: { interval: millis(10_000), timeout: millis(2000), downAfter: 3 },
        },
      },
    ];
    for (const each of slower) {
      const other = curveOf(each).left;
      for (const share of [50, 90] as const) {
        assert.ok((other[share] ?? Number.POSITIVE_INFINITY) >= (left[share] ?? 0));
      }
    }
  });

  test('whoever takes longer than an hour has no figure', () => {
    const unprobed = { ...standard, detection: { ...standard.detection, probes: undefined } };
    const { remaining, left, moved } = curveOf(unprobed);
    assert.ok((remaining.at(-1) ?? 0) > 1 - 1e-9);
    assert.deepEqual(left, { 50: undefined, 90: undefined, 99: undefined });
    assert.equal(moved.median, Number.POSITIVE_INFINITY);
    const caches = { resolvers: [{ share: 0.05, least: millis(7_200_000) }], clients: [] };
    assert.equal(curveOf({ ...standard, caches }).left[99], undefined);
  });
});

function arbitraryFailover(): fc.Arbitrary<Failover> {
  const span = (min: number, max: number) => fc.integer({ min, max }).map((s) => millis(s * 1000));
  const keepers: fc.Arbitrary<readonly Keepers[]> = fc.array(
    fc.record({ share: fc.double({ min: 0, max: 0.45, noNaN: true }), least: span(1, 600) }),
    { maxLength: 2 },
  );
  return fc
    .record({
      cause: fc.constantFrom<Cause>('refused', 'silent', 'lost', 'drained'),
      interval: span(1, 30),
      timeout: span(1, 20),
      downAfter: fc.integer({ min: 1, max: 5 }),
      observers: fc.integer({ min: 1, max: 7 }),
      hasOwnObserver: fc.boolean(),
      lifetime: span(5, 60),
      stable: fc.integer({ min: 1, max: 300 }),
      short: fc.integer({ min: 1, max: 30 }),
      resolvers: keepers,
      clients: keepers,
    })
    .map(({ cause, interval, timeout, downAfter, observers, hasOwnObserver, ...rest }) => ({
      detection: {
        cause,
        probes: { interval, timeout, downAfter },
        observers,
        hasOwnObserver,
        voteLifetime: rest.lifetime,
        postEvery: millis(2000),
        news: [50, 1250],
      },
      ttl: { stable: seconds(rest.stable), short: seconds(Math.min(rest.short, rest.stable)) },
      caches: { resolvers: rest.resolvers, clients: rest.clients },
    }));
}
