import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type CityResponse, Reader } from 'maxmind';
import { loadMmdb } from '../../src/edge/mmdb.ts';
import { type Atlas, placeOf } from '../../src/model/atlas.ts';
import { type Fault, formatFault } from '../../src/model/fault.ts';
import { formatIp, type Ip, ipv4, ipv6, parseIp, parsePrefix } from '../../src/model/ip.ts';
import { scopeOf, valueOf } from '../../src/model/ranges.ts';
import { cityRecord, type MmdbSpec, writeMmdb } from '../support/mmdb.ts';

const dublin = cityRecord('IE', 'Dublin', 53.3498, -6.2603, 20);
const tokyo = cityRecord('JP', 'Tokyo', 35.6762, 139.6503, 5);
const lima = cityRecord('PE', 'Lima', -12.0464, -77.0428, 50);

const networks: MmdbSpec['networks'] = [
  ['1.0.0.0/8', dublin],
  ['1.2.0.0/16', tokyo],
  ['1.2.3.0/24', lima],
  ['1.2.3.128/25', tokyo],
  ['5.5.5.5/32', lima],
  ['128.0.0.0/2', dublin],
  ['223.255.255.0/24', tokyo],
  ['2001:200::/23', tokyo],
  ['2400::/12', tokyo],
  ['2600::/12', lima],
  ['2601:0:0:1::/64', dublin],
  ['2a00::/12', dublin],
  ['2a01:1:1:1::/64', tokyo],
  ['2a01:2:2:2::/80', lima],
  ['3ffe:ffff::/32', lima],
];

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meridian-mmdb-'));
});

after(async () => {
  await rm(folder, { recursive: true });
});

async function load(bytes: Uint8Array): Promise<Atlas | Fault> {
  const path = join(folder, 'some.mmdb');
  await writeFile(path, bytes);
  return loadMmdb(path);
}

async function atlasOf(spec: MmdbSpec): Promise<Atlas> {
  const loaded = await load(writeMmdb(spec));
  assert.ok(!('code' in loaded), 'code' in loaded ? formatFault(loaded) : '');
  return loaded;
}

function cityAt(atlas: Atlas, address: string): string | undefined {
  return placeOf(atlas, parseIp(address) as Ip)?.city;
}

/** Addresses at and around the edges of every network, and any others. */
const address: fc.Arbitrary<Ip> = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }).map(ipv4),
  fc
    .tuple(fc.integer({ min: 0x20000000, max: 0x3fffffff }), fc.nat(0x7fffffff))
    .map(([a, b]) => ipv6(a, b, 0, 0)),
  fc
    .tuple(fc.constantFrom(...networks), fc.integer({ min: -1, max: 1 }))
    .map(([[network], step]) => {
      const { ip } = parsePrefix(network) as { ip: Ip };
      return ip.family === 4 ? ipv4(ip.a + step) : ipv6(ip.a, ip.b + step, 0, 0);
    }),
);

for (const recordSize of [24, 28, 32] as const) {
  test(`with records of ${recordSize} bits, the atlas says what the reader says`, async () => {
    const spec: MmdbSpec = { networks, recordSize };
    const atlas = await atlasOf(spec);
    const reader = new Reader<CityResponse>(writeMmdb(spec));
    fc.assert(
      fc.property(address, (ip) => {
        const said = reader.get(formatIp(ip));
        const expected = said && {
          country: said.country?.iso_code,
          subdivision: said.subdivisions?.[0]?.iso_code,
          city: said.city?.names.en,
          coordinates: {
            latitude: said.location?.latitude,
            longitude: said.location?.longitude,
          },
          radiusKm: said.location?.accuracy_radius,
        };
        assert.deepEqual(placeOf(atlas, ip) ?? null, expected, formatIp(ip));
      }),
      { numRuns: 500 },
    );
  });
}

describe("the atlas of an operator's database", () => {
  test('has one place per distinct place and merges neighbours', async () => {
    const atlas = await atlasOf({ networks });
    assert.equal(atlas.size, 4);
    const halves = await atlasOf({
      networks: [
        ['1.0.0.0/9', dublin],
        ['1.128.0.0/9', dublin],
      ],
    });
    assert.equal(scopeOf(halves.ranges, ipv4(0x01000000)), 8);
    assert.equal(halves.ranges.v4.high.length, 3);
  });

  test('takes networks longer than /64 by the first address of their /64', async () => {
    const atlas = await atlasOf({
      networks: [
        ['2a01::/16', dublin],
        ['2a01:2:2:2::/80', lima],
        ['2a01:3:3:3:1::/80', lima],
      ],
    });
    assert.equal(cityAt(atlas, '2a01:2:2:2:ffff::1'), 'Lima');
    assert.equal(cityAt(atlas, '2a01:3:3:3:1::1'), 'Dublin');
  });

  test('serves an IPv4 database: all of IPv6 is unknown', async () => {
    const atlas = await atlasOf({ networks: networks.slice(0, 7), ipVersion: 4 });
    assert.equal(cityAt(atlas, '1.2.9.9'), 'Tokyo');
    assert.equal(atlas.ranges.v6.high.length, 1);
    assert.equal(cityAt(atlas, '2400::1'), undefined);
  });

  test('serves a database with IPv6 alone: all of IPv4 is unknown', async () => {
    const atlas = await atlasOf({ networks: networks.slice(7) });
    assert.equal(cityAt(atlas, '2400::1'), 'Tokyo');
    assert.equal(atlas.ranges.v4.high.length, 1);
    assert.equal(cityAt(atlas, '1.2.9.9'), undefined);
  });

  test('serves a database with one network for all of IPv4', async () => {
    const atlas = await atlasOf({ networks: [['::/90', lima]] });
    assert.equal(cityAt(atlas, '203.0.113.1'), 'Lima');
    assert.equal(scopeOf(atlas.ranges, ipv4(1)), 0);
  });

  test('does not walk IPv4 again where IPv6 leads back to it', async () => {
    const atlas = await atlasOf({ networks, aliases: ['2002::/16', '2001::/32'] });
    assert.equal(cityAt(atlas, '2002:102:300::'), undefined);
    assert.equal(cityAt(atlas, '2001:0:102:300::'), undefined);
    assert.equal(cityAt(atlas, '2001:201::'), 'Tokyo');
  });

  test('says nothing of IPv6 outside the space that is public', async () => {
    const atlas = await atlasOf({
      networks: [
        ['fc00::/7', dublin],
        ['64:ff9b::/96', dublin],
        ['2600::/12', lima],
      ],
    });
    assert.equal(cityAt(atlas, 'fc00::1'), undefined);
    assert.equal(cityAt(atlas, '64:ff9b::1'), undefined);
    assert.equal(valueOf(atlas.ranges, parseIp('ffff::') as Ip), 0);
  });

  test('tells the type, the date and the licence of the data', async () => {
    const atlas = await atlasOf({ networks, type: 'GeoLite2-City', built: 1_750_000_000 });
    assert.equal(atlas.source, 'GeoLite2-City in some.mmdb');
    assert.equal(atlas.dataDate, 1_750_000_000_000);
    assert.match(atlas.attribution, /GeoLite2 Data created by MaxMind/);
    const other = await atlasOf({ networks, type: 'Acme-City' });
    assert.match(other.attribution, /Acme-City/);
    assert.doesNotMatch(other.attribution, /MaxMind/);
  });
});

describe("a record of an operator's database", () => {
  const london = { latitude: 51.5, longitude: -0.1 };
  const placeFor = async (record: object): Promise<ReturnType<typeof placeOf>> => {
    const atlas = await atlasOf({
      networks: [
        ['1.0.0.0/8', record],
        ['2.0.0.0/8', dublin],
      ],
    });
    return placeOf(atlas, ipv4(0x01020304));
  };

  test('without a radius is weak evidence', async () => {
    const place = await placeFor({ country: { iso_code: 'GB' }, location: london });
    assert.deepEqual(place, {
      country: 'GB',
      subdivision: '',
      city: '',
      coordinates: london,
      radiusKm: 1000,
    });
  });

  test('without a country is in the country where its network is registered', async () => {
    const place = await placeFor({ registered_country: { iso_code: 'FR' }, location: london });
    assert.equal(place?.country, 'FR');
  });

  test('with a radius beyond every number of the atlas has the largest', async () => {
    const location = { ...london, accuracy_radius: 1_000_000 };
    assert.equal((await placeFor({ country: { iso_code: 'GB' }, location }))?.radiusKm, 65_535);
  });

  const unknown = {
    'without any country': { location: london },
    'with a country that is no code': { country: { iso_code: 'gb!' }, location: london },
    'without coordinates': { country: { iso_code: 'GB' } },
    'with one coordinate': { country: { iso_code: 'GB' }, location: { latitude: 51.5 } },
    'at 0, 0': { country: { iso_code: 'GB' }, location: { latitude: 0, longitude: 0 } },
    'beyond a pole': { country: { iso_code: 'GB' }, location: { latitude: 91, longitude: 0 } },
    'with words for coordinates': {
      country: { iso_code: 'GB' },
      location: { latitude: 'here', longitude: 'there' },
    },
    'with other things in the fields': {
      country: 'GB',
      location: 7,
      subdivisions: { x: 1 },
      city: true,
    },
  };
  for (const [what, record] of Object.entries(unknown)) {
    test(`${what} is of no known place`, async () => {
      assert.equal(await placeFor(record), undefined);
    });
  }
});

describe('a database that cannot be used is a fault that names the file', () => {
  async function messageFor(bytes: Uint8Array): Promise<string> {
    const loaded = await load(bytes);
    assert.ok('code' in loaded);
    assert.equal(loaded.code, 'geo.unavailable');
    assert.ok(loaded.message.startsWith(join(folder, 'some.mmdb')), loaded.message);
    return loaded.message;
  }

  test('when it is missing', async () => {
    const loaded = await loadMmdb(join(folder, 'missing.mmdb'));
    assert.ok('code' in loaded);
    assert.match(loaded.message, /missing\.mmdb cannot be used: ENOENT/);
  });

  test('when it is empty, something else, or cut short', async () => {
    const whole = writeMmdb({ networks });
    const halves = [Buffer.alloc(0), Buffer.from('id,city\n'), whole.subarray(0, whole.length / 2)];
    for (const bytes of halves) assert.match(await messageFor(bytes), /not a MaxMind DB file/);
  });

  test('when its beginning is missing', async () => {
    const whole = writeMmdb({ networks });
    assert.match(await messageFor(whole.subarray(whole.length - 300)), /cannot be used/);
  });

  test('when it has no coordinates', async () => {
    const country = { country: { iso_code: 'IE' } };
    const bytes = writeMmdb({ networks: [['1.0.0.0/8', country]], type: 'GeoLite2-Country' });
    assert.match(await messageFor(bytes), /GeoLite2-Country is no City database/);
    assert.match(await messageFor(writeMmdb({ networks: [] })), /no coordinates/);
  });

  test('whatever octets are changed: an atlas or a fault, never an exception', async () => {
    const whole = writeMmdb({ networks });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, octet] of changes) bytes[at] = octet;
        const loaded = await load(bytes);
        assert.ok('code' in loaded ? loaded.code === 'geo.unavailable' : loaded.size > 1);
      }),
      { numRuns: 300 },
    );
  });
});
