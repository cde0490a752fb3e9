import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ipv4, ipv6 } from '../../src/model/ip.ts';
import { RangeCursor } from '../../src/model/range-cursor.ts';
import { RangeBuilder, valueOf } from '../../src/model/ranges.ts';

describe('a cursor', () => {
  test('ends where the range does, in both families', () => {
    const v4 = new RangeBuilder(4);
    v4.append(0x08080800, 0, 7);
    v4.append(0x08080900, 0, 0);
    const cursor = new RangeCursor(v4.finish());
    cursor.seek(0x08080880, 0);
    assert.deepEqual([cursor.value, cursor.lastHigh, cursor.lastLow], [7, 0x080808ff, 0]);
    cursor.seek(0xffffffff, 0);
    assert.deepEqual([cursor.value, cursor.lastHigh, cursor.lastLow], [0, 0xffffffff, 0]);
    const v6 = new RangeBuilder(6);
    v6.append(0x20010470, 0, 7);
    v6.append(0x20010470, 5, 8);
    const other = new RangeCursor(v6.finish());
    other.seek(0, 0);
    assert.deepEqual([other.value, other.lastHigh, other.lastLow], [0, 0x2001046f, 0xffffffff]);
    other.seek(0x20010470, 4);
    assert.deepEqual([other.value, other.lastHigh, other.lastLow], [7, 0x20010470, 4]);
    other.seek(0xffffffff, 0xffffffff);
    assert.deepEqual([other.value, other.lastLow], [8, 0xffffffff]);
  });

  test('finds what a search finds, wherever it is sent next', () => {
    const word = fc.nat(15).map((n) => n * 0x11111111);
    const starts = fc.array(fc.tuple(word, word, fc.nat(3)), { maxLength: 12 });
    const walk = fc.array(fc.tuple(word, word, fc.boolean()), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(4, 6), starts, walk, (family, marks, asked) => {
        const [one, two] = [new RangeBuilder(family), new RangeBuilder(family === 4 ? 6 : 4)];
        const sorted = marks.toSorted((x, y) => x[0] - y[0] || x[1] - y[1]);
        for (const [high, low, value] of sorted) one.append(high, family === 4 ? 0 : low, value);
        const [ranges, rest] = [one.finish(), two.finish()];
        const table = family === 4 ? { v4: ranges, v6: rest } : { v4: rest, v6: ranges };
        const cursor = new RangeCursor(ranges);
        for (const [high, freeLow, isNext] of asked) {
          const low = family === 4 ? 0 : freeLow;
          cursor.seek(high, low);
          const ip = family === 4 ? ipv4(high) : ipv6(high, low, 0, 0);
          assert.equal(cursor.value, valueOf(table, ip));
          const end =
            family === 4 ? ipv4(cursor.lastHigh) : ipv6(cursor.lastHigh, cursor.lastLow, 0, 0);
          assert.equal(cursor.value, valueOf(table, end));
          if (isNext) cursor.seek(cursor.lastHigh, cursor.lastLow);
        }
      }),
    );
  });
});
