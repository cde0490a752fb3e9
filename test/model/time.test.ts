import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  formatInstant,
  formatMoment,
  formatSpan,
  millis,
  parseSpan,
  seconds,
  shiftSince,
  startedAt,
} from '../../src/model/time.ts';

describe('seconds of a TTL', () => {
  test('are whole and lie between 0 and 2^31 - 1 (RFC 2181 §8)', () => {
    assert.equal(seconds(30), 30);
    assert.equal(seconds(29.999), 29);
    assert.equal(seconds(-1), 0);
    assert.equal(seconds(2 ** 31), 2 ** 31 - 1);
    assert.equal(seconds(Number.POSITIVE_INFINITY), 2 ** 31 - 1);
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const ttl = seconds(value);
        assert.ok(Number.isInteger(ttl) && ttl >= 0 && ttl <= 0x7fffffff);
      }),
    );
  });
});

test('what is given another start lasts as long as before', () => {
  const timed = { id: 'x', start: millis(5000), end: millis(50_000) };
  assert.deepEqual(startedAt(timed, millis(0)), { id: 'x', start: 0, end: 45_000 });
});

test('moments that were written down move back with a clock that was set back, and never ahead', () => {
  assert.equal(shiftSince(millis(5000), millis(2000)), -3000);
  assert.equal(shiftSince(millis(5000), millis(9000)), 0);
  assert.equal(shiftSince(undefined, millis(2000)), 0);
});

describe('reading a span', () => {
  test('takes a number and a unit', () => {
    const known = {
      '250ms': 250,
      '5s': 5000,
      '1.5s': 1500,
      '10m': 600_000,
      '1h': 3_600_000,
      '7d': 604_800_000,
      '0s': 0,
      '0.001s': 1,
      '0.0s': 0,
    };
    for (const [text, span] of Object.entries(known)) assert.equal(parseSpan(text), span, text);
  });

  for (const text of [
    '',
    '5',
    's',
    '5 s',
    ' 5s',
    '5S',
    '-5s',
    '+5s',
    '5s5',
    '5.s',
    '.5s',
    '1e3s',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseSpan(text), undefined));
  }
  for (const text of ['1h30m', '5w', '5sec', '1.0000s', `${'9'.repeat(13)}s`, '５s', '5s\n']) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseSpan(text), undefined));
  }
});

describe('writing a span', () => {
  test('takes the largest unit that is whole', () => {
    const known = {
      '0ms': 0,
      '250ms': 250,
      '90s': 90_000,
      '10m': 600_000,
      '2h': 7_200_000,
      '36h': 129_600_000,
      '1d': 86_400_000,
    };
    for (const [text, span] of Object.entries(known)) assert.equal(formatSpan(span), text);
  });

  test('rounds to seconds where none is, and below one second to milliseconds', () => {
    assert.equal(formatSpan(12_345), '12s');
    assert.equal(formatSpan(1499), '1s');
    assert.equal(formatSpan(12.7), '13ms');
    assert.equal(formatSpan(999.6), '1s');
  });

  test('of whole seconds reads back the same', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (count) => {
        assert.equal(parseSpan(formatSpan(count * 1000)), count * 1000);
      }),
    );
  });
});

describe('writing a moment', () => {
  test('is ISO 8601 in UTC for programs and plainer for people', () => {
    const moment = millis(1_777_644_000_123);
    assert.equal(formatInstant(moment), '2026-05-01T14:00:00.123Z');
    assert.equal(formatMoment(moment), '2026-05-01 14:00:00 UTC');
  });

  test('never throws: a moment that no calendar holds is the Unix epoch', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1]) {
      assert.equal(formatInstant(millis(value)), '1970-01-01T00:00:00.000Z');
    }
    fc.assert(fc.property(fc.double(), (value) => assert.ok(formatInstant(millis(value)))));
  });
});
