// Step `geo-map`: each area of the world has its own list of regions, the most specific area's first.

import type { Static, TSchema } from 'typebox';
import { type Continent, continentOf, continents } from '../../model/continent.ts';
import type { Departure, Tiers } from '../../model/decision.ts';
import type { Place } from '../../model/place.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { Type } from '../../schema.ts';
import { block, list, regionId } from '../../shape.ts';
import { AreaBook, countryPattern, refuseUnknownCountry, subdivisionPattern } from '../areas.ts';
import {
  filterTiers,
  type OrderingStep,
  type StepContext,
  type StepReader,
  stepKind,
} from '../step.ts';
import { describeOrder } from '../words.ts';

const group = list(regionId, 'a list of at least one region', 1);
const targets = list(
  Type.Union([regionId, group], { description: 'a region or a list of equally good regions' }),
  'a list of regions, or of lists of equally good ones',
  1,
);

function byCode<T extends TSchema>(of: T, wish: string) {
  return Type.Optional(Type.Record(Type.String(), of, { description: wish }));
}

const shape = block({
  cities: byCode(targets, 'lists of regions by country or subdivision and city'),
  subdivisions: byCode(targets, 'lists of regions by subdivision'),
  countries: byCode(targets, 'lists of regions by country'),
  continents: byCode(targets, 'lists of regions by continent'),
  default: Type.Optional(targets),
  only: Type.Optional(Type.Boolean({ description: 'true or false' })),
});

type Written = Static<typeof shape>;

/** Groups of regions, best first, by the code of an area. */
type Lists = Readonly<Record<string, Tiers>>;

export interface GeoMap {
  /** By country or subdivision and GeoIP's name of the city, such as `US-CA/San Francisco`. */
  readonly cities: Lists;
  readonly subdivisions: Lists;
  readonly countries: Lists;
  readonly continents: Lists;
  readonly standard: Tiers;
  /** Regions in none of a client's lists are out of the race. */
  readonly only: boolean;
}

const levels = ['cities', 'subdivisions', 'countries', 'continents'] as const;

/** What the code of an area on each level looks like, in words and as a regular expression. */
const codes: Readonly<Record<(typeof levels)[number], readonly [pattern: RegExp, wish: string]>> = {
  cities: [
    /^[A-Z]{2}(-[A-Z0-9]{1,3})?\/\S.*$/,
    'a country or subdivision, a slash and a city, such as US-CA/San Francisco',
  ],
  subdivisions: [new RegExp(subdivisionPattern), 'a subdivision such as US-CA (ISO 3166-2)'],
  countries: [new RegExp(countryPattern), 'two capital letters (ISO 3166-1)'],
  continents: [
    new RegExp(`^(${Object.keys(continents).join('|')})$`),
    'AF, AN, AS, EU, NA, OC or SA',
  ],
};

export const geoMapStep = stepKind({
  kind: 'geo-map',
  shape,
  read,
  prepare: (map, context) => prepareGeoMap(isEmpty(map) ? mapOwn(context) : map),
});

function read(written: Written, reader: StepReader): GeoMap {
  const isBare = Object.keys(written).length === 0;
  if (!isBare && levels.every((level) => Object.keys(written[level] ?? {}).length === 0)) {
    reader.refuse([], 'maps nothing: give it cities, subdivisions, countries or continents');
  }
  if (written.only === true && written.default === undefined) {
    reader.refuse(['only'], 'needs a default, for clients of whom no area is mapped');
  }
  const listsOn = (level: (typeof levels)[number]): Lists => {
    const [pattern, wish] = codes[level];
    const entries = Object.entries(written[level] ?? {}).map(([code, of]) => {
      const at = [level, code];
      if (!pattern.test(code)) reader.refuse(at, `want ${wish}`);
      else if (level !== 'continents') refuseUnknownCountry(code.slice(0, 2), at, reader);
      return [code, readTargets(of, at, reader)] as const;
    });
    return Object.fromEntries(entries);
  };
  return {
    cities: listsOn('cities'),
    subdivisions: listsOn('subdivisions'),
    countries: listsOn('countries'),
    continents: listsOn('continents'),
    standard: readTargets(written.default ?? [], ['default'], reader),
    only: written.only ?? false,
  };
}

function readTargets(
  written: Static<typeof targets>,
  at: readonly (string | number)[],
  reader: StepReader,
): Tiers {
  const seen = new Set<string>();
  return written.map((target, i) => {
    const regions = typeof target === 'string' ? [target] : target;
    for (const region of regions) {
      if (seen.has(region)) reader.refuse([...at, i], `names ${region} a second time`);
      seen.add(region);
    }
    return typeof target === 'string'
      ? [reader.region(target, [...at, i])]
      : reader.regionsIn(target, [...at, i]);
  });
}

function isEmpty(map: GeoMap): boolean {
  return levels.every((level) => Object.keys(map[level]).length === 0);
}

/** The map of whoever draws none: a client's country first, then its continent, by where the regions are. */
function mapOwn({ service, regions }: Pick<StepContext, 'service' | 'regions'>): GeoMap {
  const own = service.regions.flatMap((id) => regions.get(id) ?? []);
  const listsBy = (codeOf: (region: Region) => string | undefined): Lists => {
    const byArea = Map.groupBy(own, (region) => codeOf(region) ?? '');
    byArea.delete('');
    return Object.fromEntries(
      Array.from(byArea, ([code, there]): [string, Tiers] => [code, [there.map(({ id }) => id)]]),
    );
  };
  return {
    cities: {},
    subdivisions: {},
    countries: listsBy(({ country }) => country),
    continents: listsBy(({ country }) => continentOf(country)),
    standard: [],
    only: false,
  };
}

/** What is mapped for a client: the areas that are, and in which order their regions come. */
interface Found {
  readonly areas: readonly string[];
  readonly groups: Tiers;
  readonly rankOf: ReadonlyMap<RegionId, number>;
}

/**
 * A region stands where the most specific of the client's lists puts it. Regions of no list come last
 * as equals, or leave under `only`, as long as one of the listed ones is a candidate: a map must not
 * leave a client without an answer.
 */
export function prepareGeoMap(map: GeoMap): OrderingStep {
  const book = bookOf(map);
  const cityCountries = new Set(Object.keys(map.cities).map((code) => code.slice(0, 2)));
  const known = new Map<string, Found>();
  const find = (place: Place | undefined): Found => {
    const areas: string[] = [];
    const lists: Tiers[] = [];
    const isCityAsked = place !== undefined && cityCountries.has(place.country);
    for (const code of isCityAsked ? citiesOf(place) : []) {
      const own = Object.hasOwn(map.cities, code) ? map.cities[code] : undefined;
      if (own === undefined) continue;
      areas.push(code);
      lists.push(own);
    }
    for (const { of, area } of place === undefined ? [] : book.findAll(place)) {
      areas.push(area);
      lists.push(of);
    }
    const key = areas.join(', ');
    const found = known.get(key) ?? rank(areas, [...lists, map.standard].flat());
    known.set(key, found);
    return found;
  };
  return {
    name: 'geo-map',
    isIndependent: !map.only,
    detail: { countries: new Set([...book.detailed, ...cityCountries]) },
    apply(tiers, { place }, left?: Departure[]): Tiers {
      const found = find(place);
      const { rankOf } = found;
      const isAnyListed = tiers.some((tier) => tier.some((id) => rankOf.has(id)));
      if (!isAnyListed) return tiers;
      const ranked = tiers.flatMap((tier) => byRank(tier, found));
      if (!map.only) return ranked;
      return filterTiers(ranked, (region) => {
        if (rankOf.has(region)) return true;
        left?.push({ region, code: 'not-mapped', detail: 'no list for this client names it' });
        return false;
      });
    },
    describe(_before, after, { place }): string {
      const { areas, groups } = find(place);
      if (groups.length === 0) return 'nothing is mapped for this client';
      const by = areas.length === 0 ? 'by the default alone' : `mapped by ${areas.join(', then ')}`;
      return `${by}: ${describeOrder(after)}`;
    },
  };
}

/** A tier as tiers: whoever stands in no list comes last. */
function byRank(tier: readonly RegionId[], { groups, rankOf }: Found): Tiers {
  const ranks: RegionId[][] = [];
  for (const id of tier) (ranks[rankOf.get(id) ?? groups.length] ??= []).push(id);
  return ranks.filter((regions) => regions !== undefined);
}

/** The ways to write a place's city, the more specific first. */
function citiesOf({ country, subdivision, city }: Place): string[] {
  return [`${country}-${subdivision}/${city}`, `${country}/${city}`];
}

function bookOf(map: GeoMap): AreaBook<Tiers> {
  const book = new AreaBook<Tiers>();
  for (const [code, of] of Object.entries(map.subdivisions)) book.add({ subdivisions: [code] }, of);
  for (const [code, of] of Object.entries(map.countries)) book.add({ countries: [code] }, of);
  for (const [code, of] of Object.entries(map.continents)) {
    book.add({ continents: [code as Continent] }, of);
  }
  return book;
}

function rank(areas: readonly string[], groups: Tiers): Found {
  const rankOf = new Map<RegionId, number>();
  for (const [i, regions] of groups.entries()) {
    for (const id of regions) if (!rankOf.has(id)) rankOf.set(id, i);
  }
  return { areas, groups, rankOf };
}
