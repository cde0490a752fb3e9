// Geography worked out address by address, without tables: slow, to compare the compiled map with.

import { type Atlas, placeOf } from '../../src/model/atlas.ts';
import { continentOf } from '../../src/model/continent.ts';
import {
  type Ip,
  ipv4,
  ipv6,
  isWithin,
  maskIp,
  type Prefix,
  specialBlockOf,
} from '../../src/model/ip.ts';
import type { LatencyRow } from '../../src/model/latency.ts';
import { distanceKm, type Place } from '../../src/model/place.ts';
import { valueOf } from '../../src/model/ranges.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { Service, SteeringRule, StepSettings } from '../../src/model/settings.ts';
import type { Areas } from '../../src/steering/areas.ts';
import type { Fence } from '../../src/steering/steps/fence.ts';
import type { GeoMap } from '../../src/steering/steps/geo-map.ts';
import type { NearestSettings } from '../../src/steering/steps/nearest.ts';
import { rulesIn } from '../../src/steering/steps/rules.ts';

export interface NaiveFacts {
  /** The rule with the longest network around the address. */
  readonly rule: SteeringRule | undefined;
  readonly isSpecial: boolean;
}

/** The longest network or special block around an address; a rule beats an equal block. */
export function naiveFacts(ip: Ip, rules: readonly SteeringRule[]): NaiveFacts {
  const special = specialBlockOf(ip);
  let longest = special === undefined ? -1 : special.length - 0.5;
  let rule: SteeringRule | undefined;
  for (const candidate of rules) {
    for (const { ip: net, length } of candidate.networks) {
      if (!isAround({ ip: net, length }, ip) || length <= longest) continue;
      longest = length;
      rule = candidate;
    }
  }
  return { rule, isSpecial: rule === undefined && special !== undefined };
}

/** The order that a service's steps give an address, one after the other. */
export function naiveTiers(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
  atlas: Atlas | undefined,
  ip: Ip,
): RegionId[][] {
  const rules = rulesIn(service.steps);
  const facts = naiveFacts(ip, rules);
  const place = atlas === undefined || facts.isSpecial ? undefined : placeOf(atlas, ip);
  const asn = atlas?.asns === undefined || facts.isSpecial ? 0 : valueOf(atlas.asns, ip);
  const step = (kind: string): StepSettings | undefined =>
    service.steps.find((each) => each.kind === kind);
  const fences = (step('fence')?.['fences'] ?? []) as Fence[];
  const allowed = mostSpecific(fences, place)?.regions ?? service.regions;
  const inside = service.regions.filter((id) => allowed.includes(id));
  const rule =
    facts.rule ?? rules.find(({ asns }) => asns?.includes(asn)) ?? mostSpecific(rules, place);
  const preferred = (rule?.prefer ?? []).filter((id) => inside.includes(id));
  const mapped = naiveMap(step('geo-map') as (StepSettings & GeoMap) | undefined, place);
  const groups = (step('priority')?.['groups'] ?? []) as RegionId[][];
  const latency = step('latency');
  const row = latency && naiveRow(latency['rows'] as LatencyRow[], { ...facts, place, asn }, ip);
  const nearest = step('nearest') as (StepSettings & NearestSettings) | undefined;
  return [...preferred.map((id) => [id]), inside.filter((id) => !preferred.includes(id))]
    .flatMap((tier) => inGroups(tier, mapped.lists))
    .map((tier) => {
      const isMet = mapped.lists.flat().some((id) => inside.includes(id));
      return mapped.only && isMet ? tier.filter((id) => mapped.lists.flat().includes(id)) : tier;
    })
    .flatMap((tier) => inGroups(tier, groups))
    .flatMap((tier) => byMs(tier, row, latency?.['withinMs'] as number))
    .flatMap((tier) => (nearest === undefined ? [tier] : byNearest(tier, regions, place, nearest)))
    .filter((tier) => tier.length > 0);
}

/** Of what is said of areas, what is said of the smallest one around a place, first come first served. */
export function mostSpecific<T extends Areas>(
  all: readonly T[],
  place: Place | undefined,
): T | undefined {
  if (place === undefined) return undefined;
  const { country, subdivision } = place;
  const continent = continentOf(country) ?? '';
  return (
    all.find(({ subdivisions }) => subdivisions?.includes(`${country}-${subdivision}`)) ??
    all.find(({ countries }) => countries?.includes(country)) ??
    all.find(({ continents }) => continents?.some((code) => code === continent))
  );
}

/** The lists for a place, each region where it is named first. */
function naiveMap(
  map: GeoMap | undefined,
  place: Place | undefined,
): { lists: RegionId[][]; only: boolean } {
  if (map === undefined) return { lists: [], only: false };
  const { country = '', subdivision = '', city = '' } = place ?? {};
  const lists = [
    map.cities[`${country}-${subdivision}/${city}`],
    map.cities[`${country}/${city}`],
    map.subdivisions[`${country}-${subdivision}`],
    map.countries[country],
    map.continents[continentOf(country) ?? ''],
    map.standard,
  ].flatMap((list) => list ?? []);
  const named: RegionId[] = [];
  const firsts = lists.map((group) => {
    const fresh = group.filter((id) => !named.includes(id));
    named.push(...fresh);
    return fresh;
  });
  return { lists: firsts, only: map.only };
}

function naiveRow(
  rows: readonly LatencyRow[],
  { place, asn, isSpecial }: { place: Place | undefined; asn: number; isSpecial: boolean },
  ip: Ip,
): LatencyRow | undefined {
  if (isSpecial) return undefined;
  const around = rows.filter(({ network }) => network !== undefined && isAround(network, ip));
  const [longest] = around.sort((x, y) => (y.network?.length ?? 0) - (x.network?.length ?? 0));
  return longest ?? rows.find((row) => asn > 0 && row.asn === asn) ?? mostSpecific(rows, place);
}

/** Ranges tell IPv6 apart by its first 64 bits only, so a longer network counts as all of them. */
function isAround({ ip: net, length }: Prefix, ip: Ip): boolean {
  const told = net.family === 6 ? Math.min(64, length) : length;
  return net.family === ip.family && isWithin(ip, { ip: maskIp(net, told), length: told });
}

function byMs(
  ids: readonly RegionId[],
  row: LatencyRow | undefined,
  withinMs: number,
): RegionId[][] {
  if (row === undefined) return [[...ids]];
  const known = ids.filter((id) => row.ms[id] !== undefined);
  const rest = ids.filter((id) => row.ms[id] === undefined);
  return [...byFigure(new Map(known.map((id) => [id, row.ms[id] as number])), withinMs), rest];
}

function inGroups(ids: readonly RegionId[], groups: readonly RegionId[][]): RegionId[][] {
  const rest = ids.filter((id) => !groups.flat().includes(id));
  return [...groups.map((group) => ids.filter((id) => group.includes(id))), rest];
}

function byNearest(
  ids: readonly RegionId[],
  regions: ReadonlyMap<RegionId, Region>,
  place: Place | undefined,
  { withinKm, whenVague }: NearestSettings,
): RegionId[][] {
  if (place === undefined) return ids.map((id) => [id]);
  const km = new Map(ids.map((id) => [id, naiveKm(place, regions.get(id) as Region)]));
  const least = Math.min(...km.values());
  const near = ids.filter((id) => (km.get(id) as number) - least < 2 * place.radiusKm);
  const first = near.filter(
    (id) => whenVague === 'equal' || regions.get(id)?.country === place.country,
  );
  const isVague = near.length > 1 && (whenVague === 'equal' || whenVague === 'country');
  const part = (isFirst: boolean): Map<RegionId, number> =>
    new Map([...km].filter(([id]) => (isVague && first.includes(id)) === isFirst));
  const within = whenVague === 'equal' ? 1e9 : withinKm;
  return [...byFigure(part(true), within), ...byFigure(part(false), withinKm)];
}

/** Groups whose members exceed the group's least by no more than `within`. */
function byFigure(figures: ReadonlyMap<RegionId, number>, within: number): RegionId[][] {
  const left = new Map(figures);
  const tiers: RegionId[][] = [];
  while (left.size > 0) {
    const limit = Math.min(...left.values()) + within;
    const tier = [...left].filter(([, figure]) => figure <= limit).sort((x, y) => x[1] - y[1]);
    for (const [id] of tier) left.delete(id);
    tiers.push(tier.map(([id]) => id));
  }
  return tiers;
}

/** Distance as a bias bends it. */
export function naiveKm(place: Pick<Place, 'coordinates'>, region: Region): number {
  const km = distanceKm(place.coordinates, region.coordinates);
  const share = Math.abs(region.bias) / 100;
  return region.bias > 0 ? km * (1 - share) : km / (1 - share);
}

/** The addresses just before and just after one, as far as ranges tell them apart. */
export function neighbours(ip: Ip): Ip[] {
  if (ip.family === 4) return [ipv4(ip.a - 1), ipv4(ip.a + 1)];
  const before = ipv6(ip.b === 0 ? ip.a - 1 : ip.a, ip.b - 1, 0xffffffff, 0xffffffff);
  const after = ipv6(ip.b === 0xffffffff ? ip.a + 1 : ip.a, ip.b + 1, 0, 0);
  return [before, after];
}
