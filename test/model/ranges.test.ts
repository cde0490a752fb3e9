import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Ip, ipv4, ipv6, isWithin, type Prefix, parsePrefix } from '../../src/model/ip.ts';
import {
  boundsOf,
  RangeBuilder,
  type Ranges,
  type RangeTable,
  scopeOf,
  valueOf,
} from '../../src/model/ranges.ts';

type Family = 4 | 6;

/** Where a range starts, as the top 64 bits of an address, and the number that holds from there. */
type Step = readonly [start: bigint, value: number];

/** The bits of an address that ranges tell apart. */
const widthOf = { 4: 32, 6: 64 } as const;

function wordsOf(family: Family, start: bigint): readonly [high: number, low: number] {
  return family === 4 ? [Number(start), 0] : [Number(start >> 32n), Number(start & 0xffffffffn)];
}

function ipAt(family: Family, start: bigint): Ip {
  const [high, low] = wordsOf(family, start);
  return family === 4 ? ipv4(high) : ipv6(high, low, 0x12345678, 0x9abcdef0);
}

function build(family: Family, steps: readonly Step[], first = 0): Ranges {
  const builder = new RangeBuilder(family);
  for (const [start, value] of steps) builder.append(...wordsOf(family, start), value);
  return builder.finish(first);
}

function tableOf(family: Family, ranges: Ranges): RangeTable {
  const other = new RangeBuilder(family === 4 ? 6 : 4).finish();
  return family === 4 ? { v4: ranges, v6: other } : { v4: other, v6: ranges };
}

/** What a finished table holds, in the shape it was built from. */
function stepsIn(family: Family, ranges: Ranges): Step[] {
  return Array.from(ranges.high, (high, i) => {
    const start =
      family === 4 ? BigInt(high) : (BigInt(high) << 32n) | BigInt(ranges.low?.[i] ?? 0);
    return [start, ranges.values[i] as number] as const;
  });
}

/** Starts that meet at the edges where ranges, blocks of the index and words end. */
function startOf(family: Family): fc.Arbitrary<bigint> {
  const edges = [0, 1, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xffff0000, 0xffffffff];
  const word = fc
    .oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 0xffffffff }))
    .map(BigInt);
  return family === 4 ? word : fc.tuple(word, word).map(([high, low]) => (high << 32n) | low);
}

function stepsOf(family: Family): fc.Arbitrary<Step[]> {
  return fc
    .array(fc.tuple(startOf(family), fc.nat(3)), { maxLength: 40 })
    .map((steps) => steps.sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0)));
}

/** The naive model: the last step whose start does not lie after the address. */
function naiveValue(steps: readonly Step[], first: number, at: bigint): number {
  return steps.findLast(([start]) => start <= at)?.[1] ?? first;
}

for (const family of [4, 6] as const) {
  const width = widthOf[family];
  const top = (1n << BigInt(width)) - 1n;

  describe(`ranges of IPv${family}`, () => {
    test('every address has the number of the last start at or before it', () => {
      fc.assert(
        fc.property(
          stepsOf(family),
          fc.nat(3),
          fc.array(startOf(family)),
          (steps, first, addresses) => {
            const table = tableOf(family, build(family, steps, first));
            const edges = steps.flatMap(([start]) => [start, start - 1n, start + 1n]);
            for (const at of [...addresses, ...edges, 0n, top]) {
              if (at < 0n || at > top) continue;
              const expected = naiveValue(steps, first, at);
              assert.equal(valueOf(table, ipAt(family, at)), expected, at.toString(16));
            }
          },
        ),
      );
    });

    test('a finished table starts at zero, ascends, and has no equal neighbours', () => {
      fc.assert(
        fc.property(stepsOf(family), fc.nat(3), (steps, first) => {
          const ranges = build(family, steps, first);
          const held = stepsIn(family, ranges);
          assert.equal(held[0]?.[0], 0n);
          for (const [i, [start, value]] of held.entries()) {
            const before = held[i - 1];
            if (before === undefined) continue;
            assert.ok(start > before[0]);
            assert.notEqual(value, before[1]);
          }
          assert.equal(ranges.values.length, held.length);
          assert.equal(ranges.low?.length, family === 4 ? undefined : held.length);
        }),
      );
    });

    // A window of a few bits, so that every prefix can be tried on every address in it.
    for (const above of [0, width / 2 - 3, width - 6]) {
      test(`the scope is the widest constant prefix around an address, from bit ${above}`, () => {
        const below = BigInt(width - above - 6);
        const base = above === 0 ? 0n : 0x2a5n << (BigInt(width) - 10n);
        const window = Array.from({ length: 64 }, (_, n) => n);
        fc.assert(
          fc.property(fc.array(fc.nat(2), { minLength: 64, maxLength: 64 }), (values) => {
            const steps = window.map((n): Step => [base + (BigInt(n) << below), values[n] ?? 0]);
            const end = base + (64n << below);
            // Outside the window stands a number that does not occur in it.
            if (end <= top) steps.push([end, 9]);
            const table = tableOf(family, build(family, steps, 9));
            for (const n of window) {
              const isConstant = (length: number): boolean =>
                window.every(
                  (m) => n >> (6 - length) !== m >> (6 - length) || values[m] === values[n],
                );
              const widest = [0, 1, 2, 3, 4, 5, 6].find(isConstant) ?? Number.NaN;
              assert.equal(
                scopeOf(table, ipAt(family, base + (BigInt(n) << below))),
                above + widest,
              );
            }
          }),
          { numRuns: 40 },
        );
      });
    }

    test('one number for the whole space has scope 0', () => {
      const table = tableOf(family, build(family, [], 7));
      assert.equal(scopeOf(table, ipAt(family, 0n)), 0);
      assert.equal(scopeOf(table, ipAt(family, top)), 0);
      assert.equal(valueOf(table, ipAt(family, top)), 7);
    });

    test('the first and the last address can be ranges of their own', () => {
      const table = tableOf(
        family,
        build(family, [
          [0n, 1],
          [1n, 2],
          [top, 3],
        ]),
      );
      assert.equal(valueOf(table, ipAt(family, 0n)), 1);
      assert.equal(scopeOf(table, ipAt(family, 0n)), width);
      assert.equal(valueOf(table, ipAt(family, top - 1n)), 2);
      assert.equal(valueOf(table, ipAt(family, top)), 3);
      assert.equal(scopeOf(table, ipAt(family, top)), width);
    });

    test('the numbers of the table are those of the widest prefix: nothing in the scope differs', () => {
      fc.assert(
        fc.property(
          stepsOf(family),
          startOf(family),
          fc.array(startOf(family)),
          (steps, at, others) => {
            const table = tableOf(family, build(family, steps));
            const ip = ipAt(family, at);
            const scope = BigInt(scopeOf(table, ip));
            const rest = BigInt(width) - scope;
            const start = (at >> rest) << rest;
            const last = start + (1n << rest) - 1n;
            const inside = others.map((other) => start + (other & (last - start)));
            for (const other of [start, last, ...inside]) {
              assert.equal(valueOf(table, ipAt(family, other)), valueOf(table, ip));
            }
          },
        ),
      );
    });
  });
}

describe('building ranges', () => {
  const built = (steps: readonly Step[], first = 0): Step[] => stepsIn(4, build(4, steps, first));

  test('neighbours with the same number become one', () => {
    assert.deepEqual(
      built([
        [0n, 1],
        [10n, 1],
        [20n, 2],
      ]),
      [
        [0n, 1],
        [20n, 2],
      ],
    );
  });

  test('a start given twice keeps the later number', () => {
    assert.deepEqual(
      built([
        [0n, 1],
        [10n, 2],
        [10n, 3],
      ]),
      [
        [0n, 1],
        [10n, 3],
      ],
    );
  });

  test('a number replaced by that of the range before it leaves no trace', () => {
    assert.deepEqual(
      built([
        [0n, 1],
        [10n, 2],
        [10n, 1],
        [20n, 3],
      ]),
      [
        [0n, 1],
        [20n, 3],
      ],
    );
  });

  test('what lies before the first start gets the number asked for', () => {
    assert.deepEqual(built([[10n, 2]], 5), [
      [0n, 5],
      [10n, 2],
    ]);
    assert.deepEqual(built([[10n, 2]], 2), [[0n, 2]]);
    assert.deepEqual(built([[0n, 2]], 5), [[0n, 2]]);
  });

  test('keeps every range over many pieces, also when a number at an edge is replaced', () => {
    const count = 100_000;
    for (const family of [4, 6] as const) {
      const builder = new RangeBuilder(family);
      for (let i = 0; i < count; i++) {
        builder.append(i * 2, 0, (i % 3) + 7);
        builder.append(i * 2, 0, (i % 3) + 1);
      }
      const ranges = builder.finish();
      assert.equal(ranges.high.length, count);
      assert.ok(ranges.high.every((high, i) => high === i * 2));
      assert.ok(ranges.values.every((value, i) => value === (i % 3) + 1));
    }
  });

  test('a start before the last one changes nothing', () => {
    assert.deepEqual(
      built([
        [0n, 1],
        [20n, 2],
        [10n, 3],
        [30n, 4],
      ]),
      [
        [0n, 1],
        [20n, 2],
        [30n, 4],
      ],
    );
  });

  test('a table is finished: what is appended later does not reach it', () => {
    const builder = new RangeBuilder(4);
    builder.append(0, 0, 1);
    builder.append(10, 0, 2);
    const ranges = builder.finish();
    builder.append(10, 0, 1);
    builder.append(20, 0, 3);
    assert.deepEqual(stepsIn(4, ranges), [
      [0n, 1],
      [10n, 2],
    ]);
  });
});

describe('bounds of a prefix', () => {
  const bounds = (text: string): ReturnType<typeof boundsOf> =>
    boundsOf(parsePrefix(text) as Prefix);

  test('are its first and last address, as far as ranges tell them apart', () => {
    assert.deepEqual(bounds('0.0.0.0/0'), { first: [0, 0], last: [0xffffffff, 0] });
    assert.deepEqual(bounds('192.0.2.0/24'), { first: [0xc0000200, 0], last: [0xc00002ff, 0] });
    assert.deepEqual(bounds('192.0.2.7/32'), { first: [0xc0000207, 0], last: [0xc0000207, 0] });
    assert.deepEqual(bounds('::/0'), { first: [0, 0], last: [0xffffffff, 0xffffffff] });
    assert.deepEqual(bounds('2001:db8::/32'), {
      first: [0x20010db8, 0],
      last: [0x20010db8, 0xffffffff],
    });
    assert.deepEqual(bounds('2001:db8:0:80::/57'), {
      first: [0x20010db8, 0x80],
      last: [0x20010db8, 0xff],
    });
    assert.deepEqual(bounds('2001:db8:0:1::5/128'), {
      first: [0x20010db8, 1],
      last: [0x20010db8, 1],
    });
  });

  test('hold the addresses of the prefix and no others', () => {
    fc.assert(
      fc.property(startOf(4), fc.nat(32), startOf(4), (at, length, other) => {
        const rest = BigInt(32 - length);
        const prefix = { ip: ipAt(4, (at >> rest) << rest), length };
        const { first, last } = boundsOf(prefix);
        const isBetween = BigInt(first[0]) <= other && other <= BigInt(last[0]);
        assert.equal(isBetween, isWithin(ipAt(4, other), prefix));
      }),
    );
  });
});
