// Numbers as they are read: how long they lie beyond, what silence means, and what is reported.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  noteReading,
  type NumberState,
  reportNumbers,
  startNumber,
  whyNotNumbers,
  whyOfNumbers,
} from '../../src/drill/number.ts';
import { readNumbers } from '../../src/drill/number-limit.ts';
import type { NumberWish } from '../../src/model/drill.ts';
import { millis } from '../../src/model/time.ts';
import { noon } from '../support/fleet.ts';

const at = (second: number) => millis(noon + second * 1000);

function started(change: Partial<NumberWish> = {}): NumberState {
  const wish = { http: 'http://192.0.2.1/', json: 'errors', ...change };
  const limits = readNumbers([{ ...wish, ...(change.below === undefined && { above: 5 }) }], '');
  assert.ok(!('code' in limits) && limits[0] !== undefined);
  return startNumber(limits[0], noon);
}

/** `3 9 - ?`: values told every five seconds, `-` for none yet, `?` for an answer that does not come. */
function told(state: NumberState, words: string): NumberState {
  let now = state;
  for (const [i, word] of words.split(' ').entries()) {
    const value = /\d/.test(word) ? Number(word) : undefined;
    const reason = word === '?' ? 'timed out after 2s' : '';
    now = noteReading(now, { value, reason }, at(i * 5));
  }
  return now;
}

describe('a number ends a drill', () => {
  test('at once where no time is given, with what it was', () => {
    assert.equal(whyOfNumbers([told(started(), '5 5')], at(10)), undefined);
    const why = whyOfNumbers([told(started(), '3 5.5')], at(10));
    assert.equal(why?.code, 'number');
    assert.equal(why?.message, 'json errors at http://192.0.2.1/ is at 5.5, above 5');
  });

  test('once every answer for as long has lain beyond', () => {
    const state = started({ for: '10s' });
    assert.equal(whyOfNumbers([told(state, '9 9')], at(9)), undefined);
    assert.match(whyOfNumbers([told(state, '9 9 9')], at(10))?.message ?? '', /was so for 10s/);
    assert.equal(whyOfNumbers([told(state, '9 9 5 9')], at(15)), undefined, 'one was fine');
    assert.equal(whyOfNumbers([told(state, '9 ? 9')], at(10))?.code, 'number', 'one was lost');
    const silence = told(state, '9 ? ? ? ? ? 9');
    assert.equal(whyOfNumbers([silence], at(30)), undefined, 'who was silent begins anew');
  });

  test('below its limit', () => {
    assert.equal(whyOfNumbers([told(started({ below: 2 }), '3 2')], at(5)), undefined);
    assert.equal(whyOfNumbers([told(started({ below: 2 }), '3 1')], at(5))?.code, 'number');
  });

  test('for good: what has ended it is not taken back', () => {
    assert.equal(whyOfNumbers([told(started(), '9 3')], at(5))?.code, 'number');
  });
});

describe('a number that cannot be read', () => {
  test('ends a drill after four intervals, unless the plan says otherwise', () => {
    const state = told(started(), '3 ? ? ? ?');
    assert.equal(whyOfNumbers([state], at(20)), undefined);
    const why = whyOfNumbers([state], at(21));
    assert.equal(why?.code, 'blind');
    assert.match(why?.message ?? '', /was not read for 21s: timed out after 2s$/);
    assert.equal(
      whyOfNumbers([told(started({ onSilence: 'continue' }), '3 ? ?')], at(90)),
      undefined,
    );
  });

  test('lets none begin, unless the plan says otherwise', () => {
    assert.match(whyNotNumbers([told(started(), '?')]) ?? '', /cannot be read: timed out after 2s/);
    assert.equal(whyNotNumbers([told(started({ onSilence: 'continue' }), '?')]), undefined);
    assert.equal(whyNotNumbers([told(started(), '-')]), undefined, 'a counter takes two answers');
  });
});

test('no drill begins while a number lies beyond, however long it may', () => {
  assert.match(whyNotNumbers([told(started({ for: '1m' }), '9')]) ?? '', /is at 9, above 5$/);
  assert.equal(whyNotNumbers([told(started(), '5')]), undefined);
});

test('the report tells the first, the last and the worst, and what was not read', () => {
  const [one] = reportNumbers([told(started({ for: '1m' }), '- 3 8 4 ?')]);
  assert.deepEqual(one, {
    number: 'json errors at http://192.0.2.1/',
    bound: 'above',
    limit: 5,
    forSeconds: 60,
    onSilence: 'abort',
    before: 3,
    last: 4,
    worst: 8,
    readings: 4,
    failures: 1,
    reason: 'timed out after 2s',
  });
  const [low] = reportNumbers([told(started({ below: 2 }), '9 4 7')]);
  assert.equal(low?.worst, 4);
  const [none] = reportNumbers([started()]);
  assert.deepEqual([none?.before, none?.last, none?.worst], [null, null, null]);
});
