// The groundwork: GeoIP data loaded when it must be, maps compiled once for those who share them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type GroundOptions, layGround } from '../../src/director/ground.ts';
import type { Groundwork } from '../../src/director/snapshot.ts';
import type { Atlas } from '../../src/model/atlas.ts';
import type { Fault } from '../../src/model/fault.ts';
import { RangeBuilder, type RangeTable, valueOf } from '../../src/model/ranges.ts';
import type { Service, Settings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import type { TableCache } from '../../src/ports.ts';
import { anAtlas } from '../support/atlas.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { anIp, aRegion, aService, aSettings, classesOf, noon } from '../support/fleet.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';

const regions = [aRegion('ash', { longitude: -70 }), aRegion('elm', { longitude: 70 })];
const atlas = anAtlas([{ prefix: '9.0.0.0/8', lat: 0, lon: 70 }]);
const missing: Fault = { code: 'geo.unavailable', message: 'no such file' };

interface Laying extends GroundOptions {
  readonly log: RecordLog;
  /** Paths that were loaded. */
  readonly loads: (string | undefined)[];
  /** Autonomous systems that were asked for, load by load. */
  readonly wanted: number[][];
  pauses: number;
  found: Atlas | Fault;
  asns: RangeTable | Fault;
}

function laying(found: Atlas | Fault = atlas): Laying {
  const loads: (string | undefined)[] = [];
  const options: Laying = {
    loads,
    wanted: [],
    pauses: 0,
    found,
    asns: anAtlas([], [{ prefix: '8.0.0.0/8', asn: 64_500 }]).asns ?? assert.fail(),
    loadAtlas: async (mmdb) => {
      loads.push(mmdb);
      return options.found;
    },
    loadAsns: async (path, wanted) => {
      loads.push(path);
      options.wanted.push([...wanted]);
      return options.asns;
    },
    pause: async () => {
      options.pauses++;
    },
    clock: createFakeClock(noon),
    log: createRecordLog(),
  };
  return options;
}

function settingsWith(mmdb?: string, services = [aService({ regions })]): Settings {
  return aSettings({ regions, services, geo: { mmdb, asn: undefined } });
}

describe('the first ground', () => {
  test('has the atlas, and one map for services that see the same geography', async () => {
    const services = [
      aService({ name: 'www', regions }),
      aService({ name: 'api', regions, steps: [{ kind: 'nearest', withinKm: 0 }] }),
      aService({ name: 'spread', regions, steps: [{ kind: 'weight' }] }),
    ];
    const options = laying();
    const settings = settingsWith(undefined, services);
    const ground = await layGround(settings, undefined, options);
    assert.equal(ground.settings, settings);
    assert.equal(ground.atlas, atlas);
    assert.equal(ground.areas.size, 2);
    assert.deepEqual(options.loads, [undefined]);
    assert.deepEqual(options.log.lines, ['info geo.loaded']);
    assert.deepEqual(options.log.fields[0], {
      source: 'test data',
      ageDays: 0,
      attribution: 'made up',
    });
  });

  test('warns of data that is older than two months', async () => {
    const options = laying({ ...atlas, dataDate: millis(noon - 61 * 86_400_000) });
    await layGround(settingsWith(), undefined, options);
    assert.deepEqual(options.log.lines, ['warn geo.loaded']);
    assert.equal(options.log.fields[0]?.['ageDays'], 61);
  });

  test('without data still has a map, in which everyone gets the configured order', async () => {
    const options = laying(missing);
    const ground = await layGround(settingsWith(), undefined, options);
    assert.equal(ground.atlas, undefined);
    const [map] = ground.areas.values();
    assert.ok(map);
    const [service] = ground.settings.services.values();
    const classes = classesOf(map, service as Service, ground.settings.regions);
    assert.deepEqual(classes.at(0).tiers.flat(), ['ash', 'elm']);
    assert.deepEqual(options.log.lines, ['error geo.unavailable']);
    assert.deepEqual(options.log.fields[0], { reason: 'no such file', isLastKept: false });
  });

  test('of many ranges is laid with pauses, so that queries are answered meanwhile', async () => {
    const builder = new RangeBuilder(4);
    for (let i = 0; i < 40_000; i++) builder.append(i * 0x10000, 0, i % 2);
    const many: Atlas = { ...atlas, ranges: { v4: builder.finish(), v6: atlas.ranges.v6 } };
    const options = laying(many);
    await layGround(settingsWith(), undefined, options);
    assert.ok(options.pauses >= 2, `${options.pauses} pauses`);
  });
});

describe('a later ground', () => {
  test('takes over data that comes along with the program, and maps that still fit', async () => {
    const options = laying();
    const first = await layGround(settingsWith(), undefined, options);
    const ttl = { stable: 5, short: 5 } as never;
    const next = settingsWith(undefined, [aService({ regions, ttl })]);
    const second = await layGround(next, first, options);
    assert.equal(options.loads.length, 1);
    assert.deepEqual([...second.areas.values()], [...first.areas.values()]);
    assert.equal([...second.areas.values()][0], [...first.areas.values()][0]);
    assert.equal(second.settings, next);
  });

  test('compiles anew what sees other geography', async () => {
    const options = laying();
    const first = await layGround(settingsWith(), undefined, options);
    const reversed = settingsWith(undefined, [aService({ regions: regions.toReversed() })]);
    const second = await layGround(reversed, first, options);
    assert.equal(second.areas.size, 1);
    assert.notEqual([...second.areas.values()][0], [...first.areas.values()][0]);
  });

  test("reads an operator's own file each time, and the shipped data when that is taken away", async () => {
    const options = laying();
    const first = await layGround(settingsWith('a.mmdb'), undefined, options);
    const second = await layGround(settingsWith('a.mmdb'), first, options);
    await layGround(settingsWith(), second, options);
    assert.deepEqual(options.loads, ['a.mmdb', 'a.mmdb', undefined]);
    assert.notEqual([...second.areas.values()][0], [...first.areas.values()][0]);
  });

  test('keeps the last data when the new cannot be used, and says so', async () => {
    const options = laying();
    const first = await layGround(settingsWith(), undefined, options);
    options.found = missing;
    const second = await layGround(settingsWith('gone.mmdb'), first, options);
    assert.equal(second.atlas, atlas);
    assert.deepEqual(options.log.lines, ['info geo.loaded', 'error geo.unavailable']);
    assert.deepEqual(options.log.fields[1], { reason: 'no such file', isLastKept: true });
  });

  test('tries again when the first had no data', async () => {
    const options = laying(missing);
    const first = await layGround(settingsWith(), undefined, options);
    options.found = atlas;
    const second = await layGround(settingsWith(), first, options);
    assert.equal(second.atlas, atlas);
  });
});

describe('autonomous systems', () => {
  const rule = {
    networks: [],
    asns: [64_500],
    countries: [],
    prefer: regions.slice(1).map(({ id }) => id),
  };
  const services = [aService({ regions, steps: [{ kind: 'rules', rules: [rule] }] })];
  const settings = aSettings({ regions, services, geo: { mmdb: undefined, asn: 'asn.mmdb' } });
  const firstAt = ({ areas }: Groundwork, ip: string): string | undefined => {
    const [map] = areas.values();
    const [service] = services;
    if (map === undefined || service === undefined) return undefined;
    const classes = classesOf(map, service, settings.regions);
    return classes.at(valueOf(map.ranges, anIp(ip))).tiers[0]?.[0];
  };

  test('are looked up where a policy names some, and only those', async () => {
    const options = laying();
    const ground = await layGround(settings, undefined, options);
    assert.deepEqual(options.loads, [undefined, 'asn.mmdb']);
    assert.deepEqual(options.wanted, [[64_500]]);
    assert.equal(firstAt(ground, '8.8.8.8'), 'elm');
    assert.equal(firstAt(ground, '9.9.9.9'), 'ash');
    const idle = laying();
    await layGround({ ...settingsWith(), geo: settings.geo }, undefined, idle);
    assert.deepEqual(idle.wanted, []);
  });

  test('are read again each time, and stay when the file cannot be read', async () => {
    const options = laying();
    const first = await layGround(settings, undefined, options);
    options.asns = missing;
    const second = await layGround(settings, first, options);
    assert.equal(options.wanted.length, 2);
    assert.equal(firstAt(second, '8.8.8.8'), 'elm');
    assert.deepEqual(options.log.fields.at(-1), { reason: 'no such file', isLastKept: true });
    const none = laying();
    none.asns = missing;
    assert.equal(firstAt(await layGround(settings, undefined, none), '8.8.8.8'), 'ash');
  });
});

describe('ground that is kept', () => {
  /** What was saved, as a disk gives it back. */
  function createTables(): TableCache & { stamps: string | undefined; saves: number } {
    let kept = new Map<string, object>();
    const tables = {
      stamps: 'data of May' as string | undefined,
      saves: 0,
      stamp: async () => tables.stamps,
      load: async (keys: readonly string[]) =>
        new Map(keys.flatMap((key) => (kept.has(key) ? [[key, kept.get(key)] as const] : []))),
      save(values: ReadonlyMap<string, () => object>) {
        tables.saves++;
        kept = new Map(Array.from(values, ([key, value]) => [key, structuredClone(value())]));
      },
    };
    return tables;
  }

  const services = [
    aService({ name: 'www', regions }),
    aService({ name: 'spread', regions, steps: [{ kind: 'weight' }] }),
  ];

  test('is taken over at the next start, equal and without reading or compiling anything', async () => {
    const tables = createTables();
    const same = settingsWith(undefined, services);
    const { zones: _own, ...first } = await layGround(same, undefined, { ...laying(), tables });
    const options = { ...laying(missing), tables };
    const { zones: _other, ...second } = await layGround(same, undefined, options);
    assert.deepEqual(options.loads, []);
    assert.deepEqual(second, first);
    assert.deepEqual(options.log.lines, ['info geo.loaded']);
  });

  test('counts as far as it is kept: a new map is compiled from the atlas on disk', async () => {
    const tables = createTables();
    await layGround(settingsWith(), undefined, { ...laying(), tables });
    const options = { ...laying(missing), tables };
    const ground = await layGround(settingsWith(undefined, services), undefined, options);
    const fresh = await layGround(settingsWith(undefined, services), undefined, laying());
    assert.deepEqual(options.loads, []);
    assert.deepEqual(ground.areas, fresh.areas);
  });

  test('counts no more once its data, or the systems that policies name, are others', async () => {
    const tables = createTables();
    await layGround(settingsWith('a.mmdb'), undefined, { ...laying(), tables });
    tables.stamps = 'data of June';
    const options = { ...laying(), tables };
    await layGround(settingsWith('a.mmdb'), undefined, options);
    assert.deepEqual(options.loads, ['a.mmdb']);
    const unknown = { ...laying(), tables };
    tables.stamps = undefined;
    const saves = tables.saves;
    await layGround(settingsWith('a.mmdb'), undefined, unknown);
    assert.deepEqual(unknown.loads, ['a.mmdb']);
    assert.equal(tables.saves, saves, 'what cannot be told apart is not kept');
  });

  test('is not the ground of data that could not be read', async () => {
    const tables = createTables();
    const first = await layGround(settingsWith('a.mmdb'), undefined, laying());
    await layGround(settingsWith('b.mmdb'), first, { ...laying(missing), tables });
    assert.equal(tables.saves, 0);
  });

  test('is thrown away where it is not what was saved', async () => {
    const tables = createTables();
    await layGround(settingsWith(), undefined, { ...laying(), tables });
    tables.load = async (keys) => new Map(keys.map((key) => [key, { ranges: 7, size: -1 }]));
    const options = { ...laying(), tables };
    const ground = await layGround(settingsWith(), undefined, options);
    assert.equal(ground.atlas, atlas);
    assert.deepEqual(options.loads, [undefined]);
  });
});
