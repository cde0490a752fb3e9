// Holding: a region that went down stays down for a while, and one that flaps for longer.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  addSample,
  type Damper,
  opinionOf,
  type Patience,
  startDamper,
} from '../../src/health/damp.ts';
import { longestSuppression } from '../../src/health/flap.ts';
import type { Opinion, Verdict } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';

const minute = 60_000;

/** As an operator has it who sets nothing. */
const usual: Patience = {
  interval: millis(5000),
  downAfter: 3,
  upAfter: 5,
  holdDown: millis(minute),
  flapHalfLife: millis(10 * minute),
};

/** One region by a clock of its own, which may be set. */
class Watched {
  now = 0;
  readonly #patience: Patience;
  #damper: Damper;
  /** `<seconds> <verdict>` of each change. */
  readonly changes: string[] = [];

  constructor(patience: Partial<Patience> = {}) {
    this.#patience = { ...usual, ...patience };
    this.#damper = startDamper(millis(0));
  }

  /** Adds so many samples, one every five seconds. */
  add(isHealthy: boolean, count = 1): Opinion {
    for (let i = 0; i < count; i++) {
      this.now += 5000;
      const sample = { isHealthy, latency: millis(10), reason: isHealthy ? '' : 'refused' };
      const before = this.opinion.verdict;
      this.#damper = addSample(this.#damper, sample, this.#patience, millis(this.now));
      const { verdict } = this.opinion;
      if (verdict !== before) this.changes.push(`${this.now / 1000} ${verdict}`);
    }
    return this.opinion;
  }

  /** Up to a moment in seconds. */
  until(second: number, isHealthy: boolean): Opinion {
    return this.add(isHealthy, (second * 1000 - this.now) / 5000);
  }

  get opinion(): Opinion {
    return opinionOf(this.#damper);
  }

  get verdict(): Verdict {
    return this.opinion.verdict;
  }
}

/** Up for a minute, then down by three failures at 75 s. */
function fallen(patience: Partial<Patience> = {}): Watched {
  const watched = new Watched(patience);
  watched.until(60, true);
  watched.until(75, false);
  return watched;
}

describe('who went down', () => {
  test('stays down for the hold, however many successes come, and is up at its end', () => {
    const watched = fallen();
    watched.until(300, true);
    assert.deepEqual(watched.changes, ['5 up', '75 down', '135 up']);
  });

  test('needs an unbroken run at the end of the hold', () => {
    const watched = fallen();
    watched.until(125, true);
    watched.add(false);
    watched.until(300, true);
    assert.deepEqual(watched.changes, ['5 up', '75 down', '155 up']);
  });

  test('and fails for longer than the hold is up as soon as the threshold says so', () => {
    const watched = fallen();
    watched.until(600, false);
    watched.until(900, true);
    assert.deepEqual(watched.changes, ['5 up', '75 down', '625 up']);
  });

  test('is held at a start too', () => {
    const watched = new Watched();
    watched.add(false, 2);
    watched.until(300, true);
    assert.deepEqual(watched.changes, ['10 down', '70 up']);
  });

  test('is not held where the operator does not want it', () => {
    const watched = fallen({ holdDown: millis(0) });
    watched.until(300, true);
    assert.deepEqual(watched.changes, ['5 up', '75 down', '100 up']);
  });

  test('says while it answers why it is down, in the same words each time', () => {
    const watched = fallen();
    assert.equal(watched.opinion.reason, 'refused');
    const words =
      'answers again, but is held down until 1970-01-01 00:02:15 UTC: whoever went down stays so for 1m';
    assert.equal(watched.add(true).reason, words);
    assert.equal(watched.until(130, true).reason, words);
    assert.equal(watched.add(true).reason, '');
    const failing = fallen();
    failing.add(true);
    assert.equal(failing.add(false).reason, 'refused');
  });

  test('is suspect while the hold is nearly over, not while nothing can change', () => {
    const watched = fallen({ holdDown: millis(10 * minute) });
    assert.equal(watched.until(635, true).isSuspect, false);
    assert.equal(watched.until(640, true).isSuspect, true);
    assert.equal(watched.add(false).isSuspect, false);
  });

  test('starts its leaky count afresh when it is up again', () => {
    const watched = fallen();
    // Four failures among the last twelve samples of the hold, but none among the last five.
    watched.until(95, true);
    watched.add(false, 2);
    watched.add(true);
    watched.add(false, 2);
    watched.until(145, true);
    assert.equal(watched.verdict, 'up');
    watched.add(false);
    assert.equal(watched.verdict, 'up');
  });
});

describe('who flaps', () => {
  /** So many cycles of 100 s that fails and 200 s that works. */
  const cycle = (watched: Watched, cycles: number): void => {
    for (let i = 0; i < cycles; i++) {
      watched.add(false, 20);
      watched.add(true, 40);
    }
  };

  test('is kept out from the third time on, until it has been quiet', () => {
    const watched = new Watched();
    watched.add(true);
    cycle(watched, 12);
    assert.deepEqual(watched.changes, [
      '5 up',
      '20 down',
      '130 up',
      '320 down',
      '430 up',
      '620 down',
    ]);
    const last = 5 + 11 * 300 + 15;
    watched.until(10_000, true);
    const back = Number.parseInt(watched.changes[6] ?? '', 10);
    assert.ok(back - last > 17 * 60 && back - last < 3600, `${back - last} s after its last time`);
    assert.equal(watched.changes.length, 7);
  });

  test('is told how often it went down', () => {
    const watched = new Watched();
    watched.add(true);
    cycle(watched, 3);
    assert.match(
      watched.opinion.reason,
      /^answers again, but is held down until 1970-01-01 00:2\d:\d\d UTC: it went down 3 times within 10 min$/,
    );
    assert.equal(watched.opinion.isSuspect, false);
  });

  test('is not kept out where the operator does not want it', () => {
    const watched = new Watched({ flapHalfLife: millis(0) });
    watched.add(true);
    cycle(watched, 12);
    assert.equal(watched.changes.length, 25);
  });

  test('while it is held down already is counted as well', () => {
    const watched = fallen({ holdDown: millis(20 * minute) });
    for (let i = 0; i < 4; i++) {
      watched.add(true, 5);
      watched.add(false, 3);
    }
    assert.match(watched.add(true).reason, /it went down 5 times within 3 min$/);
  });

  test('a single outage, however long, is no flapping', () => {
    const watched = fallen();
    watched.until(7200, false);
    assert.equal(watched.add(true, 5).verdict, 'up');
    watched.add(false, 3);
    watched.until(7400, true);
    assert.deepEqual(watched.changes.slice(2), ['7225 up', '7240 down', '7300 up']);
  });
});

describe('a clock that is set', () => {
  const day = 86_400_000;

  test('back holds nobody for longer', () => {
    const watched = fallen();
    watched.add(true);
    watched.now -= day;
    watched.add(true, 10);
    assert.equal(watched.verdict, 'down');
    // The five seconds between the two samples that the clock was set between are lost.
    watched.add(true, 2);
    assert.equal(watched.verdict, 'up');
  });

  test('back while a region flaps leaves the rest of its wait as it was', () => {
    const watched = new Watched({ holdDown: millis(0) });
    for (let i = 0; i < 4; i++) {
      watched.add(false, 3);
      watched.add(true, 6);
    }
    watched.now -= day;
    watched.add(true, 720);
    assert.equal(watched.verdict, 'up');
  });

  test('forward ends a hold', () => {
    const watched = fallen();
    watched.add(true, 5);
    watched.now += day;
    assert.equal(watched.add(true).verdict, 'up');
    watched.now -= day;
    watched.add(false, 3);
    watched.add(true, 12);
    assert.equal(watched.verdict, 'up');
  });
});

describe('properties', () => {
  const samples = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 })), {
    maxLength: 60,
  });
  const patiences = fc.record({
    interval: fc.constant(millis(5000)),
    downAfter: fc.integer({ min: 1, max: 10 }),
    upAfter: fc.integer({ min: 1, max: 20 }),
    holdDown: fc.integer({ min: 0, max: 3_600_000 }).map(millis),
    flapHalfLife: fc.integer({ min: 0, max: 1_800_000 }).map(millis),
  });
  const play = (watched: Watched, runs: readonly (readonly [boolean, number])[]): void => {
    for (const [isHealthy, count] of runs) watched.add(isHealthy, count);
  };
  const secondsOf = (changes: readonly string[]): number[] =>
    changes.map((change) => Number.parseFloat(change));

  test('nobody is up again before the hold is over', () => {
    fc.assert(
      fc.property(samples, patiences, (runs, patience) => {
        const watched = new Watched(patience);
        play(watched, runs);
        const { changes } = watched;
        for (const [i, at] of secondsOf(changes).entries()) {
          if (changes[i]?.endsWith('up') !== true || i === 0) continue;
          const wait = at - (secondsOf(changes)[i - 1] ?? 0);
          assert.ok(wait * 1000 >= patience.holdDown, changes.join(', '));
        }
      }),
    );
  });

  test('whatever came before, everybody is up within a bounded time after the last failure', () => {
    fc.assert(
      fc.property(samples, patiences, fc.integer({ min: -1e9, max: 1e9 }), (runs, patience, by) => {
        const watched = new Watched(patience);
        play(watched, runs);
        watched.add(false);
        watched.now += by;
        const wait = Math.max(patience.holdDown, longestSuppression);
        // One sample more for what a clock that was set back loses, one for rounding up.
        watched.add(true, Math.max(patience.upAfter, Math.ceil(wait / 5000) + 2));
        assert.equal(watched.verdict, 'up');
      }),
    );
  });

  test('at the defaults no samples whatever make more than 23 changes in an hour', () => {
    // Below the cut-off less than 2 × ln 2 of the penalty decays in 10 minutes, and each time down
    // adds 1 to it: at most 8 in an hour and 3 that it may hold at the end, each with a way back.
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 60 })), {
          minLength: 40,
          maxLength: 200,
        }),
        (runs) => {
          const watched = new Watched();
          play(watched, runs);
          const times = secondsOf(watched.changes);
          for (const from of times) {
            const within = times.filter((at) => at >= from && at < from + 3600).length;
            assert.ok(within <= 23, `${within} changes`);
          }
        },
      ),
    );
  });

  test('nor does a region that goes down as soon as it is up', () => {
    const watched = new Watched();
    while (watched.now < 10 * 3_600_000) watched.add(watched.verdict !== 'up');
    const times = secondsOf(watched.changes);
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 3600).length),
    );
    assert.ok(most <= 23 && most >= 6, `${most} changes`);
  });
});
