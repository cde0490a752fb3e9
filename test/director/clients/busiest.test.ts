// Space-Saving against an exact count: what it promises holds for every stream.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Busiest, mostRegions } from '../../../src/director/clients/busiest.ts';
import type { Busy } from '../../../src/director/clients/columns.ts';

const key = (a: number) => ({ tag: 24, a, b: 0, asked: 0 });

interface Event {
  readonly key: number;
  readonly weight: number;
  readonly region: number;
}

/** Few keys, so that they meet again, and a hash of few values, so that they stand in each other's way. */
const streams = fc.array(
  fc.record({ key: fc.nat(40), weight: fc.integer({ min: 1, max: 9 }), region: fc.nat(3) }),
  { maxLength: 300 },
);
const hashes = fc.constantFrom(
  (a: number) => a,
  (a: number) => a & 3,
  (a: number) => Math.imul(a, 0x9e3779b1) >>> 0,
);

function countExactly(stream: readonly Event[]): Map<number, number> {
  const exact = new Map<number, number>();
  for (const { key: a, weight } of stream) exact.set(a, (exact.get(a) ?? 0) + weight);
  return exact;
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((x, y) => x + y, 0);

function near(x: number, y: number): boolean {
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(y));
}

function assertPromise(busiest: Busiest, exact: ReadonlyMap<number, number>, total: number): void {
  const held = new Map([...busiest.all()].map((busy) => [busy.a, busy]));
  assert.ok(held.size <= busiest.capacity);
  assert.equal(held.size, busiest.size, 'no key twice');
  const bound = total / busiest.capacity + 1e-9;
  for (const [a, truth] of exact) {
    const busy = held.get(a);
    if (busy === undefined) {
      assert.ok(truth <= bound, `${a} had ${truth} of ${total} and is not held`);
      assert.ok(truth <= busiest.floor + 1e-9);
      continue;
    }
    assert.ok(busy.count >= truth - 1e-9 && busy.count - busy.error <= truth + 1e-9);
    assert.ok(busy.error <= bound);
  }
  const sure = sum(Array.from(held.values(), (busy) => busy.count - busy.error));
  assert.ok(near(sure + sum(busiest.lost), total), 'no weight is lost out of sight');
}

describe('for every stream', () => {
  test('the heavy are held, each within its error, and the rest is told', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 50 }), hashes, (stream, capacity, hash) => {
        const busiest = new Busiest(capacity);
        for (const { key: a, weight, region } of stream) {
          busiest.add(hash(a), key(a), weight, region);
        }
        const exact = countExactly(stream);
        assertPromise(busiest, exact, sum(exact.values()));
        // With room for all nothing is estimated.
        if (exact.size <= capacity) assert.ok([...busiest.all()].every(({ error }) => error === 0));
      }),
      { numRuns: 500 },
    );
  });

  test('the same holds of weights that fade', () => {
    fc.assert(
      fc.property(streams, streams, hashes, (first, second, hash) => {
        const busiest = new Busiest(8);
        for (const { key: a, weight, region } of first)
          busiest.add(hash(a), key(a), weight, region);
        busiest.scale(0.25);
        for (const { key: a, weight, region } of second)
          busiest.add(hash(a), key(a), weight, region);
        const exact = countExactly(second);
        for (const [a, weight] of countExactly(first))
          exact.set(a, (exact.get(a) ?? 0) + weight / 4);
        assertPromise(busiest, exact, sum(exact.values()));
      }),
    );
  });

  test('the top is the heaviest that are sure, heaviest first', () => {
    fc.assert(
      fc.property(streams, fc.nat(12), hashes, (stream, most, hash) => {
        const busiest = new Busiest(10);
        for (const { key: a, weight, region } of stream) {
          busiest.add(hash(a), key(a), weight, region);
        }
        const sure = ({ count, error }: Busy): number => count - error;
        const all = [...busiest.all()].map(sure).sort((x, y) => y - x);
        assert.deepEqual(busiest.top(most).map(sure), all.slice(0, most));
      }),
    );
  });
});

describe('what is put back', () => {
  test('is as it was', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const busiest = new Busiest(10);
        for (const { key: a, weight, region } of stream) busiest.add(a, key(a), weight, region);
        const again = new Busiest(10, busiest.floor);
        for (const busy of busiest.all()) assert.ok(again.restore(busy));
        assert.deepEqual([...again.all()], [...busiest.all()]);
      }),
    );
  });

  test('does not fit where there is no room, and not twice', () => {
    const busiest = new Busiest(2);
    const busy = (a: number): Busy => ({ ...key(a), hash: a, region: 0, count: 5, error: 1 });
    assert.equal(busiest.restore(busy(1)), true);
    assert.equal(busiest.restore(busy(1)), false);
    assert.equal(busiest.restore(busy(2)), true);
    assert.equal(busiest.restore(busy(3)), false);
  });

  test('into a larger table makes nobody who comes later surer than can be known', () => {
    const small = new Busiest(2);
    for (const a of [1, 2, 3, 3, 4]) small.add(a, key(a), 1, 0);
    const large = new Busiest(10, small.floor);
    for (const busy of small.all()) large.restore(busy);
    // Key 1 was asked for once before, and nobody remembers.
    large.add(1, key(1), 1, 0);
    const busy = [...large.all()].find(({ a }) => a === 1);
    assert.ok(busy !== undefined && busy.count >= 2 && busy.count - busy.error <= 2);
  });
});

test('what is looked through stays as it was while more is added', () => {
  const busiest = new Busiest(4);
  for (const a of [1, 2, 3, 4]) busiest.add(a, key(a), a, 0);
  const rows = busiest.all();
  const first = rows.next().value?.a;
  for (let a = 5; a < 50; a++) busiest.add(a, key(a), 10, 0);
  assert.deepEqual([first, ...Array.from(rows, ({ a }) => a)], [1, 2, 3, 4]);
});

test('what goes is counted for the region that it was last sent to', () => {
  const busiest = new Busiest(1);
  busiest.add(1, key(1), 3, 5);
  busiest.add(1, key(1), 1, 7);
  busiest.add(2, key(2), 1, 5);
  assert.equal(busiest.lost[7], 4);
  assert.equal(sum(busiest.lost), 4);
  assert.equal(busiest.lost.length, mostRegions);
});
