import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { loadGeolite } from '../../src/edge/geolite.ts';
import { type Atlas, placeOf } from '../../src/model/atlas.ts';
import { formatFault } from '../../src/model/fault.ts';
import { formatIp, type Ip, ipv4, ipv6, parseIp } from '../../src/model/ip.ts';
import { labelAt } from '../../src/model/labels.ts';
import { distanceKm } from '../../src/model/place.ts';
import { scopeOf, valueOf } from '../../src/model/ranges.ts';
import { cities } from '../support/cities.ts';

/** What geoip-lite itself says of an address; null for "not in the data". */
interface Lookup {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly ll: readonly [number, number];
  readonly area?: number;
}

const require = createRequire(import.meta.url);
const packageFolder = dirname(require.resolve('geoip-lite/package.json'));
const oracle = require('geoip-lite') as { lookup(address: string | number): Lookup | null };

/** Group by group, because the package misreads `::` in the middle of an address. */
function spelled(ip: Ip): string {
  const groups = [ip.a, ip.b, ip.c, ip.d].flatMap((word) => [word >>> 16, word & 0xffff]);
  return groups.map((group) => group.toString(16)).join(':');
}

const anyWord = fc.integer({ min: 0, max: 0xffffffff });

describe('the atlas of the data that geoip-lite ships', () => {
  let atlas: Atlas;

  before(async () => {
    const loaded = await loadGeolite();
    assert.ok(!('code' in loaded), 'code' in loaded ? formatFault(loaded) : '');
    atlas = loaded;
  });

  function assertAgrees(ip: Ip): void {
    const said = oracle.lookup(ip.family === 4 ? ip.a : spelled(ip));
    const place = placeOf(atlas, ip);
    const isLocated = said !== null && said.country !== '' && (said.area ?? 0) > 0;
    const expected = isLocated && {
      country: said.country,
      coordinates: { latitude: said.ll[0], longitude: said.ll[1] },
      radiusKm: said.area,
      subdivision: said.region,
      city: said.city,
    };
    assert.deepEqual(place ?? false, expected, formatIp(ip));
  }

  test('says of any IPv4 address what geoip-lite says', () => {
    const address = anyWord.map(ipv4);
    fc.assert(fc.property(address, assertAgrees), { numRuns: 3000 });
  });

  test('says of any IPv4 range, at its first address, what geoip-lite says', () => {
    const { high } = atlas.ranges.v4;
    const address = fc.nat(high.length - 1).map((at) => ipv4(high[at] as number));
    fc.assert(fc.property(address, assertAgrees), { numRuns: 3000 });
  });

  test('says of any IPv6 address what geoip-lite says', () => {
    const { high, low } = atlas.ranges.v6;
    const start = fc.nat(high.length - 1).map((at) => [high[at], low?.[at]] as [number, number]);
    const anywhere = fc.tuple(fc.integer({ min: 0x20000000, max: 0x3fffffff }), anyWord);
    const address = fc
      .tuple(fc.oneof(start, anywhere), anyWord, anyWord)
      .map(([[a, b], c, d]) => ipv6(a, b, c, d))
      // Around networks whose second or third group is 0, the package's own ends are wrong.
      .filter(({ a, b }) => (a & 0xffff) !== 0 && b >>> 16 !== 0);
    fc.assert(fc.property(address, assertAgrees), { numRuns: 3000 });
  });

  test('gives a network the place of its own row where the package stretched the row before', () => {
    // The data has 2001:550::/64 in the US and 2001:550:0:1::/64 in another place; the package reads
    // the first as a /48.
    const first = parseIp('2001:550::1') as Ip;
    const second = parseIp('2001:550:0:1::1') as Ip;
    assert.notEqual(valueOf(atlas.ranges, first), valueOf(atlas.ranges, second));
    assert.equal(scopeOf(atlas.ranges, first), 64);
  });

  const unknown = {
    'private space': '10.1.2.3',
    loopback: '127.0.0.1',
    'space for documentation': '192.0.2.1',
    multicast: '224.0.0.1',
    'the last address of all': '255.255.255.255',
    'a range without a location': '0.0.0.0',
    'a single address whose row has a country and no coordinates': '2.217.10.74',
    'the same in IPv6': '2001:ac8:27:90::1',
    'IPv6 loopback': '::1',
    'IPv6 for documentation': '2001:db8::1',
    'the last IPv6 address of all': 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  };
  for (const [what, address] of Object.entries(unknown)) {
    test(`knows no place for ${what}`, () => {
      const ip = parseIp(address) as Ip;
      assert.equal(valueOf(atlas.ranges, ip), 0);
      assert.equal(placeOf(atlas, ip), undefined);
    });
  }

  test('has no place at latitude and longitude 0, and none without a country or a radius', () => {
    let odd = 0;
    for (let at = 1; at < atlas.size; at++) {
      const isNowhere = atlas.latitudes[at] === 0 && atlas.longitudes[at] === 0;
      if (isNowhere || atlas.countries[at] === 0 || atlas.radii[at] === 0) odd++;
    }
    assert.equal(odd, 0);
  });

  test('finds every city of the sample within 25 km, by IPv4 and IPv6', () => {
    assert.ok(cities.length >= 45);
    for (const city of cities) {
      for (const address of [city.address, city.address6 ?? city.address]) {
        const place = placeOf(atlas, parseIp(address) as Ip);
        assert.equal(place?.city, city.name);
        assert.equal(place.country, city.country);
        assert.ok(place.radiusKm <= 20);
        assert.ok(distanceKm(place.coordinates, city) <= 25, city.name);
      }
    }
  });

  test('leaves no half character where the package cut a long city name short', () => {
    for (let at = 1; at < atlas.size; at++) {
      assert.doesNotMatch(labelAt(atlas.labels, at).city, /\uFFFD/);
    }
  });

  test('has no words for "not known"', () => {
    assert.deepEqual(labelAt(atlas.labels, 0), { subdivision: '', city: '' });
    assert.deepEqual(labelAt(atlas.labels, atlas.size), { subdivision: '', city: '' });
  });

  test('tells the date, the source and the licence of the data', () => {
    assert.equal(new Date(atlas.dataDate).toISOString(), '2023-11-15T00:00:00.000Z');
    assert.equal(atlas.source, 'geoip-lite 1.4.10');
    assert.equal(
      atlas.attribution,
      'This product includes GeoLite2 data created by MaxMind, available from http://www.maxmind.com.',
    );
  });

  test('takes less than 40 MB', () => {
    const { v4, v6 } = atlas.ranges;
    const { countries, latitudes, longitudes, radii } = atlas;
    const arrays = [v4, v6].flatMap((side) => [side.high, side.low, side.values, side.index]);
    const bytes = [...arrays, countries, latitudes, longitudes, radii].map(
      (array) => array?.byteLength ?? 0,
    );
    const total = bytes.reduce((sum, length) => sum + length);
    assert.ok(total < 40e6, `${total}`);
  });
});

describe('GeoIP data that cannot be used is a fault', () => {
  const names = 'geoip-city-names.dat';
  const [v4, v6] = ['geoip-city.dat', 'geoip-city6.dat'];
  const checksum = 'city.checksum';

  /** The message for a package whose data files are the real ones, save for those given here. */
  async function faultWith(
    changes: Readonly<Record<string, Uint8Array | undefined>>,
  ): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'meridian-geolite-'));
    try {
      await symlink(join(packageFolder, 'package.json'), join(folder, 'package.json'));
      await mkdir(join(folder, 'data'));
      for (const file of [names, v4, v6, checksum]) {
        const path = join(folder, 'data', file);
        const bytes = changes[file];
        if (bytes !== undefined) await writeFile(path, bytes);
        else if (!(file in changes)) await symlink(join(packageFolder, 'data', file), path);
      }
      const loaded = await loadGeolite(folder);
      assert.ok('code' in loaded);
      assert.equal(loaded.code, 'geo.unavailable');
      return loaded.message;
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async function firstBytes(file: string, length: number): Promise<Buffer> {
    await using handle = await open(join(packageFolder, 'data', file));
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, 0);
    return bytes;
  }

  for (const file of [names, v4, v6, checksum]) {
    test(`when ${file} is missing`, async () => {
      assert.match(await faultWith({ [file]: undefined }), new RegExp(`ENOENT.*${file}`));
    });
  }

  test('when the whole package is missing', async () => {
    const loaded = await loadGeolite('/nonexistent');
    assert.ok('code' in loaded);
    assert.equal(loaded.code, 'geo.unavailable');
  });

  test('when the checksum names no date', async () => {
    assert.match(await faultWith({ [checksum]: Buffer.from('nothing') }), /names no date/);
  });

  test('when a file ends within a row', async () => {
    const bytes = await firstBytes(v6, 1001);
    assert.match(
      await faultWith({ [v6]: bytes }),
      /geoip-city6\.dat does not end with a whole row/,
    );
  });

  test('when a file is empty or has few rows', async () => {
    const expected = /geoip-city\.dat locates only 0 ranges/;
    assert.match(await faultWith({ [v4]: Buffer.alloc(0) }), expected);
    assert.match(await faultWith({ [v4]: Buffer.alloc(2400) }), expected);
    assert.match(await faultWith({ [names]: Buffer.alloc(880) }), expected);
  });

  test('when a file was cut short, or its rows are out of order', async () => {
    const bytes = await firstBytes(v4, 1_200_000 * 24);
    assert.match(await faultWith({ [v4]: bytes }), /geoip-city\.dat ends early, at \d/);
    const doubled = Buffer.concat([bytes, bytes.subarray(0, 50_000 * 24)]);
    assert.match(await faultWith({ [v4]: doubled }), /geoip-city\.dat has 50000 rows out of order/);
  });
});
