// Recovering: the stages of a return, trips, and one schedule for directors that saw different things.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { claimAll, probation, recover, type RecoverInput } from '../../src/health/recover.ts';
import type { HealthView, Recovery, ReturnClaim, Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { upHealth } from '../support/fleet.ts';

const settings = { hold: millis(120_000), stage: millis(60_000), longestHold: millis(3_600_000) };
const noon = 1_000_000_000;
const eu = 'eu' as RegionId;

/** One director's memory of a region, taken from moment to moment. */
interface Memory {
  verdict: Verdict;
  isKept: boolean;
  isUnproven?: boolean;
  recovery: Recovery;
}

/** Goes on at `seconds` after noon; everything not said is as in a fleet of this director alone. */
function step(
  last: Memory | undefined,
  seconds: number,
  verdict: Verdict,
  change: Partial<RecoverInput> = {},
): Memory {
  const isKept = change.isKept ?? false;
  const alone = { claims: new Map([['home', []]]), observers: 1, home: 'home' };
  const at = { isTakenOut: false, settings, now: millis(noon + seconds * 1000) };
  return {
    verdict,
    isKept,
    recovery: recover({ verdict, isKept, last, ...alone, ...at, ...change }),
  };
}

/** What a director that remembers this knows of `eu` alone. */
function viewOf({ verdict, recovery }: Memory): HealthView {
  return new Map([[eu, upHealth({ verdict, recovery })]]);
}

/** `holding 0 until 120 then 0.05 trips 0`, in seconds after noon. */
function told({ recovery }: Memory): string {
  const { stage, share, nextAt, nextShare, trips } = recovery;
  const until = nextAt === undefined ? '' : ` until ${(nextAt - noon) / 1000} then ${nextShare}`;
  return `${stage} ${share}${until} trips ${trips}`;
}

/** Down a minute before noon, and up again at noon. */
function returned(change: Partial<RecoverInput> = {}): Memory {
  const before = step(step(undefined, -600, 'up', change), -60, 'down', change);
  return step(before, 0, 'up', change);
}

describe('a region that comes back', () => {
  test('is held, then takes a growing share of networks, then all', () => {
    let memory = returned();
    const seen: string[] = [];
    for (const seconds of [0, 119.9, 120, 179.9, 180, 239, 240, 299, 300, 2099]) {
      memory = step(memory, seconds, 'up');
      seen.push(told(memory));
    }
    assert.deepEqual(seen, [
      'holding 0 until 120 then 0.05 trips 0',
      'holding 0 until 120 then 0.05 trips 0',
      'half-open 0.05 until 180 then 0.25 trips 0',
      'half-open 0.05 until 180 then 0.25 trips 0',
      'half-open 0.25 until 240 then 0.5 trips 0',
      'half-open 0.25 until 240 then 0.5 trips 0',
      'half-open 0.5 until 300 then 1 trips 0',
      'half-open 0.5 until 300 then 1 trips 0',
      'open 1 trips 0',
      'open 1 trips 0',
    ]);
    assert.equal(memory.recovery.since, noon + 300_000);
    assert.equal(step(memory, 300 + probation / 1000, 'up').recovery.since, undefined);
  });

  test('is out while it is down', () => {
    assert.equal(told(step(step(undefined, 0, 'up'), 1, 'down')), 'out 0 trips 0');
  });

  test('is back at once where the operator wants no stages, and leaves no trace', () => {
    const off = { settings: { hold: millis(0), stage: millis(0), longestHold: millis(0) } };
    const memory = returned(off);
    assert.equal(told(memory), 'open 1 trips 0');
    assert.equal(told(step(step(memory, 1, 'down', off), 2, 'up', off)), 'open 1 trips 0');
    assert.equal(claimAll(viewOf(memory), millis(noon)).size, 0);
  });

  test('may have a hold without stages, or stages without a hold', () => {
    const held = { settings: { ...settings, stage: millis(0) } };
    assert.equal(told(step(returned(held), 119, 'up', held)), 'holding 0 until 120 then 1 trips 0');
    assert.equal(told(step(returned(held), 120, 'up', held)), 'open 1 trips 0');
    const staged = { settings: { ...settings, hold: millis(0) } };
    assert.equal(told(returned(staged)), 'half-open 0.05 until 60 then 0.25 trips 0');
  });

  test('was never away when it was only unknown', () => {
    const start = step(undefined, 0, 'unknown');
    assert.equal(told(start), 'open 1 trips 0');
    assert.equal(told(step(start, 1, 'up')), 'open 1 trips 0');
  });

  test('goes on by time while its verdict is kept', () => {
    const kept = { isKept: true };
    assert.equal(
      told(step(returned(), 190, 'up', kept)),
      'half-open 0.25 until 240 then 0.5 trips 0',
    );
  });
});

describe('a region that goes down again', () => {
  test('before it has been open for half an hour is held twice as long, up to the longest', () => {
    let memory = returned();
    const holds: number[] = [];
    for (let now = 130, i = 0; i < 7; i++) {
      memory = step(step(memory, now, 'down'), now + 10, 'up');
      const { nextAt = 0, trips } = memory.recovery;
      assert.equal(trips, i + 1);
      holds.push((nextAt - noon) / 1000 - now - 10);
      now += 20;
    }
    assert.deepEqual(holds, [240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  test('counts a trip until half an hour after it was fully open', () => {
    const open = step(returned(), 300, 'up');
    assert.equal(told(step(open, 300 + 1799, 'down')), 'out 0 trips 1');
    assert.equal(told(step(open, 300 + 1800, 'down')), 'out 0 trips 0');
    const made = step(step(open, 301, 'down'), 302, 'up');
    assert.equal(told(step(made, 302 + 420 + 1799, 'up')), 'open 1 trips 1');
    assert.equal(told(step(made, 302 + 420 + 1800, 'up')), 'open 1 trips 0');
  });

  test('for the first time in long has no trip', () => {
    const steady = step(step(undefined, 0, 'up'), 86_400, 'up');
    assert.equal(told(step(steady, 86_401, 'down')), 'out 0 trips 0');
  });

  test('thousands of times has a hold all the same', () => {
    const down = step(undefined, 0, 'down');
    const seen = { upAt: Number.POSITIVE_INFINITY, trips: 1e9 };
    const worn = { ...down, recovery: { ...down.recovery, seen } };
    assert.equal(step(worn, 1, 'up').recovery.nextAt, noon + 1000 + 3_600_000);
    const none = { settings: { ...settings, hold: millis(0) } };
    assert.equal(step(worn, 1, 'up', none).recovery.share, 0.05);
  });
});

describe('an operator who has taken the region out', () => {
  const drained = { isTakenOut: true };

  test('gets it back at once when that ends, wherever it was on its way', () => {
    const memory = step(step(returned(), 130, 'up', drained), 140, 'up');
    assert.equal(told(memory), 'open 1 trips 0');
  });

  test('gets it back at once also when it went down and came up meanwhile', () => {
    const down = step(step(undefined, 0, 'up', drained), 10, 'down', drained);
    assert.equal(told(step(step(down, 20, 'up', drained), 30, 'up')), 'open 1 trips 0');
  });

  test('leaves the stages to a region that comes up only later', () => {
    const down = step(step(undefined, 0, 'up'), 10, 'down', drained);
    assert.equal(
      told(step(step(down, 20, 'down'), 30, 'up')),
      'holding 0 until 150 then 0.05 trips 0',
    );
  });
});

/** Claims of other directors that a return began so many seconds ago, by observing region. */
function others(facts: Readonly<Record<string, number>>, observers = 3): Partial<RecoverInput> {
  const benches = Object.entries(facts).map(([region, ago]): [string, ReturnClaim[]] => [
    region,
    [{ ago: ago * 1000, trips: 0 }],
  ]);
  return { claims: new Map([['home', []], ...benches]), observers };
}

const never = Number.POSITIVE_INFINITY;
const notYet = Number.NEGATIVE_INFINITY;

describe('a fleet', () => {
  test('goes by the middle of what its observers saw', () => {
    const memory = step(returned(), 150, 'up', others({ us: 155, ap: 190 }));
    assert.equal(told(memory), 'half-open 0.05 until 175 then 0.25 trips 0');
  });

  test('is not moved by one that lies, whether it holds back or hurries', () => {
    for (const ago of [0, notYet, never, 1e9]) {
      const memory = step(returned(), 150, 'up', others({ us: 150, ap: ago }));
      assert.equal(told(memory), 'half-open 0.05 until 180 then 0.25 trips 0', String(ago));
    }
    const steady = step(step(undefined, -9000, 'up'), 0, 'up', others({ us: never, ap: 0 }));
    assert.equal(told(steady), 'open 1 trips 0');
    // Nor while the third is silent.
    assert.equal(told(step(steady, 1, 'up', others({ ap: 0 }))), 'open 1 trips 0');
  });

  test('of two observers goes by the one that saw it: the other was down itself', () => {
    const home = step(step(undefined, -9000, 'up'), 60, 'up', others({ us: 60 }, 2));
    assert.equal(told(home), 'holding 0 until 120 then 0.05 trips 0');
    assert.equal(told(step(returned(), 60, 'up', others({ us: never }, 2))), told(home));
  });

  test('counts one claim a region, that of half of its directors', () => {
    const bench = (...agos: number[]) => agos.map((ago) => ({ ago: ago * 1000, trips: 0 }));
    const claims = new Map([
      ['home', bench(200, 200)],
      ['us', bench(never, 150, 150)],
      ['ap', bench(0, 140)],
    ]);
    const memory = step(returned(), 160, 'up', { claims, observers: 3 });
    assert.equal(told(memory), 'half-open 0.05 until 190 then 0.25 trips 0');
  });

  test('starts as soon as its first director sees the region up', () => {
    const memory = step(returned(), 1, 'up', others({ us: notYet, ap: notYet }));
    assert.equal(told(memory), 'holding 0 until 120 then 0.05 trips 0');
  });

  test('is joined by a director that knows nothing, which then claims what it was told', () => {
    const start = step(undefined, 0, 'unknown', others({}));
    const memory = step(start, 1, 'up', others({ us: 200, ap: 200 }));
    assert.equal(told(memory), 'half-open 0.25 until 41 then 0.5 trips 0');
    assert.deepEqual(claimAll(viewOf(memory), millis(noon + 2000)).get(eu), {
      ago: 201_000,
      trips: 0,
    });
  });

  test('is joined while only one of three is left to tell', () => {
    const start = step(undefined, 0, 'unknown', others({}));
    assert.equal(
      told(step(start, 1, 'up', others({ us: 200 }))),
      'half-open 0.25 until 41 then 0.5 trips 0',
    );
    assert.equal(told(step(start, 1, 'up', others({}))), 'open 1 trips 0');
    // A release that makes no claims says neither yes nor no.
    assert.equal(told(step(start, 1, 'up', { claims: new Map(), observers: 3 })), 'open 1 trips 0');
  });

  test('tells a director that was away when the region came up', () => {
    const off = step(step(undefined, -60, 'up'), -50, 'down');
    const kept = step(off, 100, 'down', { isKept: true });
    assert.equal(
      told(step(kept, 101, 'up', others({ us: 90, ap: 90 }))),
      'holding 0 until 131 then 0.05 trips 0',
    );
    assert.equal(told(step(kept, 101, 'up', others({ us: never, ap: never }))), 'open 1 trips 0');
    // Nobody saw it: they come together again and see it at the same time.
    const apart = step(kept, 101, 'up', others({ us: notYet, ap: notYet }));
    assert.equal(told(apart), 'holding 0 until 221 then 0.05 trips 0');
  });

  test('knows better than what a director has from its disk', () => {
    const disk = (memory: Memory): Memory => ({ ...memory, isKept: true, isUnproven: true });
    const steady = disk(step(step(undefined, -9000, 'up'), -60, 'up'));
    for (const isKept of [true, false]) {
      const held = step(steady, 60, 'up', { ...others({ us: 20 }), isKept });
      assert.equal(told(held), 'holding 0 until 160 then 0.05 trips 0');
      const open = step(disk(returned()), 60, 'up', {
        ...others({ us: never, ap: never }),
        isKept,
      });
      assert.equal(told(open), 'open 1 trips 0');
    }
    const failed = step(disk(returned()), 60, 'down', {
      ...others({ us: notYet }, 2),
      isKept: true,
    });
    assert.equal(told(failed), 'out 0 trips 0');
    // Nobody to ask: the disk it is.
    const alone = step(disk(returned()), 130, 'up', { ...others({}), isKept: true });
    assert.equal(told(alone), 'half-open 0.05 until 180 then 0.25 trips 0');
  });

  test('is told the same by one that hears it again and again', () => {
    const start = { ...step(returned(), 10, 'up'), isKept: true, isUnproven: true };
    const first = step(start, 20, 'up', { ...others({ us: 5 }), isKept: true });
    const second = step({ ...first, isUnproven: true }, 21, 'up', {
      ...others({ us: 6.2 }),
      isKept: true,
    });
    assert.deepEqual(second.recovery.seen, first.recovery.seen);
  });

  test('does not hear from a director what that has only from its disk', () => {
    const { verdict, recovery } = returned();
    const health = new Map([[eu, upHealth({ verdict, recovery, isUnproven: true })]]);
    assert.deepEqual([...claimAll(health, millis(noon))], [[eu, undefined]]);
  });

  test('is not followed by a director that keeps an old verdict', () => {
    const claims = others({ us: 10, ap: 10 });
    const memory = step(returned(), 150, 'up', { ...claims, isKept: true });
    assert.equal(told(memory), 'half-open 0.05 until 180 then 0.25 trips 0');
    const steady = step(undefined, -9000, 'up');
    assert.equal(told(step(steady, 0, 'up', { ...claims, isKept: true })), 'open 1 trips 0');
  });

  test('goes by the trips that at least half of the observers counted', () => {
    const trips = (us: number, ap: number) => ({
      claims: new Map([
        ['home', []],
        ['us', [{ ago: 0, trips: us }]],
        ['ap', [{ ago: 0, trips: ap }]],
      ]),
      observers: 3,
    });
    assert.equal(
      told(step(returned(), 0, 'up', trips(1, 9))),
      'holding 0 until 240 then 0.05 trips 1',
    );
    assert.equal(told(step(undefined, 0, 'down', trips(2, 2))), 'out 0 trips 2');
  });
});

describe('a clock', () => {
  test('that was set back does not hold a region for longer than from now on', () => {
    const memory = step(returned(), -7200, 'up');
    assert.equal(told(memory), 'holding 0 until -7080 then 0.05 trips 0');
    assert.equal(told(step(memory, -7080, 'up')), 'half-open 0.05 until -7020 then 0.25 trips 0');
  });

  test('that was set ahead at one director hurries nobody', () => {
    const memory = step(returned(), 10_000, 'up', others({ us: 130, ap: 130 }));
    assert.equal(told(memory), 'half-open 0.05 until 10050 then 0.25 trips 0');
  });
});

describe('a stage', () => {
  test('is not taken back because a claim came by a longer way', () => {
    const quarter = step(returned(), 180, 'up', others({ us: 180, ap: 180 }));
    const jitter = step(quarter, 180.1, 'up', others({ us: 179.5, ap: 179.5 }));
    assert.equal(told(jitter), 'half-open 0.25 until 240 then 0.5 trips 0');
  });

  test('is taken back when the fleet says that it is much too early', () => {
    const quarter = step(returned(), 180, 'up', others({ us: 180, ap: 180 }));
    const late = step(quarter, 181, 'up', others({ us: 20, ap: 20 }));
    assert.equal(told(late), 'holding 0 until 281 then 0.05 trips 0');
  });
});

test('whatever is claimed and whatever the clock does, there is a share and an end to it', () => {
  const number = fc.oneof(
    fc.constantFrom(never, notYet, 0, 8.64e15),
    fc.double({ min: 0, max: 8.64e15, noNaN: true }),
    fc.nat(700_000),
  );
  const claim = fc.record({ ago: number, trips: fc.oneof(fc.nat(5), fc.maxSafeNat()) });
  const moment = fc.record({
    at: fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(1000)),
    verdict: fc.constantFrom<Verdict>('up', 'up', 'down', 'unknown'),
    isKept: fc.boolean(),
    isTakenOut: fc.constantFrom(false, false, true),
    claims: fc
      .array(fc.tuple(fc.constantFrom('home', 'us', 'ap'), fc.array(claim, { maxLength: 3 })))
      .map((rows) => new Map(rows)),
    observers: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 30 }), (moments) => {
      let memory: Memory | undefined;
      for (const { at, verdict, ...change } of moments) {
        memory = step(memory, at, verdict, change);
        const { stage, share, nextAt, since } = memory.recovery;
        assert.ok([0, 0.05, 0.25, 0.5, 1].includes(share));
        assert.equal(stage === 'out', verdict === 'down');
        assert.equal(nextAt !== undefined, stage === 'holding' || stage === 'half-open');
        if (nextAt === undefined) continue;
        assert.ok(since !== undefined && since < nextAt);
        assert.ok(nextAt > noon + at * 1000 - 1 && nextAt <= noon + at * 1000 + 3_601_000);
      }
    }),
    { numRuns: 500 },
  );
});
