import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { loadAsns } from '../../src/edge/asns.ts';
import { valueOf } from '../../src/model/ranges.ts';
import { anIp } from '../support/fleet.ts';
import { makeFolder } from '../support/folder.ts';
import { cityRecord, type MmdbSpec, writeMmdb } from '../support/mmdb.ts';

const system = (asn: unknown): object => ({
  autonomous_system_number: asn,
  autonomous_system_organization: 'Example',
});

const networks: MmdbSpec['networks'] = [
  ['8.8.0.0/16', system(64_500)],
  ['8.8.8.0/24', system(64_501)],
  ['9.0.0.0/8', system(64_502)],
  ['11.0.0.0/8', system(-1)],
  ['12.0.0.0/8', system('64500')],
  ['2600::/32', system(64_501)],
];

async function load(t: TestContext, spec: MmdbSpec, ...wanted: number[]) {
  const path = join(await makeFolder(t), 'asn.mmdb');
  await writeFile(path, writeMmdb({ type: 'GeoLite2-ASN', ...spec }));
  return await loadAsns(path, new Set(wanted));
}

test('each address has the wanted system it belongs to, and else 0', async (t) => {
  const table = await load(t, { networks }, 64_500, 64_501, 4_200_000_000);
  assert.ok(!('code' in table));
  const at = (ip: string): number => valueOf(table, anIp(ip));
  assert.equal(at('8.8.1.1'), 64_500);
  assert.equal(at('8.8.8.8'), 64_501);
  assert.equal(at('8.8.9.1'), 64_500);
  assert.equal(at('9.1.1.1'), 0);
  assert.equal(at('11.1.1.1'), 0);
  assert.equal(at('12.1.1.1'), 0);
  assert.equal(at('2600:0:1::'), 64_501);
  assert.equal(at('2600:1::'), 0);
  // What nobody asked about is not kept.
  assert.equal(table.v4.high.length, 5);
});

test('a database of something else is refused', async (t) => {
  const city = await load(
    t,
    { networks: [['8.0.0.0/8', cityRecord('US', 'Reno', 39, -119, 5)]] },
    1,
  );
  assert.ok('code' in city);
  assert.match(city.message, /no autonomous systems/);
});

test('a file that is missing or damaged is a fault', async () => {
  const missing = await loadAsns('/nowhere/asn.mmdb', new Set([1]));
  assert.ok('code' in missing && missing.code === 'geo.unavailable');
});
