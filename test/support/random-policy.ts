// Random policies as operators write them, made from the shapes of the steps: a new kind of step comes in by itself.

import fc from 'fast-check';
import type { RegionHealth } from '../../src/model/health.ts';
import { formatIp, formatPrefix } from '../../src/model/ip.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { regionIdPattern } from '../../src/shape.ts';
import { stepKinds } from '../../src/steering/chain.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import type { StepKind, StepReader } from '../../src/steering/step.ts';
import { anAtlas } from './atlas.ts';
import { type ConfigText, settingsOf } from './config.ts';
import { aSnapshot, noon } from './fleet.ts';
import {
  arbitraryEntries,
  arbitraryHealth,
  arbitraryOverrides,
  arbitraryPrefix,
  arbitraryRegions,
} from './random-fleet.ts';

/** As far as shapes of steps say anything that matters here. */
interface Shape {
  readonly type?: string;
  readonly const?: string;
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** A policy: each step under its word. */
export type Written = readonly Readonly<Record<string, unknown>>[];

/** The table that a `file` names; tests say what stands in it. */
export const tableName = 'table.csv';

const countries = ['DE', 'US', 'JP', 'BR'];
const subdivisions = ['DE-A', 'DE-B', 'US-A', 'JP-B'];

/** What shapes leave open, by the word that it stands behind. */
const words: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  networks: arbitraryPrefix(64).map(formatPrefix),
  asns: fc.constantFrom(64_500, 64_501),
  countries: fc.constantFrom(...countries),
  subdivisions: fc.constantFrom(...subdivisions),
  continents: fc.constantFrom('EU', 'NA', 'AS'),
  cities: fc.constantFrom('DE/Ulm', 'DE-A/Ulm', 'US-B/Ulm', 'BR/Ulm'),
  file: fc.constant(tableName),
  ipv4: fc.constantFrom('198.51.100.1', '198.51.100.2'),
  ipv6: fc.constantFrom('2001:db8:ffff::1', '2001:db8:ffff::2'),
};

/** Any chain over these regions that would be accepted; `without` leaves out steps by their word. */
export function arbitraryPolicy(
  regions: readonly RegionId[],
  without: readonly string[] = [],
): fc.Arbitrary<Written> {
  const kinds = stepKinds.filter(({ kind }) => !without.includes(kind));
  const steps = kinds.map((kind) =>
    fc.option(
      ofShape(kind.shape, regions)
        .filter((written) => isAccepted(kind, written, regions))
        .map((written) => [{ [kind.kind]: written }]),
      { nil: [], freq: 2 },
    ),
  );
  return fc.tuple(...steps).map((all) => all.flat());
}

/** What the shape allows; `word` is what it stands behind. */
function ofShape(shape: Shape, regions: readonly RegionId[], word = ''): fc.Arbitrary<unknown> {
  const { properties, patternProperties, items, required = [] } = shape;
  if (properties !== undefined) {
    const entries = Object.entries(properties).map(
      ([key, of]) => [key, ofShape(of, regions, key)] as const,
    );
    return fc.record(Object.fromEntries(entries), { requiredKeys: [...required] });
  }
  if (patternProperties !== undefined) {
    const [of = {}] = Object.values(patternProperties);
    const pair = fc.tuple(words[word] ?? fc.string(), ofShape(of, regions));
    const pairs = fc.uniqueArray(pair, { maxLength: 2, selector: ([key]) => key });
    return pairs.map((all) => Object.fromEntries(all));
  }
  if (items !== undefined) {
    const each = ofShape(items, regions, word);
    const bounds = { minLength: shape.minItems ?? 0, maxLength: 3 };
    return fc.uniqueArray(each, { ...bounds, selector: (one) => JSON.stringify(one) });
  }
  if (shape.anyOf !== undefined && words[word] === undefined) {
    return fc.oneof(...shape.anyOf.map((one) => ofShape(one, regions, word)));
  }
  return ofPlain(shape, regions, word);
}

function ofPlain(
  { type, const: only, pattern, minimum = 0, maximum = 100 }: Shape,
  regions: readonly RegionId[],
  word: string,
): fc.Arbitrary<unknown> {
  if (only !== undefined) return fc.constant(only);
  if (pattern === regionIdPattern) return fc.constantFrom(...regions);
  const known = words[word];
  if (known !== undefined) return known;
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'integer' || type === 'number') {
    const near = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 4) });
    return fc.oneof(near, fc.integer({ min: minimum, max: maximum }));
  }
  return pattern === undefined ? fc.string() : fc.stringMatching(new RegExp(pattern));
}

/** True for settings of a step in which its own reader finds nothing wrong. */
function isAccepted(kind: StepKind, written: unknown, regions: readonly RegionId[]): boolean {
  let isFine = true;
  const refuse = (): void => void (isFine = false);
  const region = (text: string): RegionId => {
    if (!regions.includes(text as RegionId)) refuse();
    return text as RegionId;
  };
  const reader: StepReader = {
    regions,
    refuse,
    prefixes: () => [],
    asns: () => undefined,
    region,
    regionsIn(texts) {
      if (new Set(texts).size < texts.length) refuse();
      return texts.map(region);
    },
    latencies: () => [],
  };
  kind.read(written, reader);
  return isFine;
}

/** Anything that may be known of how busy regions are. */
function arbitraryLoads(ids: readonly string[]): fc.Arbitrary<Record<string, RegionLoad>> {
  const load: fc.Arbitrary<RegionLoad> = fc.record({
    share: fc.constantFrom(undefined, 0, 0.3, 0.7, 0.95, 1.4),
    connections: fc.constantFrom(undefined, 0, 10, 500),
    at: fc.integer({ min: 0, max: 60 }).map((span) => millis(noon - span * 1000)),
    shed: fc.constantFrom(0, 0, 0.05, 0.5, 1),
  });
  return fc.dictionary(fc.constantFrom(...ids), load);
}

/** A fleet whose policy was read from a configuration, in any state. */
export function arbitraryWrittenFleet(): fc.Arbitrary<Snapshot> {
  return arbitraryRegions().chain((regions) => {
    const ids = regions.map(({ id }) => id);
    return fc
      .record({
        policy: arbitraryPolicy(ids),
        entries: fc.option(arbitraryEntries(), { nil: undefined, freq: 9 }),
        states: fc.array(arbitraryHealth(), { minLength: ids.length, maxLength: ids.length }),
        overrides: fc.oneof(fc.constant([]), arbitraryOverrides(regions)),
        loads: arbitraryLoads(ids),
      })
      .map(({ policy, entries, states, overrides, loads }) => {
        const { tables, ...text } = textOf(policy, regions);
        const table = { [tableName]: { text: tables[tableName] } };
        const settings = settingsOf({ ...text, tables: table });
        const health = Object.fromEntries(ids.map((id, i) => [id, states[i] as RegionHealth]));
        const snapshot = aSnapshot({
          regions: [...settings.regions.values()],
          services: [...settings.services.values()],
          atlas: entries && anAtlas(entries, systems),
          settings,
          health,
          overrides,
          loads,
        });
        // A counterexample is told by what it was made from, without its tables.
        const made = (): string =>
          fc.stringify({ regions, policy, entries, health, overrides, loads });
        return { ...snapshot, [fc.toStringMethod]: made };
      });
  });
}

/** The files of a fleet with any policy. */
export function arbitraryFleetText(): fc.Arbitrary<FleetText> {
  return arbitraryRegions().chain((regions) =>
    arbitraryPolicy(regions.map(({ id }) => id)).map((policy) => textOf(policy, regions)),
  );
}

const systems = [
  { prefix: '8.8.0.0/16', asn: 64_500 },
  { prefix: '2a02:600::/24', asn: 64_501 },
];

interface FleetText extends Required<Pick<ConfigText, 'main' | 'regions'>> {
  readonly tables: Readonly<Record<typeof tableName, string>>;
}

/** The files of a fleet with one service. */
function textOf(policy: Written, regions: readonly Region[]): FleetText {
  const service = { name: 'www', regions: regions.map(({ id }) => id), policy };
  const main = {
    director: { id: 'director-1', region: regions[0]?.id },
    geo: { mmdb: 'city.mmdb', asn: 'asn.mmdb' },
    dns: { explainTo: ['0.0.0.0/0', '::/0'] },
    zones: [{ name: 'example.test', nameservers: ['ns.example.net'], services: [service] }],
  };
  const files = regions.map(
    ({ id, coordinates, country, weight, bias, ipv4, ipv6 }) =>
      [
        id,
        JSON.stringify({
          title: id,
          ...coordinates,
          country,
          weight,
          bias,
          ipv4: ipv4.map(formatIp),
          ipv6: ipv6.map(formatIp),
        }),
      ] as const,
  );
  const rows = [
    'DE,0,20',
    'DE,1,5',
    'continent:EU,1,90',
    'US-A,0,7',
    'AS64500,1,3',
    '8.8.8.0/24,2,1',
  ].flatMap((row) => {
    const [area, at, ms] = row.split(',');
    const id = regions[Number(at)]?.id;
    return id === undefined ? [] : [`${area},${id},${ms}`];
  });
  const table = ['area,region,ms', ...rows].join('\n');
  return {
    main: JSON.stringify(main),
    regions: Object.fromEntries(files),
    tables: { [tableName]: table },
  };
}
