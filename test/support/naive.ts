// Geography worked out address by address, without tables: slow, to compare the compiled map with.

import { type Atlas, placeOf } from '../../src/model/atlas.ts';
import { type Ip, ipv4, ipv6, isWithin, maskIp, specialBlockOf } from '../../src/model/ip.ts';
import { distanceKm, type Place } from '../../src/model/place.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { Service, SteeringRule } from '../../src/model/settings.ts';
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
      // Ranges tell IPv6 apart by its first 64 bits only, so a longer network counts as all of them.
      const told = net.family === 6 ? Math.min(64, length) : length;
      const isAround =
        net.family === ip.family && isWithin(ip, { ip: maskIp(net, told), length: told });
      if (!isAround || length <= longest) continue;
      longest = length;
      rule = candidate;
    }
  }
  return { rule, isSpecial: rule === undefined && special !== undefined };
}

/** The order that a service's rules and distances give an address. */
export function naiveTiers(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
  atlas: Atlas | undefined,
  ip: Ip,
): RegionId[][] {
  const rules = rulesIn(service.steps);
  const facts = naiveFacts(ip, rules);
  const place = atlas === undefined || facts.isSpecial ? undefined : placeOf(atlas, ip);
  const country = place?.country ?? '';
  const rule = facts.rule ?? rules.find(({ countries }) => countries.includes(country));
  const preferred = rule?.prefer ?? [];
  const rest = service.regions.filter((id) => !preferred.includes(id));
  const nearest = service.steps.find((step) => step.kind === 'nearest');
  const priority = service.steps.find((step) => step.kind === 'priority');
  const ordered = inGroups(rest, (priority?.['groups'] ?? []) as RegionId[][]).flatMap((tier) =>
    nearest === undefined
      ? [tier]
      : byDistance(tier, regions, place, nearest['withinKm'] as number),
  );
  return [...preferred.map((id) => [id]), ...ordered].filter((tier) => tier.length > 0);
}

function inGroups(ids: readonly RegionId[], groups: readonly RegionId[][]): RegionId[][] {
  const rest = ids.filter((id) => !groups.flat().includes(id));
  return [...groups.map((group) => ids.filter((id) => group.includes(id))), rest];
}

function byDistance(
  ids: readonly RegionId[],
  regions: ReadonlyMap<RegionId, Region>,
  place: Place | undefined,
  withinKm: number,
): RegionId[][] {
  if (place === undefined) return ids.map((id) => [id]);
  const left = new Map(ids.map((id) => [id, naiveKm(place, regions.get(id) as Region)]));
  const tiers: RegionId[][] = [];
  while (left.size > 0) {
    const limit = Math.min(...left.values()) + withinKm;
    const tier = [...left].filter(([, km]) => km <= limit).sort((x, y) => x[1] - y[1]);
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
