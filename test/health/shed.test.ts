import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  memory,
  mostShed,
  nextShed,
  type ShedInput,
  type Shedding,
  startShedding,
} from '../../src/health/shed.ts';
import { millis } from '../../src/model/time.ts';

const start = startShedding(millis(0));

interface Look extends Partial<Omit<ShedInput, 'load' | 'now'>> {
  readonly last: Shedding;
  /** One report a second, from the second after `from` on. */
  readonly loads: readonly (number | undefined)[];
  readonly from?: number;
}

/** One look a second, at the report of that second; nobody else has a say in the share. */
function look({ last, loads, from = 0, ...rest }: Look): Shedding {
  return loads.reduce<Shedding>((state, share, i) => {
    const now = millis((from + i + 1) * 1000);
    const load = share === undefined ? undefined : { share, at: now };
    return nextShed({
      last: state,
      load,
      settings: { low: 0.7, high: 0.9, lifetime: millis(30_000) },
      inForce: state.share,
      room: 1,
      ttl: { stable: millis(30_000), short: millis(10_000) },
      ...rest,
      now,
    });
  }, last);
}

const times = (n: number, load: number): number[] => Array.from({ length: n }, () => load);

/** Half of its networks are passed on since a second ago, and long enough for all caches. */
function halfShed(): Shedding {
  const heardAt = millis(0);
  return { ...start, share: 0.5, inForce: 0.5, clearAt: millis(15_000), heardAt, trend: 1 };
}

describe('a region that is too busy', () => {
  test('passes on what brings it half-way between the watermarks, as far as reports bear that out', () => {
    const states = [1, 2, memory, 200].map(
      (n) => look({ last: start, loads: times(n, 1.1), inForce: 0 }).share,
    );
    // A report may be wrong by 30 %: of 1.1 one alone says nothing, and even many leave 7 %.
    assert.deepEqual(states, [0, 0, 0.21, 0.21]);
    assert.equal(look({ last: start, loads: [1.5], inForce: 0 }).share, 0.17);
  });

  test('goes no farther than a quarter at once, and keeps a twentieth whatever comes', () => {
    assert.equal(look({ last: start, loads: times(5, 9), inForce: 0 }).share, 0.25);
    assert.equal(look({ last: start, loads: times(2000, 99) }).share, mostShed);
  });

  test('waits until all caches can have let go of the answers of before', () => {
    const once = look({ last: start, loads: [3] });
    assert.equal(once.share, 0.25);
    // 30 s in caches and half as much again for those who overstay, from the second that it is in force.
    const waiting = look({ last: once, loads: times(45, 3), from: 1 });
    assert.equal(waiting.share, 0.25);
    const twice = look({ last: waiting, loads: [3], from: 46 });
    assert.equal(twice.share, 0.5);
    // Answers are short-lived from the first step on.
    assert.equal(look({ last: twice, loads: times(15, 3), from: 47 }).share, 0.5);
    assert.equal(look({ last: twice, loads: times(16, 3), from: 47 }).share, 0.75);
  });

  test('counts no report twice, and none of a moment before the caches let go', () => {
    const load = { share: 1.2, at: millis(500) };
    const settings = { low: 0.7, high: 0.9, lifetime: millis(30_000) };
    const ttl = { stable: millis(30_000), short: millis(10_000) };
    const ask = (last: Shedding, now: number): Shedding =>
      nextShed({ last, load, settings, inForce: 0, room: 1, ttl, now: millis(now) });
    const heard = ask(start, 1000);
    assert.equal(heard.reports, 1);
    assert.equal(ask(heard, 2000).reports, 1);
    assert.equal(ask({ ...start, clearAt: millis(501) }, 1000).reports, 0);
  });

  test('passes on no more than others have room for', () => {
    assert.equal(look({ last: start, loads: times(memory, 1.1), room: 0, inForce: 0 }).share, 0);
    assert.equal(
      look({ last: start, loads: times(memory, 1.1), room: 0.5, inForce: 0 }).share,
      0.1,
    );
  });
});

describe('a region that is no longer too busy', () => {
  test('stays where it is between the watermarks', () => {
    assert.equal(look({ last: halfShed(), loads: times(500, 0.71), from: 15 }).share, 0.5);
    assert.equal(look({ last: start, loads: times(500, 0.89) }).share, 0);
  });

  test('takes clients back a tenth at a time, on a full memory of reports below the low one', () => {
    const early = look({ last: halfShed(), loads: times(memory - 1, 0.1), from: 40 });
    assert.equal(early.share, 0.5);
    assert.equal(look({ last: early, loads: [0.1], from: 51 }).share, 0.4);
  });

  test('takes nobody back for one quiet report among others', () => {
    assert.equal(look({ last: halfShed(), loads: [...times(11, 0.8), 0.01], from: 40 }).share, 0.5);
  });

  test('is back at nothing in the end, and stays there', () => {
    const back = look({ last: halfShed(), loads: times(600, 0.1), from: 15 });
    assert.equal(back.share, 0);
    assert.equal(back.turns, 0);
  });

  test('waits twice as long after each turn to and fro', () => {
    const firstStep = (turns: number): number => {
      let state: Shedding = { ...halfShed(), turns };
      for (let second = 15; second < 8000; second++) {
        state = look({ last: state, loads: [0.1], from: second });
        if (state.share < 0.5) return second + 1;
      }
      return Number.POSITIVE_INFINITY;
    };
    assert.deepEqual([0, 1, 2, 3].map(firstStep), [30, 60, 120, 240]);
    // An hour at most.
    assert.equal(firstStep(20), 3600);
  });
});

describe('without news', () => {
  const nothing = (seconds: number) => Array.from({ length: seconds }, () => undefined);

  test('nothing moves for twenty lifetimes of a report', () => {
    // Counted from when the caches have let go of the answers of before.
    assert.equal(look({ last: halfShed(), loads: nothing(614) }).share, 0.5);
    const nonsense = [Number.NaN, -1, Number.POSITIVE_INFINITY];
    assert.equal(look({ last: start, loads: nonsense }).reports, 0);
  });

  test('clients come back then, a tenth at a time and as long apart, until none is passed on', () => {
    assert.equal(look({ last: halfShed(), loads: nothing(615) }).share, 0.4);
    assert.equal(look({ last: halfShed(), loads: nothing(1200) }).share, 0.4);
    assert.equal(look({ last: halfShed(), loads: nothing(1300) }).share, 0.3);
    assert.equal(look({ last: halfShed(), loads: nothing(4000) }).share, 0);
  });

  test('a single report has all wait as long again', () => {
    const loads = [...nothing(600), 0.8, ...nothing(590)];
    assert.equal(look({ last: halfShed(), loads }).share, 0.5);
  });

  test('a clock that was set back stops nothing for long', () => {
    const day = 86_400_000;
    const ahead: Shedding = {
      ...halfShed(),
      since: millis(day),
      clearAt: millis(day + 15_000),
      heardAt: millis(day),
    };
    assert.equal(look({ last: ahead, loads: times(17, 3) }).share, 0.75);
  });
});

describe('beside others', () => {
  test('a wish that the fleet does not follow is made anew from what is in force', () => {
    const wish = look({ last: start, loads: times(memory, 1.1), inForce: 0 });
    assert.equal(wish.share, 0.21);
    assert.equal(look({ last: wish, loads: times(memory, 0.8), inForce: 0, from: 12 }).share, 0);
  });

  test('a share that others brought into force is waited for like an own one', () => {
    const state = look({ last: start, loads: [1], inForce: 0.3 });
    assert.equal(state.share, 0.3);
    assert.equal(state.clearAt, 46_000);
    assert.equal(state.reports, 0);
    assert.equal(look({ last: start, loads: [1], inForce: 7 }).inForce, mostShed);
  });
});
