import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseIp } from '../../src/model/ip.ts';
import { parseName } from '../../src/model/name.ts';
import {
  compareClocks,
  type HybridClock,
  isActive,
  isPermanent,
  longestOverride,
  type Override,
  overrideKey,
  permanentSpan,
  takesOut,
  tickClock,
} from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';

/** Few values, so that walls, counters and nodes are often equal. */
const clock: fc.Arbitrary<HybridClock> = fc.record({
  wall: fc.nat(3).map(millis),
  counter: fc.nat(3),
  node: fc.constantFrom('a', 'b', 'B', 'ä'),
});

const sign = (x: HybridClock, y: HybridClock): number => Math.sign(compareClocks(x, y));

describe('the order of clocks', () => {
  test('goes by wall time, then counter, then node', () => {
    const at = (wall: number, counter: number, node: string): HybridClock => ({
      wall: millis(wall),
      counter,
      node,
    });
    const ascending = [at(1, 9, 'z'), at(2, 0, 'z'), at(2, 1, 'a'), at(2, 1, 'b')];
    for (const [i, x] of ascending.entries()) {
      for (const [j, y] of ascending.entries()) assert.equal(sign(x, y), Math.sign(i - j));
    }
  });

  test('is total: only equal clocks are equal, the other way round is the opposite', () => {
    fc.assert(
      fc.property(clock, clock, (x, y) => {
        assert.equal(sign(x, y) + sign(y, x), 0);
        const isEqual = x.wall === y.wall && x.counter === y.counter && x.node === y.node;
        assert.equal(sign(x, y) === 0, isEqual);
      }),
    );
  });

  test('is transitive', () => {
    fc.assert(
      fc.property(clock, clock, clock, (x, y, z) => {
        if (sign(x, y) <= 0 && sign(y, z) <= 0) assert.ok(sign(x, z) <= 0);
      }),
    );
  });
});

describe('the next clock', () => {
  test('is later than the last one, even when the wall clock went back', () => {
    fc.assert(
      fc.property(clock, fc.nat(5).map(millis), fc.constantFrom('a', 'z'), (last, now, node) => {
        const next = tickClock(last, now, node);
        assert.ok(compareClocks(next, last) > 0);
        assert.equal(next.node, node);
        assert.ok(next.wall >= now);
      }),
    );
  });

  test('starts at the wall time', () => {
    const first = { wall: millis(7), counter: 0, node: 'a' };
    assert.deepEqual(tickClock(undefined, millis(7), 'a'), first);
    assert.deepEqual(tickClock({ ...first, wall: millis(6), counter: 9 }, millis(7), 'a'), first);
  });
});

describe('an override', () => {
  const override: Override = {
    id: 'o1',
    region: 'eu-west' as RegionId,
    kind: 'drain',
    actor: 'alice',
    reason: 'disk swap',
    start: millis(100),
    end: millis(200),
    isLifted: false,
    clock: { wall: millis(100), counter: 0, node: 'a' },
  };

  test('is active from the moment it is heard, whatever the clock says, until just before its end', () => {
    const moments = [99, 100, 199, 200].map((now) => isActive(override, millis(now)));
    assert.deepEqual(moments, [true, true, true, false]);
  });

  test('is not active once it is lifted', () => {
    assert.equal(isActive({ ...override, isLifted: true }, millis(150)), false);
  });
});

describe('what an override is on', () => {
  const region = 'eu' as RegionId;
  const service = parseName('www.example.test');
  const endpoint = parseIp('192.0.2.1');

  test('has a key of its own, and a whole region its id', () => {
    const keys = [{}, { service }, { endpoint }].map((part) => overrideKey({ region, ...part }));
    assert.deepEqual(keys, ['eu', 'eu/www.example.test', 'eu@192.0.2.1']);
    const name = parseName('192.0.2.1');
    assert.notEqual(overrideKey({ region, service: name }), overrideKey({ region, endpoint }));
  });

  test('is left no client by a drain or a word down, unless that is for a share', () => {
    const word = { region, start: millis(0), end: millis(1), kind: 'drain' } as Override;
    assert.deepEqual(
      [word, { ...word, kind: 'down' as const }, { ...word, kind: 'up' as const }].map(takesOut),
      [true, true, false],
    );
    assert.equal(takesOut({ ...word, share: 0.99 }), false);
    assert.equal(takesOut(undefined), false);
  });

  test('is permanent for a century, and no longest override is', () => {
    const start = millis(Date.UTC(2026, 4, 1));
    assert.equal(isPermanent({ start, end: millis(start + permanentSpan) }), true);
    assert.equal(isPermanent({ start, end: millis(start + longestOverride) }), false);
  });
});
