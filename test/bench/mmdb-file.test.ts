import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader, type Response } from 'maxmind';
import { type Atlas, packCountry } from '../../src/model/atlas.ts';
import { LabelBuilder } from '../../src/model/labels.ts';
import { RangeBuilder } from '../../src/model/ranges.ts';
import { millis } from '../../src/model/time.ts';
import { mmdbOf } from './mmdb-file.ts';

const atlas: Atlas = {
  source: 'a test',
  dataDate: millis(1_700_000_000_000),
  attribution: '',
  ranges: {
    // A range that is no block, one up to the last address, and one beside unknown space.
    v4: ranges(4, [0x01000000, 0, 1], [0x01000300, 0, 0], [0x02000000, 0, 2], [0xffffff00, 0, 1]),
    v6: ranges(6, [0x20010db8, 0, 2], [0x20010db8, 0x00010000, 1], [0x20010db8, 0x00010001, 0]),
  },
  size: 3,
  countries: Uint16Array.of(0, packCountry('IE'), packCountry('BR')),
  latitudes: Int32Array.of(0, 530_000, -235_505),
  longitudes: Int32Array.of(0, -62_603, -466_333),
  radii: Uint16Array.of(0, 10, 10),
  labels: new LabelBuilder().finish(new Uint32Array(3)),
};

function ranges(family: 4 | 6, ...rows: readonly (readonly [number, number, number])[]) {
  const builder = new RangeBuilder(family);
  for (const [high, low, value] of rows) builder.append(high, low, value);
  return builder.finish();
}

const reader = new Reader<Response>(mmdbOf(atlas, (place) => `region-${place}`));

const cases: readonly (readonly [address: string, region: string | undefined])[] = [
  ['0.255.255.255', undefined],
  ['1.0.0.0', 'region-1'],
  ['1.0.2.255', 'region-1'],
  ['1.0.3.0', undefined],
  ['1.255.255.255', undefined],
  ['2.0.0.0', 'region-2'],
  ['255.255.254.255', 'region-2'],
  ['255.255.255.255', 'region-1'],
  ['2001:db7:ffff::', undefined],
  ['2001:db8::', 'region-2'],
  ['2001:db8:0:ffff:ffff:ffff:ffff:ffff', 'region-2'],
  ['2001:db8:1::1', 'region-1'],
  ['2001:db8:1:1::', undefined],
];

for (const [address, region] of cases) {
  test(`${address} is of ${region ?? 'nowhere'}`, () => {
    const record = reader.get(address) as { readonly region?: string } | null;
    assert.equal(record?.region, region);
  });
}

test('a record has what each server looks for, numbers as readers in C want them', () => {
  assert.deepEqual(reader.get('1.0.0.1'), {
    city: { names: { en: 'region-1' } },
    country: { iso_code: 'IE' },
    location: { latitude: 53, longitude: -6.2603 },
    region: 'region-1',
    subdivisions: [{ iso_code: 'region-1' }],
  });
  assert.equal(reader.metadata.ipVersion, 6);
});
