import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Atlas } from '../../src/model/atlas.ts';
import { formatIp, type Ip, ipv4, ipv6 } from '../../src/model/ip.ts';
import { RangeBuilder, type Ranges, scopeOf, valueOf } from '../../src/model/ranges.ts';
import type { Region } from '../../src/model/region.ts';
import type { Service, StepSettings } from '../../src/model/settings.ts';
import { areaKey, compileAreas } from '../../src/steering/order.ts';
import type { AreaClass, AreaClasses, AreaMap } from '../../src/steering/snapshot.ts';
import { anAtlas, type Entry } from '../support/atlas.ts';
import {
  anIp,
  aPrefix,
  aRegion,
  aService,
  classCount,
  classesOf,
  compileToEnd,
  planOf,
} from '../support/fleet.ts';
import { rulesIn } from '../../src/steering/steps/rules.ts';
import { naiveFacts, naiveTiers, neighbours } from '../support/naive.ts';
import { arbitraryIp, arbitrarySnapshot } from '../support/random-fleet.ts';

const dublin = aRegion('dublin', { latitude: 53, longitude: -6 });
const tokyo = aRegion('tokyo', { latitude: 36, longitude: 140 });
const lima = aRegion('lima', { latitude: -12, longitude: -77 });
const fleet = [dublin, tokyo, lima];

const paris = { country: 'FR', lat: 49, lon: 2 };
const osaka = { country: 'JP', lat: 35, lon: 135 };
const quito = { country: 'EC', lat: 0, lon: -78 };

function mapOf(regions: readonly Region[]): ReadonlyMap<Region['id'], Region> {
  return new Map(regions.map((region) => [region.id, region]));
}

interface Compiled {
  readonly areas: AreaMap;
  readonly classes: AreaClasses;
}

function compiled(entries: readonly Entry[], steps: StepSettings[], regions = fleet): Compiled {
  return compile(aService({ regions, steps }), anAtlas(entries));
}

function compile(service: Service, atlas: Atlas | undefined): Compiled {
  const areas = compileToEnd(service, mapOf(fleet), atlas);
  return { areas, classes: classesOf(areas, service, mapOf(fleet)) };
}

function classAt({ areas, classes }: Compiled, ip: Ip): AreaClass {
  return classes.at(valueOf(areas.ranges, ip));
}

/** The tiers at an address: `dublin > tokyo = lima`. */
function orderAt(found: Compiled, address: string): string {
  const { tiers } = classAt(found, anIp(address));
  return tiers.map((tier) => tier.join(' = ')).join(' > ');
}

const nearest: StepSettings = { kind: 'nearest', withinKm: 0 };

describe('compiled areas', () => {
  const entries: Entry[] = [
    { prefix: '81.0.0.0/8', ...paris },
    { prefix: '126.0.0.0/8', ...osaka },
    { prefix: '2a01::/16', ...paris },
    { prefix: '2400::/12', ...osaka },
  ];

  test('each address has the order of its place, in both families', () => {
    const areas = compiled(entries, [nearest]);
    assert.equal(orderAt(areas, '81.2.3.4'), 'dublin > tokyo > lima');
    assert.equal(orderAt(areas, '126.2.3.4'), 'tokyo > dublin > lima');
    assert.equal(orderAt(areas, '2a01:1::1'), 'dublin > tokyo > lima');
    assert.equal(orderAt(areas, '2400:1::1'), 'tokyo > dublin > lima');
  });

  test('an address of unknown place has the configured order', () => {
    assert.equal(orderAt(compiled(entries, [nearest]), '8.8.8.8'), 'dublin > tokyo > lima');
  });

  test('without an atlas everyone has the configured order', () => {
    const service = aService({ regions: fleet, steps: [nearest] });
    const areas = compile(service, undefined);
    assert.equal(orderAt(areas, '126.2.3.4'), 'dublin > tokyo > lima');
    assert.equal(orderAt(areas, '2400:1::1'), 'dublin > tokyo > lima');
  });

  test('special addresses are a class of their own, whatever the atlas says of them', () => {
    const areas = compiled([...entries, { prefix: '10.0.0.0/8', ...osaka }], [nearest]);
    assert.equal(classAt(areas, anIp('10.1.2.3')).isSpecial, true);
    assert.equal(orderAt(areas, '10.1.2.3'), 'dublin > tokyo > lima');
    assert.equal(classAt(areas, anIp('11.1.2.3')).isSpecial, false);
  });

  test('a rule for a special network makes it steerable', () => {
    const rule = { networks: [aPrefix('10.1.0.0/16')], countries: [], prefer: [lima.id] };
    const areas = compiled(entries, [{ kind: 'rules', rules: [rule] }, nearest]);
    assert.equal(classAt(areas, anIp('10.1.2.3')).isSpecial, false);
    assert.equal(orderAt(areas, '10.1.2.3'), 'lima > dublin > tokyo');
    assert.equal(classAt(areas, anIp('10.2.2.3')).isSpecial, true);
  });

  test('networks and countries of rules come before distance', () => {
    const rules = [
      { networks: [aPrefix('126.7.0.0/16')], countries: [], prefer: [lima.id] },
      { networks: [], countries: ['JP'], prefer: [dublin.id] },
    ];
    const areas = compiled(entries, [{ kind: 'rules', rules }, nearest]);
    assert.equal(orderAt(areas, '126.7.0.1'), 'lima > tokyo > dublin');
    assert.equal(orderAt(areas, '126.8.0.1'), 'dublin > tokyo > lima');
  });

  test('neighbouring ranges with one order become one range', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ prefix: `81.${i}.0.0/16`, ...paris }));
    const { areas } = compiled([{ prefix: '81.0.0.0/8', ...paris, lat: 50 }, ...many], [nearest]);
    // The configured order is that of Paris, too, so only special blocks cut the space.
    const { areas: bare } = compiled([], [nearest]);
    assert.deepEqual(areas.ranges.v4.high, bare.ranges.v4.high);
  });

  test('places of one position share the work, those of one city in two countries do not', () => {
    const rules = [{ networks: [], countries: ['JP'], prefer: [lima.id] }];
    const areas = compiled(
      [
        { prefix: '81.0.0.0/8', ...quito, country: 'FR' },
        { prefix: '82.0.0.0/8', ...quito, country: 'JP' },
        { prefix: '83.0.0.0/8', ...quito, country: 'FR', radius: 500 },
      ],
      [{ kind: 'rules', rules }],
    );
    assert.equal(orderAt(areas, '81.0.0.1'), 'dublin = tokyo = lima');
    assert.equal(orderAt(areas, '82.0.0.1'), 'lima > dublin = tokyo');
    assert.equal(orderAt(areas, '83.0.0.1'), 'dublin = tokyo = lima');
  });

  test('a long compile pauses on its way', () => {
    const builder = new RangeBuilder(4);
    for (let i = 0; i < 30_000; i++) builder.append(0x51000000 + i, 0, 1 + (i % 2));
    const small = anAtlas(entries);
    const atlas = { ...small, ranges: { ...small.ranges, v4: builder.finish() } };
    const pauses = [...compileAreas(aService({ regions: fleet }), mapOf(fleet), atlas)];
    assert.ok(pauses.length >= 3, `${pauses.length} pauses`);
  });

  test('every address has the order that a naive look at rules, blocks and distances gives', () => {
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        fc.array(arbitraryIp(), { minLength: 30, maxLength: 30 }),
        ({ settings, atlas, plans }, others) => {
          for (const { service, areas, classes } of plans.values()) {
            const starts = [...startsOf(4, areas.ranges.v4), ...startsOf(6, areas.ranges.v6)];
            for (const ip of [...starts, ...starts.flatMap(neighbours), ...others]) {
              const found = classAt({ areas, classes }, ip);
              const expected = naiveTiers(service, settings.regions, atlas, ip);
              const { isSpecial } = naiveFacts(ip, rulesIn(service.steps));
              assert.deepEqual(found.tiers, expected, formatIp(ip));
              assert.equal(found.isSpecial, isSpecial, formatIp(ip));
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('every address has that order also where orders are not compared, in no wider scope', () => {
    fc.assert(
      fc.property(
        arbitrarySnapshot(),
        fc.array(arbitraryIp(), { minLength: 30, maxLength: 30 }),
        ({ settings, atlas, plans }, others) => {
          for (const { service, areas: compared, classes: few } of plans.values()) {
            const areas = compileToEnd(service, settings.regions, atlas, 0);
            const classes = classesOf(areas, service, settings.regions);
            const starts = [...startsOf(4, areas.ranges.v4), ...startsOf(6, areas.ranges.v6)];
            for (const ip of [...starts, ...starts.flatMap(neighbours), ...others]) {
              const wanted = classAt({ areas: compared, classes: few }, ip);
              assert.deepEqual(classAt({ areas, classes }, ip), wanted, formatIp(ip));
              assert.ok(scopeOf(areas.ranges, ip) >= scopeOf(compared.ranges, ip));
            }
          }
        },
      ),
    );
  });

  test('no two classes are alike', () => {
    fc.assert(
      fc.property(arbitrarySnapshot(), (snapshot) => {
        const { areas, classes } = planOf(snapshot);
        const texts = Array.from({ length: classCount(areas) }, (_, i) =>
          JSON.stringify(classes.at(i)),
        );
        assert.equal(new Set(texts).size, texts.length);
      }),
    );
  });
});

/** Where the ranges of a table start. */
function startsOf(family: 4 | 6, ranges: Ranges): Ip[] {
  return Array.from(ranges.high, (high, i) =>
    family === 4 ? ipv4(high) : ipv6(high, ranges.low?.[i] ?? 0, 0, 0),
  );
}

describe('the key of a map', () => {
  const base = { regions: fleet, steps: [nearest] };
  const keyOf = (service: Service, regions = fleet): string => areaKey(service, mapOf(regions));
  const key = keyOf(aService(base));

  test('is one for services that see one geography', () => {
    const steps: StepSettings[] = [nearest, { kind: 'weight' }, { kind: 'take', count: 2 }];
    assert.equal(keyOf(aService({ ...base, name: 'api', steps, usesSubnet: false })), key);
    const renamed = fleet.map((region) => ({ ...region, title: 'elsewhere', weight: 1 }));
    assert.equal(keyOf(aService(base), renamed), key);
  });

  test('differs where the order of regions could', () => {
    const moved = [{ ...dublin, coordinates: tokyo.coordinates }, tokyo, lima];
    const bent = [{ ...dublin, bias: 10 }, tokyo, lima];
    const rules = [{ networks: [aPrefix('8.8.0.0/16')], countries: [], prefer: [lima.id] }];
    const others = [
      keyOf(aService({ ...base, regions: [tokyo, dublin, lima] })),
      keyOf(aService({ ...base, regions: [dublin, tokyo] })),
      keyOf(aService(base), moved),
      keyOf(aService(base), bent),
      keyOf(aService({ ...base, steps: [{ kind: 'nearest', withinKm: 100 }] })),
      keyOf(aService({ ...base, steps: [] })),
      keyOf(aService({ ...base, steps: [{ kind: 'rules', rules }, nearest] })),
    ];
    assert.equal(new Set([key, ...others]).size, others.length + 1);
  });
});
