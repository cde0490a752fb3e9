import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { LoadView } from '../../src/model/load.ts';
import type { RegionId } from '../../src/model/region.ts';
import { type Gauge, prepareFree } from '../../src/steering/free.ts';
import { mixHash } from '../../src/steering/hash.ts';
import type { Moment, Race } from '../../src/steering/step.ts';
import { chanceOf } from '../support/chance.ts';
import { aLoad } from '../support/fleet.ts';
import { type Ran, runStep } from '../support/race.ts';

interface Size {
  readonly size: number;
  readonly used: number | undefined;
}

function freeOf(sizes: readonly Size[]) {
  const gauges = new Map(
    sizes.map((own, i): [RegionId, Gauge] => [
      `region-${i}` as RegionId,
      { ...own, words: `${own.used}`, figure: own.used },
    ]),
  );
  return prepareFree({
    name: 'free',
    drawn: 'it is',
    by: 'by what is free',
    unit: 'load',
    gauge: () => gauges,
  });
}

function ran(sizes: readonly Size[], networkHash: number): Ran {
  return runStep(freeOf(sizes), sizes.map((_, i) => `region-${i}`).join(' = '), { networkHash });
}

describe('what is free', () => {
  test('puts full regions behind the others, where those can take their clients', () => {
    const sizes = fc.array(
      fc.record({
        size: fc.constantFrom(1, 2, 10),
        used: fc.constantFrom(undefined, 0, 0.3, 0.7, 0.99, 1, 1.3),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(sizes, fc.nat(), (all, networkHash) => {
        const order = ran(all, networkHash).race.tiers.flat();
        assert.deepEqual(
          order.toSorted(),
          all.map((_, i) => `region-${i}`),
        );
        const isFull = (id: string): boolean => {
          const { used } = all[Number(id.slice('region-'.length))] ?? {};
          return used !== undefined && used >= 1;
        };
        // Everybody's clients on those who are not full: the unknown are taken for full here.
        const borne = all.reduce((sum, { size, used = 1 }) => sum + size * used, 0);
        const open = all.reduce((sum, { size, used }) => sum + ((used ?? 0) < 1 ? size : 0), 0);
        if (borne > 0.75 * open) return;
        const firstFull = order.findIndex(isFull);
        assert.ok(firstFull < 0 || order.slice(firstFull).every(isFull));
      }),
    );
  });

  test('gives full regions the smallest share, where the others would be full with their clients', () => {
    const sizes = [
      { size: 1, used: 1.4 },
      { size: 1, used: 0.5 },
    ];
    const firsts = Array.from({ length: 6000 }, (_, i) => ran(sizes, mixHash(i, 1)).tiers);
    const share = firsts.filter((tiers) => tiers.startsWith('region-0')).length / firsts.length;
    assert.ok(Math.abs(share - 0.5 / 1.5) < 0.02, `${share}`);
    assert.ok(!ran(sizes, 1).summary.includes('full'));
  });

  test('picks only among equals', () => {
    const step = freeOf([{ size: 1, used: 0 }]);
    assert.equal(runStep(step, 'region-0 > oak').picks, false);
    assert.equal(runStep(step, 'region-0 = oak').picks, true);
    assert.equal(runStep(step, '').tiers, '');
  });
});

/** The lowest and the highest load of one of two equal regions, when half an hour has passed since it had all. */
function swing(total: number, ttl: number, noise: number): { low: number; high: number } {
  const chance = chanceOf(`${total} ${ttl} ${noise}`);
  const step = prepareFree({
    name: 'free',
    drawn: 'it is',
    by: 'by what is free',
    unit: 'load',
    gauge: (loads) =>
      new Map(
        Array.from(loads, ([id, { share }]) => [
          id,
          { size: 1, used: share, words: '', figure: share },
        ]),
      ),
  });
  const ids = ['ash', 'birch'] as RegionId[];
  const race: Race = { tiers: [ids], reserve: [ids], floored: new Set(), isFailOpen: false };
  const clients = Array.from({ length: 400 }, (_, i) => ({
    networkHash: mixHash(i, 9),
    due: Math.floor(chance() * ttl),
    at: 'ash',
  }));
  let heard: LoadView = new Map();
  const reports: { readonly at: number; readonly loads: LoadView }[] = [];
  const late: number[] = [];
  for (let second = 0; second < 3000; second++) {
    const ash = (clients.filter(({ at }) => at === 'ash').length / clients.length) * total;
    if (second > 1800) late.push(ash);
    // Told every five seconds, and three seconds old when it is heard.
    if (second % 5 === 0) {
      const told = [ash, total - ash].map((load) => load * (1 + noise * (2 * chance() - 1)));
      const loads = new Map(ids.map((id, i) => [id, aLoad({ share: told[i] })]));
      reports.push({ at: second, loads });
    }
    while ((reports[0]?.at ?? second) <= second - 3) heard = reports.shift()?.loads ?? heard;
    const calm = { health: new Map(), overrides: new Map(), loads: heard, turn: undefined };
    for (const client of clients) {
      if (client.due > second) continue;
      const moment: Moment = { ...calm, networkHash: client.networkHash };
      client.at = step.apply(race, moment).tiers[0]?.[0] ?? '';
      client.due = second + ttl;
    }
  }
  return { low: Math.min(...late), high: Math.max(...late) };
}

describe('clients that follow late', () => {
  for (const [total, ttl] of [
    [0.6, 30],
    [1.6, 30],
    [1.6, 10],
    [1.8, 10],
    [1.8, 300],
  ] as const) {
    test(`do not swing with ${total} on two regions and a TTL of ${ttl} s`, () => {
      const { low, high } = swing(total, ttl, 0);
      assert.ok(high - low < 0.1, `from ${low} to ${high}`);
      const noisy = swing(total, ttl, 0.3);
      assert.ok(noisy.high < (total / 2) * 1.25, `up to ${noisy.high}`);
    });
  }
});
