import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { LatencyRow } from '../../../src/model/latency.ts';
import { valueOf } from '../../../src/model/ranges.ts';
import { latenciesIn, prepareLatency } from '../../../src/steering/steps/latency.ts';
import type { Area } from '../../../src/steering/step.ts';
import { areaIn, areaNowhere } from '../../support/area.ts';
import { anIp, aPrefix } from '../../support/fleet.ts';
import { readTiers, tellTiers } from '../../support/race.ts';

const rows: readonly LatencyRow[] = [
  { area: 'continent:EU', continents: ['EU'], ms: { ash: 40, birch: 30 } },
  { area: 'DE', countries: ['DE'], ms: { ash: 12, birch: 30, cedar: 31 } },
  { area: 'DE-BE', subdivisions: ['DE-BE'], ms: { cedar: 3 } },
  { area: 'AS64500', asn: 64_500, ms: { birch: 7.5, ash: 90 } },
  { area: '8.8.8.0/24', network: aPrefix('8.8.8.0/24'), ms: { cedar: 1 } },
];

function ordered(area: Area, withinMs = 0, tiers = 'ash = birch = cedar'): [string, string] {
  const step = prepareLatency(rows, withinMs);
  const before = readTiers(tiers);
  const after = step.apply(before, area);
  return [tellTiers(after), step.describe(before, after, area)];
}

describe('step latency', () => {
  test('the nearest by milliseconds comes first, and who has no figure last', () => {
    assert.deepEqual(ordered(areaIn({ country: 'PT' })), [
      'birch > ash > cedar',
      'as measured from continent:EU: birch 30 ms, then ash 40 ms; no figure for cedar',
    ]);
  });

  test('the row of the most specific area counts', () => {
    const found = (area: Area): string => ordered(area)[0];
    assert.equal(found(areaIn({ country: 'DE' })), 'ash > birch > cedar');
    assert.equal(found(areaIn({ country: 'DE', subdivision: 'BE' })), 'cedar > ash = birch');
    assert.equal(found(areaIn({ country: 'DE', asn: 64_500 })), 'birch > ash > cedar');
    assert.equal(found(areaIn({ country: 'DE', asn: 64_500, network: 5 })), 'cedar > ash = birch');
    assert.equal(found(areaNowhere({ asn: 64_500 })), 'birch > ash > cedar');
  });

  test('without a row the order is left to the next step', () => {
    const plain = 'ash = birch = cedar';
    const words = 'the table has no row for this client, so the next step decides';
    assert.deepEqual(ordered(areaIn({ country: 'JP' })), [plain, words]);
    assert.deepEqual(ordered(areaNowhere()), [plain, words]);
  });

  test('hardly slower is as good', () => {
    assert.equal(ordered(areaIn({ country: 'DE' }), 5)[0], 'ash > birch = cedar');
    assert.equal(ordered(areaIn({ country: 'DE' }), 18)[0], 'ash = birch > cedar');
  });

  test('keeps what earlier steps settled', () => {
    assert.equal(
      ordered(areaIn({ country: 'DE' }), 0, 'cedar > birch = ash')[0],
      'cedar > ash > birch',
    );
  });

  test('gives each network of the table the number of its row', () => {
    const { networks } = prepareLatency(rows, 0);
    assert.ok(networks !== undefined);
    assert.equal(valueOf(networks, anIp('8.8.8.8')), 5);
    assert.equal(valueOf(networks, anIp('8.8.9.1')), 0);
    assert.equal(valueOf(networks, anIp('2600::1')), 0);
    assert.equal(prepareLatency(rows, 3).networks, networks);
  });

  test('a slower region never comes before a faster one of its tier', () => {
    const figures = fc.dictionary(fc.constantFrom('ash', 'birch', 'cedar'), fc.nat(100));
    fc.assert(
      fc.property(figures, fc.nat(50), (ms, withinMs) => {
        const own = prepareLatency([{ area: 'PT', countries: ['PT'], ms }], withinMs);
        const order = own.apply(readTiers('ash = birch = cedar'), areaIn({ country: 'PT' })).flat();
        const told = order.map((id) => ms[id] ?? Number.POSITIVE_INFINITY);
        assert.deepEqual(
          told,
          told.toSorted((x, y) => x - y),
        );
        assert.equal(order.length, 3);
      }),
    );
  });
});

test('the rows of a chain are those of its step', () => {
  assert.equal(latenciesIn([{ kind: 'latency', rows, withinMs: 0 }]), rows);
  assert.deepEqual(latenciesIn([{ kind: 'nearest', withinKm: 0 }]), []);
});
