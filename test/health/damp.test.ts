// Damping: when one observer's samples make a verdict, and when they do not.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  addSample,
  type Damper,
  fewestToOverturn,
  opinionOf,
  type Patience,
  startDamper,
} from '../../src/health/damp.ts';
import type { Opinion, Sample } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';

/** Nothing is held down here: that is `damp-hold.test.ts`. */
const atOnce = { interval: millis(1000), holdDown: millis(0), flapHalfLife: millis(0) };
type Thresholds = Pick<Patience, 'downAfter' | 'upAfter'>;
const usual = { downAfter: 3, upAfter: 5, ...atOnce };

/** Feeds samples written as `+` and `-`, one a second from second 1; returns the opinion after each. */
function feed(samples: string, thresholds: Thresholds = usual): Opinion[] {
  let damper: Damper = startDamper(millis(0));
  return Array.from(samples, (mark, i) => {
    const patience = { ...thresholds, ...atOnce };
    damper = addSample(damper, sampleOf(mark, i), patience, millis((i + 1) * 1000));
    return opinionOf(damper);
  });
}

function sampleOf(mark: string, i: number): Sample {
  const isHealthy = mark === '+';
  return { isHealthy, latency: millis(10), reason: isHealthy ? '' : `no ${i}` };
}

function last(samples: string, thresholds: Thresholds = usual): Opinion {
  const opinion = feed(samples, thresholds).at(-1);
  assert.ok(opinion);
  return opinion;
}

/** Verdicts after each sample, as first letters; a capital marks a suspect one. */
function story(samples: string, thresholds: Thresholds = usual): string {
  return feed(samples, thresholds)
    .map(({ verdict, isSuspect }) => (isSuspect ? verdict[0]?.toUpperCase() : verdict[0]))
    .join('');
}

describe('start', () => {
  test('nothing is known before the first sample', () => {
    assert.deepEqual(opinionOf(startDamper(millis(7))), {
      verdict: 'unknown',
      since: 7,
      latency: undefined,
      reason: '',
      isSuspect: false,
    });
  });

  test('the first success says up at once', () => assert.equal(story('+'), 'u'));

  test('a first failure alone decides nothing but leaves its reason', () => {
    const opinion = last('-');
    assert.equal(opinion.verdict, 'unknown');
    assert.equal(opinion.reason, 'no 0');
  });

  test('a final failure says down at once, wherever it comes, and is left like any other', () => {
    for (const before of ['', '+', '++++', '-', '---']) {
      let damper = startDamper(millis(0));
      for (const mark of before) damper = addSample(damper, sampleOf(mark, 0), usual, millis(1));
      const final = { ...sampleOf('-', 7), isFinal: true };
      damper = addSample(damper, final, usual, millis(2));
      assert.deepEqual([opinionOf(damper).verdict, opinionOf(damper).reason], ['down', 'no 7']);
      for (let i = 1; i < usual.upAfter; i++) {
        damper = addSample(damper, sampleOf('+', i), usual, millis(2));
        assert.equal(opinionOf(damper).verdict, 'down');
      }
      damper = addSample(damper, sampleOf('+', 0), usual, millis(2));
      assert.equal(opinionOf(damper).verdict, 'up');
    }
  });

  test('the second failure in a row says down, without waiting for the threshold', () => {
    assert.equal(last('--', { downAfter: 10, upAfter: 5 }).verdict, 'down');
  });

  test('a success after a first failure says up', () => assert.equal(last('-+').verdict, 'up'));

  test('with a threshold of one, the first failure says down', () => {
    assert.equal(last('-', { downAfter: 1, upAfter: 5 }).verdict, 'down');
  });
});

describe('thresholds', () => {
  test('up turns down at the third failure in a row and is suspect until then', () => {
    assert.equal(story('+---'), 'uUUd');
  });

  test('down turns up at the fifth success in a row and is suspect until then', () => {
    assert.equal(story('--+++++').slice(1), 'dDDDDu');
  });

  test('one failure on the way up starts the count again', () => {
    assert.equal(story('--++++-+++++').slice(1), 'dDDDDdDDDDu');
  });

  test('one lost probe does not leave the region under suspicion', () => {
    assert.equal(story('+++-+'), 'uuuUu');
  });

  test('the operator chooses both thresholds', () => {
    assert.equal(story('+-', { downAfter: 1, upAfter: 1 }), 'ud');
    assert.equal(story('+-+', { downAfter: 1, upAfter: 1 }), 'udu');
    assert.equal(story('+----', { downAfter: 4, upAfter: 2 }), 'uUUUd');
  });
});

describe('leaky count', () => {
  test('five failures among the last twelve samples say down though never three in a row', () => {
    assert.equal(last('+-+-+-+-+').verdict, 'up');
    assert.equal(last('+-+-+-+-+-').verdict, 'down');
    assert.equal(last('+--+--+-').verdict, 'down');
  });

  test('failures further apart are forgiven', () => {
    assert.equal(last(`+${'-++'.repeat(40)}`).verdict, 'up');
  });

  test('between interleaved failures the verdict stays suspect once three are counted', () => {
    assert.equal(story('+-+-+-+-+'), 'uUuUuUUUU');
    assert.equal(story('+-+-+-+', { downAfter: 2, upAfter: 5 }), 'uUuUuUU');
  });

  test('both figures grow with the threshold: four in eight for 2, nine in twenty for 5', () => {
    assert.equal(story('+-+-+-+-', { downAfter: 2, upAfter: 1 }).at(-1), 'd');
    assert.equal(last('+-+-+-++-', { downAfter: 2, upAfter: 1 }).verdict, 'down');
    assert.equal(last('+-++-++-++-', { downAfter: 2, upAfter: 1 }).verdict, 'up');
    const patient = { downAfter: 5, upAfter: 5 };
    assert.equal(last(`+${'-+'.repeat(8)}`, patient).verdict, 'up');
    assert.equal(last(`+${'-+'.repeat(8)}-`, patient).verdict, 'down');
  });

  test('failures before a return do not count against the region afterwards', () => {
    assert.equal(story(`------------+++++--+`).slice(-4), 'uUUu');
  });
});

describe('the fewest samples that could overturn an opinion', () => {
  const fewest = (past: string, thresholds: Thresholds = usual): number =>
    fewestToOverturn(last(past, thresholds), thresholds);

  test('are those of the threshold after a sample that confirms it', () => {
    assert.equal(fewest('+'), 3);
    assert.equal(fewest('--'), 5);
  });

  test('are one while it is suspect, or not made up yet', () => {
    assert.equal(fewest('+-'), 1);
    assert.equal(fewest('--+'), 1);
    assert.equal(fewest('-'), 1);
  });

  test('are what the leaky count lacks at most, where that is less', () => {
    const patient = { downAfter: 6, upAfter: 5 };
    const past = `+${'-+'.repeat(5)}`;
    assert.equal(fewest(past, patient), 5);
    assert.equal(last(`${past}-----`, patient).verdict, 'down');
  });
});

describe('what an opinion carries', () => {
  test('since is when the verdict changed, not when it was last confirmed', () => {
    const since = feed('++---+++++').map((opinion) => opinion.since / 1000);
    assert.deepEqual(since, [1, 1, 1, 1, 5, 5, 5, 5, 5, 10]);
  });

  test('the reason is that of the last probe and empty after a success', () => {
    assert.deepEqual(
      feed('+--+').map((opinion) => opinion.reason),
      ['', 'no 1', 'no 2', ''],
    );
  });

  test('latency is the median of the last five successes; failures do not touch it', () => {
    let damper = startDamper(millis(0));
    const add = (latency: number, isHealthy = true): number | undefined => {
      const sample = { isHealthy, latency: millis(latency), reason: isHealthy ? '' : 'no' };
      damper = addSample(damper, sample, usual, millis(0));
      return opinionOf(damper).latency;
    };
    assert.equal(add(9000, false), undefined);
    assert.equal(add(10), 10);
    assert.equal(add(30), 10);
    assert.equal(add(20), 20);
    assert.equal(add(2000, false), 20);
    assert.equal(add(900), 20);
    assert.equal(add(40), 30);
    assert.equal(add(50), 40);
  });

  test('a damper is not changed by a sample', () => {
    const before = startDamper(millis(0));
    const copy = structuredClone(before);
    const sample = { isHealthy: true, latency: millis(1), reason: '' };
    addSample(before, sample, usual, millis(1));
    assert.deepEqual(before, copy);
  });
});

describe('properties', () => {
  const samples = fc.array(fc.constantFrom('+', '-'), { maxLength: 80 }).map((m) => m.join(''));
  const thresholds = fc.record({
    downAfter: fc.integer({ min: 1, max: 10 }),
    upAfter: fc.integer({ min: 1, max: 10 }),
  });

  test('enough successes in a row always say up, enough failures always say down', () => {
    fc.assert(
      fc.property(samples, thresholds, (past, spec) => {
        assert.equal(last(past + '+'.repeat(spec.upAfter), spec).verdict, 'up');
        assert.equal(last(past + '-'.repeat(Math.max(2, spec.downAfter)), spec).verdict, 'down');
      }),
    );
  });

  test('after the start, a verdict changes only with a sample that speaks for the new one', () => {
    fc.assert(
      fc.property(samples, thresholds, (past, spec) => {
        const opinions = feed(past, spec);
        for (const [i, opinion] of opinions.entries()) {
          if (opinion.verdict === (opinions[i - 1]?.verdict ?? 'unknown')) continue;
          assert.equal(opinion.verdict, past[i] === '+' ? 'up' : 'down');
          assert.equal(opinion.since, (i + 1) * 1000);
          assert.equal(opinion.isSuspect, false);
        }
      }),
    );
  });

  test('fewer samples than the fewest never overturn an opinion', () => {
    const next = fc.array(fc.constantFrom('+', '-'), { maxLength: 10 }).map((m) => m.join(''));
    fc.assert(
      fc.property(samples, next, thresholds, (past, more, spec) => {
        const opinions = feed(`+${past}${more}`, spec);
        const before = opinions[past.length] ?? assert.fail();
        const few = opinions.slice(past.length, past.length + fewestToOverturn(before, spec));
        assert.ok(few.every(({ verdict }) => verdict === before.verdict));
      }),
    );
  });

  test('what is remembered stays small however long it lasts', () => {
    fc.assert(
      fc.property(samples, (past) => {
        let damper = startDamper(millis(0));
        for (const mark of past.repeat(4)) {
          const sample = { isHealthy: mark === '+', latency: millis(1), reason: '' };
          damper = addSample(damper, sample, usual, millis(0));
          assert.ok(damper.recent.length <= 12 && damper.latencies.length <= 5);
        }
      }),
    );
  });
});
