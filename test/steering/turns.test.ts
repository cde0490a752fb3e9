import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RegionId } from '../../src/model/region.ts';
import { Turns } from '../../src/steering/turns.ts';

function turnsOf(weights: readonly number[]): { turns: Turns; tier: RegionId[] } {
  const byId = new Map(weights.map((weight, i) => [`r${i}` as RegionId, weight]));
  return { turns: new Turns((id) => byId.get(id) ?? 0), tier: [...byId.keys()] };
}

function firsts(weights: readonly number[], count: number): string[] {
  const { turns, tier } = turnsOf(weights);
  return Array.from({ length: count }, (_, turn) => turns.orderAt(tier, turn)[0] ?? 'none');
}

describe('turns', () => {
  test('come smoothly: the heaviest is not served in a row while others wait', () => {
    assert.equal(firsts([5, 1, 1], 7).join(' '), 'r0 r0 r1 r0 r2 r0 r0');
    assert.equal(firsts([1, 1, 1], 6).join(' '), 'r0 r1 r2 r0 r1 r2');
  });

  test('of a whole round follow the weights to the turn', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.nat(1_000_000), (given, start) => {
        const { turns, tier } = turnsOf(given);
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<string, number>();
        for (let i = 0; i < total; i++) {
          const [first = ''] = turns.orderAt(tier, start + i);
          counts.set(first, (counts.get(first) ?? 0) + 1);
        }
        for (const [i, weight] of given.entries()) assert.equal(counts.get(`r${i}`) ?? 0, weight);
      }),
    );
  });

  test('never run ahead of a share by as much as two', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, (given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const counts = given.map(() => 0);
        for (const [turn, first] of firsts(given, total).entries()) {
          counts[Number(first.slice(1))]! += 1;
          for (const [i, weight] of given.entries()) {
            const due = (weight * (turn + 1)) / total;
            assert.ok(Math.abs((counts[i] ?? 0) - due) < 2, `${given.join()} at ${turn}`);
          }
        }
      }),
    );
  });

  test('name all regions with weight, each once, and the next ones next', () => {
    const { turns, tier } = turnsOf([5, 0, 1, 1]);
    assert.equal(turns.orderAt(tier, 2).join(' '), 'r2 r0 r3');
    assert.equal(turns.orderAt(tier, 4).join(' '), 'r3 r0 r2');
    assert.deepEqual(turns.orderAt([], 3), []);
    assert.deepEqual(turnsOf([0, 0]).turns.orderAt(tier.slice(0, 2), 3), []);
  });

  test('of weights that make no short round keep within one in a hundred, and none is forgotten', () => {
    const weights = [100_003, 70_001, 1];
    const served = firsts(weights, 4096 * 2);
    const share = (id: string): number =>
      served.filter((first) => first === id).length / served.length;
    assert.ok(Math.abs(share('r0') - 100_003 / 170_005) < 0.01);
    assert.ok(share('r2') > 0);
  });

  test('are the same however many groups have been asked for', () => {
    const { turns, tier } = turnsOf(Array.from({ length: 12 }, (_, i) => i + 1));
    const asked = tier.slice(0, 3);
    const before = turns.orderAt(asked, 7);
    for (let bits = 0; bits < 4096; bits++) {
      turns.orderAt(
        tier.filter((_, i) => ((bits >> i) & 1) === 1),
        bits,
      );
    }
    assert.deepEqual(turns.orderAt(asked, 7), before);
  });
});
