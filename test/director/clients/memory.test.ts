// A histogram on disk: read back as it was, cut down where less is kept, refused where it is no histogram.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Counted,
  decodeCounted,
  encodeCounted,
} from '../../../src/director/clients/memory.ts';
import { ClientTally } from '../../../src/director/clients/tally.ts';
import { formatRow } from '../../../src/model/client-row.ts';
import { ipv4, ipv6 } from '../../../src/model/ip.ts';
import { millis } from '../../../src/model/time.ts';

const pause = async () => undefined;

function countedOf(keep: number, queries: number): Counted {
  const tally = new ClientTally(keep, [1, 2, 3, 4]);
  const names = [tally.names.of('www.example.test'), tally.names.of('api.example.test'), 0];
  const region = tally.regions.of('eu-west');
  for (let i = 0; i < queries; i++) {
    const ip = i % 3 === 0 ? ipv6(0x20010000 + (i % 70), i << 8, 0, 0) : ipv4((i % 90) << 12);
    tally.add(ip, 128, i % 2 === 0 ? 'subnet' : 'resolver', names[i % 3] ?? 0, region, 1);
  }
  tally.scale(0.7);
  return { tally, since: millis(5), fadedAt: millis(6), turnedAt: millis(7) };
}

const rowsOf = ({ tally }: Counted): string[] =>
  Array.from(tally.rows(), (row) => [formatRow(row), row.error, row.region].join(' ')).sort();

describe('what is written', () => {
  test('is read back, row by row and sum by sum', async () => {
    const counted = countedOf(50, 3000);
    const again = decodeCounted(await encodeCounted(counted, pause), 50);
    assert.ok(again !== undefined);
    assert.deepEqual(rowsOf(again), rowsOf(counted));
    assert.deepEqual([again.since, again.fadedAt, again.turnedAt], [5, 6, 7]);
    assert.ok(Math.abs(again.tally.total - counted.tally.total) < 1e-6);
    assert.equal(again.tally.byResolver, counted.tally.byResolver);
    assert.equal(again.tally.networks(), counted.tally.networks());
    assert.deepEqual(again.tally.outside(), counted.tally.outside());
    assert.equal(again.tally.busiest.floor, counted.tally.busiest.floor);
  });

  test('is what stood there when it was asked for, though more is counted meanwhile', async () => {
    const counted = countedOf(5000, 3000);
    const before = rowsOf(counted);
    const more = async () => counted.tally.add(ipv4(0x55000000), 32, 'subnet', 0, 0, 1);
    const again = decodeCounted(await encodeCounted(counted, more), 5000);
    assert.ok(again !== undefined);
    assert.deepEqual(rowsOf(again), before);
  });

  test('is cut down to the busiest where fewer are kept, and the rest lies outside', async () => {
    const counted = countedOf(200, 3000);
    const again = decodeCounted(await encodeCounted(counted, pause), 10);
    assert.ok(again !== undefined);
    assert.equal(rowsOf(again).length, 10);
    assert.ok(Math.abs(again.tally.total - counted.tally.total) < 1e-6);
    assert.ok(again.tally.outsideShare() > counted.tally.outsideShare());
  });
});

describe('what is no histogram', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '{}',
    '{"since":1,"fadedAt":2,"turnedAt":3,"seed":[1,2]}',
  ]) {
    test(`${text || 'nothing'} is refused`, () => assert.equal(decodeCounted(text, 10), undefined));
  }

  test('damaged rows are left out or refused, never thrown at', async () => {
    const text = await encodeCounted(countedOf(20, 500), pause);
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 5 }), (at, noise) => {
        const damaged = text.slice(0, at) + noise + text.slice(at + noise.length);
        const read = decodeCounted(damaged, 20);
        for (const row of read?.tally.rows() ?? []) assert.ok(row.weight >= 0);
      }),
    );
  });

  test('rows that no tally can hold are left out', async () => {
    const [head = ''] = (await encodeCounted(countedOf(20, 0), pause)).split('\n');
    const rows = [
      [25, 1, 0, 0, 0, 5, 0],
      [128 + 57, 1, 0, 0, 0, 5, 0],
      [24, 1, 0, 0, 0, 5, 6],
      [24, 1, 0, 70_000, 0, 5, 0],
      [24, 1, 0, 0, 0, -5, 0],
      [1.5, 1, 0, 0, 0, 5, 0],
      [24, 1, 0, 0, 0, 5],
      'row',
      [24, 0x010203ff, 77, 0, 9, 5, 0],
    ];
    const text = [head, ...rows.map((row) => JSON.stringify(row))].join('\n');
    const read = decodeCounted(text, 20);
    assert.deepEqual(read && rowsOf(read), ['1.2.3.0/24,5,,subnet 0 ']);
  });
});
