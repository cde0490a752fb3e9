// Random fleets and clients for fast-check: few addresses and places, so that they often meet.

import fc from 'fast-check';
import type { Client } from '../../src/model/decision.ts';
import { openRecovery } from '../../src/health/recover.ts';
import type { Recovery, RegionHealth } from '../../src/model/health.ts';
import {
  formatPrefix,
  type Ip,
  ipv4,
  ipv6,
  maskIp,
  type Prefix,
  specialBlocks,
  widthOf,
} from '../../src/model/ip.ts';
import type { LatencyRow } from '../../src/model/latency.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import type { Override } from '../../src/model/override.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { Service, SteeringRule, StepSettings } from '../../src/model/settings.ts';
import { millis, seconds } from '../../src/model/time.ts';
import type { Floor } from '../../src/steering/floor.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { anAtlas, type Entry, type System } from './atlas.ts';
import {
  aLoad,
  anIp,
  aName,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  someLoadSettings,
  upHealth,
} from './fleet.ts';

const ids = ['ash', 'birch', 'cedar', 'elm', 'fir', 'hazel', 'larch', 'oak'];
const countries = ['DE', 'US', 'JP', 'BR'];
const subdivisions = countries.flatMap((country) => [`${country}-A`, `${country}-B`]);
const continents = ['EU', 'NA', 'AS'] as const;
const asns = [64_500, 64_501];
const standIn = [ipv4(0xc6336401), ipv6(0x20010db8, 0xffff, 0, 1)];

/** Addresses that random ones share their first bits with: public ones, special ones, the ends. */
const bases: readonly Ip[] = [
  '8.8.8.0',
  '81.2.69.0',
  '9.255.255.255',
  '223.255.255.255',
  '0.0.0.0',
  '255.255.255.255',
  '2001:470:1f0b::',
  '2a02:6b8::',
  '2001:db7:ffff:ffff::',
  '::',
  'ffff:ffff:ffff:ffff::',
].map(anIp);

const word = fc.integer({ min: 0, max: 0xffffffff });

/** Any address; most share a random number of bits with one of the bases or special blocks. */
export function arbitraryIp(family?: 4 | 6): fc.Arbitrary<Ip> {
  const near = [...bases, ...specialBlocks.map(({ ip }) => ip)].filter(
    (ip) => family === undefined || ip.family === family,
  );
  return fc
    .tuple(fc.constantFrom(...near), fc.array(word, { minLength: 4, maxLength: 4 }), fc.nat(128))
    .map(([base, [a = 0, b = 0, c = 0, d = 0], bits]) => {
      const other = base.family === 4 ? ipv4(a) : ipv6(a, b, c, d);
      return splice(base, other, bits % (widthOf(base.family) + 1));
    });
}

/** The first bits of one address and the rest of another. */
export function splice(first: Ip, rest: Ip, bits: number): Ip {
  const kept = maskIp(first, bits);
  const dropped = maskIp(rest, bits);
  const join = (part: 'a' | 'b' | 'c' | 'd'): number =>
    (kept[part] | (rest[part] ^ dropped[part])) >>> 0;
  return { family: first.family, a: join('a'), b: join('b'), c: join('c'), d: join('d') };
}

export function arbitraryPrefix(longest6: number): fc.Arbitrary<Prefix> {
  return fc.tuple(arbitraryIp(), fc.nat(128)).map(([ip, n]) => {
    const length = n % ((ip.family === 4 ? 32 : longest6) + 1);
    return { ip: maskIp(ip, length), length };
  });
}

/** A resolver, a peer or a named address, with or without a client subnet. */
export function arbitraryClient(): fc.Arbitrary<Client> {
  const usual = arbitraryIp().map((ip): Prefix => {
    const length = ip.family === 4 ? 24 : 56;
    return { ip: maskIp(ip, length), length };
  });
  return fc.record({
    address: arbitraryIp(),
    origin: fc.constantFrom('resolver', 'peer', 'given'),
    subnet: fc.oneof(fc.constant(undefined), usual, arbitraryPrefix(128)),
  });
}

export function arbitraryCoordinates(): fc.Arbitrary<{ latitude: number; longitude: number }> {
  // A coarse grid, so that two places are sometimes one and distances sometimes equal.
  return fc.record({
    latitude: fc.integer({ min: -6, max: 6 }).map((n) => n * 15),
    longitude: fc.integer({ min: -12, max: 12 }).map((n) => n * 15),
  });
}

export function arbitraryRegions(minLength = 1): fc.Arbitrary<Region[]> {
  const facts = fc.tuple(
    arbitraryCoordinates(),
    fc.constantFrom(0, 1, 30, 100, 1000),
    fc.constantFrom(0, 0, 0, 40, -40, 99, -99),
    fc.constantFrom(undefined, {}, { connections: 500 }),
  );
  return fc.array(facts, { minLength, maxLength: ids.length }).map((rows) =>
    rows.map(([coordinates, weight, bias, load], i) =>
      aRegion(ids[i] as string, {
        ...coordinates,
        weight,
        bias,
        load: load && someLoadSettings(load),
        country: countries[i % countries.length] as string,
        ipv4: [ipv4(0xc0000201 + i)],
        ipv6: [ipv6(0x20010db8, i + 1, 0, 1)],
      }),
    ),
  );
}

/** Some of a fleet's regions, in any order. */
function some(regions: readonly Region[], minLength = 1): fc.Arbitrary<RegionId[]> {
  return fc.shuffledSubarray(
    regions.map(({ id }) => id),
    { minLength },
  );
}

const areas = {
  continents: fc.subarray([...continents], { maxLength: 1 }),
  countries: fc.subarray(countries, { maxLength: 2 }),
  subdivisions: fc.subarray(subdivisions, { maxLength: 2 }),
};

export function arbitraryRules(regions: readonly Region[]): fc.Arbitrary<SteeringRule[]> {
  const rule = fc.record({
    networks: fc.array(arbitraryPrefix(128), { maxLength: 3 }),
    asns: fc.subarray(asns, { maxLength: 1 }),
    ...areas,
    prefer: some(regions),
  });
  return fc.array(rule, { maxLength: 4 });
}

function arbitraryFences(regions: readonly Region[]): fc.Arbitrary<StepSettings> {
  const fence = fc.record({ ...areas, regions: some(regions) });
  return fc.array(fence, { maxLength: 3 }).map((fences) => ({ kind: 'fence', fences }));
}

function arbitraryMap(regions: readonly Region[]): fc.Arbitrary<StepSettings> {
  /** Groups of one or two, each region once. */
  const list = some(regions).map((all) =>
    all.flatMap((id, i) => (i % 3 === 2 ? [] : [i % 3 === 1 ? all.slice(i, i + 2) : [id]])),
  );
  const byCode = (codes: readonly string[]) =>
    fc.uniqueArray(fc.tuple(fc.constantFrom(...codes), list), {
      maxLength: 2,
      selector: ([code]) => code,
    });
  const cities = ['DE/Ulm', 'DE-A/Ulm', 'US-B/Ulm', 'BR/Ulm'];
  return (
    fc
      .record({
        cities: byCode(cities).map((all) => Object.fromEntries(all)),
        subdivisions: byCode(subdivisions).map((all) => Object.fromEntries(all)),
        countries: byCode(countries).map((all) => Object.fromEntries(all)),
        continents: byCode(continents).map((all) => Object.fromEntries(all)),
        standard: fc.oneof(fc.constant([]), list),
        only: fc.boolean(),
      })
      // A map of no area is refused, and one of nothing at all is drawn by where the regions are.
      .filter(
        (map) =>
          Object.keys({ ...map.cities, ...map.subdivisions, ...map.countries, ...map.continents })
            .length > 0,
      )
      .map((map) => ({ kind: 'geo-map', ...map }))
  );
}

function arbitraryLatency(regions: readonly Region[]): fc.Arbitrary<StepSettings> {
  const ms = some(regions, 0).chain((measured) =>
    fc
      .array(fc.constantFrom(5, 20, 21, 90), {
        minLength: measured.length,
        maxLength: measured.length,
      })
      .map((figures) => Object.fromEntries(measured.map((id, i) => [id, figures[i] as number]))),
  );
  const where = fc.oneof(
    arbitraryPrefix(64).map((network) => ({ area: formatPrefix(network), network })),
    fc.constantFrom(...asns).map((asn) => ({ area: `AS${asn}`, asn })),
    fc.constantFrom(...subdivisions).map((area) => ({ area, subdivisions: [area] })),
    fc.constantFrom(...countries).map((area) => ({ area, countries: [area] })),
    fc.constantFrom(...continents).map((area) => ({ area, continents: [area] })),
  );
  const row = fc.tuple(where, ms).map(([area, figures]): LatencyRow => ({ ...area, ms: figures }));
  const rows = fc.uniqueArray(row, { maxLength: 6, selector: ({ area }) => area });
  return fc
    .tuple(rows, fc.constantFrom(0, 0, 15))
    .map(([all, withinMs]) => ({ kind: 'latency', rows: all, withinMs }));
}

export function arbitrarySteps(regions: readonly Region[]): fc.Arbitrary<StepSettings[]> {
  const optional = (step: fc.Arbitrary<StepSettings>): fc.Arbitrary<StepSettings[]> =>
    fc.option(step, { nil: undefined }).map((given) => (given === undefined ? [] : [given]));
  return fc
    .tuple(
      optional(arbitraryFences(regions)),
      optional(arbitraryRules(regions).map((rules) => ({ kind: 'rules', rules }))),
      optional(arbitraryMap(regions)),
      optional(
        fc
          .shuffledSubarray(regions.map(({ id }) => [id]))
          .map((groups): StepSettings => ({ kind: 'priority', groups })),
      ),
      optional(arbitraryLatency(regions)),
      optional(arbitraryNearest()),
      optional(arbitraryFloor(regions).map((floor) => ({ kind: 'alive', floor }))),
      optional(
        fc
          .constantFrom<unknown[]>('fail-open', 'nodata', [standIn[0]], standIn)
          .map((answer) => ({ kind: 'last-resort', answer })),
      ),
      optional(
        fc
          .constantFrom(
            'weight',
            'least-load',
            'least-connections',
            'round-robin',
            'ip-hash',
            'consistent-hash',
          )
          .map((kind) => ({ kind })),
      ),
      optional(fc.integer({ min: 1, max: 4 }).map((count) => ({ kind: 'take', count }))),
    )
    .map((steps) => steps.flat());
}

export function arbitraryFloor(regions: readonly Region[]): fc.Arbitrary<Floor> {
  const below = fc.constantFrom<Floor['below'][]>('keep', 'keep', 'fail-open');
  const number = fc.integer({ min: 1, max: regions.length });
  return fc.oneof(
    fc.record({ least: number, unit: fc.constant<'regions'>('regions'), below }),
    fc.record({
      least: fc.constantFrom(1, 30, 50, 90, 100),
      unit: fc.constant<'percent'>('percent'),
      below,
    }),
  );
}

function arbitraryNearest(): fc.Arbitrary<StepSettings> {
  return fc
    .tuple(
      fc.constantFrom(0, 0, 500, 5000, 20_000),
      fc.constantFrom(undefined, undefined, 'distance', 'country', 'equal'),
    )
    .map(([withinKm, whenVague]) => ({
      kind: 'nearest',
      withinKm,
      ...(whenVague === undefined ? {} : { whenVague }),
    }));
}

/** Which networks belong to which autonomous systems, where anything is known of that. */
function arbitrarySystems(): fc.Arbitrary<System[] | undefined> {
  const system = fc.record({
    prefix: arbitraryPrefix(64).map(formatPrefix),
    asn: fc.constantFrom(...asns),
  });
  return fc.option(fc.array(system, { maxLength: 6 }), { nil: undefined, freq: 4 });
}

export function arbitraryEntries(): fc.Arbitrary<Entry[]> {
  const entry = fc
    .tuple(
      arbitraryPrefix(64),
      arbitraryCoordinates(),
      fc.constantFrom('', ...countries),
      fc.constantFrom(5, 100, 1000),
      fc.constantFrom('', 'A', 'B'),
      fc.constantFrom('', 'Ulm'),
    )
    .map(
      ([prefix, { latitude, longitude }, country, radius, subdivision, city]): Entry => ({
        prefix: formatPrefix(prefix),
        country,
        lat: latitude,
        lon: longitude,
        radius,
        subdivision,
        city,
      }),
    );
  return fc.array(entry, { maxLength: 20 });
}

export function arbitraryHealth(): fc.Arbitrary<RegionHealth> {
  const change = fc.record({
    isKept: fc.constantFrom(false, false, true),
    isSuspect: fc.constantFrom(false, false, true),
    since: fc.integer({ min: 0, max: 3600 }).map((span) => millis(noon - span * 1000)),
  });
  const verdicts = fc.constantFrom('up', 'up', 'up', 'up', 'down', 'down', 'unknown');
  return fc.tuple(verdicts, change, arbitraryRecovery()).map(([verdict, facts, recovery]) => {
    if (verdict === 'down') return downHealth(facts);
    return upHealth({ ...facts, verdict, ...(verdict === 'up' && { recovery }) });
  });
}

/** Never on its way, on its way with any share, or back lately. */
function arbitraryRecovery(): fc.Arbitrary<Recovery> {
  const share = fc.constantFrom(1, 1, 1, 0, 0.05, 0.25, 0.5, 0.5);
  return fc
    .tuple(share, fc.integer({ min: 1, max: 600 }), fc.boolean())
    .map(([of, span, isBack]) => {
      const since = millis(noon - span * 1000);
      if (of === 1) return isBack ? { ...openRecovery, since } : openRecovery;
      const stage = of === 0 ? 'holding' : 'half-open';
      return { ...openRecovery, stage, share: of, since, nextAt: millis(noon + span * 500) };
    });
}

/** Nothing is known of some; few are so busy that they pass clients on. */
function arbitraryLoad(): fc.Arbitrary<RegionLoad | undefined> {
  const facts = fc.record({
    share: fc.constantFrom(undefined, 0, 0.3, 0.5, 0.5, 0.99, 1, 2),
    connections: fc.constantFrom(undefined, 0, 10, 490, 500, 1000),
    shed: fc.constantFrom(0, 0, 0, 0, 0, 0, 0.1, 0.5, 0.95, 1),
  });
  return fc.option(facts.map(aLoad), { nil: undefined, freq: 2 });
}

/** On whole regions, on some within the first service, and on some of their addresses; a few drains are for a share. */
export function arbitraryOverrides(regions: readonly Region[]): fc.Arbitrary<Override[]> {
  const words = fc.record({
    kind: fc.constantFrom('drain', 'down', 'up'),
    end: fc.integer({ min: 1, max: 7200 }).map((span) => millis(noon + span * 1000)),
    share: fc.constantFrom(undefined, undefined, 0.05, 0.5),
  });
  const chosen = fc.tuple(
    fc.subarray([...regions]),
    fc.array(words, { minLength: ids.length, maxLength: ids.length }),
  );
  const partOf = (kind: number, region: Region): Partial<Override> => {
    if (kind === 1) return { service: aName('www') };
    const [endpoint] = kind === 2 ? region.ipv4 : kind === 3 ? region.ipv6 : [];
    return endpoint === undefined ? {} : { endpoint };
  };
  return fc.tuple(chosen, chosen, chosen, chosen).map((kinds) =>
    kinds.flatMap(([spoken, changes], kind) =>
      spoken.map((region, i) => {
        const { share, ...change } = changes[i] as (typeof changes)[number];
        const part = partOf(kind, region);
        const isShared = share !== undefined && change.kind === 'drain' && !part.endpoint;
        return anOverride(region.id, { ...change, ...part, ...(isShared && { share }) });
      }),
    ),
  );
}

export function arbitraryServices(regions: readonly Region[]): fc.Arbitrary<Service[]> {
  const facts = fc.record({
    steps: arbitrarySteps(regions),
    usesSubnet: fc.constantFrom(true, true, true, false),
    ttl: fc.constantFrom(
      { stable: seconds(30), short: seconds(10) },
      { stable: seconds(1), short: seconds(1) },
      { stable: seconds(3600), short: seconds(300) },
    ),
  });
  return fc
    .array(facts, { minLength: 1, maxLength: 2 })
    .map((rows) =>
      rows.map((row, i) => aService({ name: i === 0 ? 'www' : 'api', regions, ...row })),
    );
}

/** Of one kind each, whose fleets have few reasons to answer as they do: all calm, all returning, all dead. */
export function narrowHealths(): fc.Arbitrary<RegionHealth>[] {
  const since = millis(noon - 3_600_000);
  return [
    fc.constant(upHealth({ since })),
    arbitraryRecovery().map((recovery) => upHealth({ since, recovery })),
    fc.constant(downHealth({ since })),
  ];
}

/** A fleet in any state: one or two services over the same regions, sometimes without an atlas. */
export function arbitrarySnapshot(health = arbitraryHealth()): fc.Arbitrary<Snapshot> {
  return arbitraryRegions().chain((regions) =>
    fc
      .record({
        services: arbitraryServices(regions),
        entries: fc.option(arbitraryEntries(), { nil: undefined, freq: 9 }),
        systems: arbitrarySystems(),
        states: fc.array(health, { minLength: ids.length, maxLength: ids.length }),
        overrides: fc.oneof(fc.constant([]), arbitraryOverrides(regions)),
        busy: fc.oneof(
          fc.constant([]),
          fc.array(arbitraryLoad(), { minLength: ids.length, maxLength: ids.length }),
        ),
      })
      .map(({ services, entries, systems, states, overrides, busy }) => {
        const atlas = entries === undefined ? undefined : anAtlas(entries, systems);
        const pairs = regions.map(({ id }, i) => [id, states[i] as RegionHealth] as const);
        const found = Object.fromEntries(pairs);
        const loads = Object.fromEntries(
          regions.flatMap(({ id }, i) => (busy[i] === undefined ? [] : [[id, busy[i]] as const])),
        );
        const facts = { health: found, overrides, loads };
        const snapshot = aSnapshot({ regions, services, atlas, ...facts });
        // A counterexample is told by what it was made from, without its tables.
        const made = (): string => fc.stringify({ regions, services, entries, systems, ...facts });
        return { ...snapshot, [fc.toStringMethod]: made };
      }),
  );
}
