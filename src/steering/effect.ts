// What operators' words come to: for each service, and for the addresses of each region.

import { type Ip, sameIp } from '../model/ip.ts';
import { type Override, overrideKey, type OverrideView } from '../model/override.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';

/** The one word that counts on each region of a service. */
export type Effect = ReadonlyMap<RegionId, Override>;

/**
 * A word on a region within the service comes before the one on all of the region. Where neither takes
 * the region out, a word on an address may: a region that has none left to send clients to, of the
 * family that every client can use, is out for the sake of that address.
 */
export function effectOn(
  service: Pick<Service, 'name' | 'regions' | 'answers'>,
  overrides: OverrideView,
  regions: ReadonlyMap<RegionId, Region>,
): Effect {
  const effect = new Map<RegionId, Override>();
  if (overrides.size === 0) return effect;
  for (const region of service.regions) {
    const own = overrides.get(overrideKey({ region, service: service.name }));
    const word = own ?? overrides.get(region);
    const found = regions.get(region);
    const isAnsweredByAddress = service.answers === 'address' && found !== undefined;
    const last =
      isAnsweredByAddress && (word === undefined || word.kind === 'up' || word.share !== undefined)
        ? lastAddress(found, overrides)
        : undefined;
    if (last ?? word) effect.set(region, (last ?? word) as Override);
  }
  return effect;
}

/** The word that is in force on an address of a region, if it takes that out of answers. */
export function withheldBy(
  region: RegionId,
  endpoint: Ip,
  overrides: OverrideView,
): Override | undefined {
  const word = overrides.get(overrideKey({ region, endpoint }));
  return word === undefined || word.kind === 'up' ? undefined : word;
}

/** IPv4 where the region has any: who has none of that is reached over IPv6 by few. */
function lastAddress({ id, ipv4, ipv6 }: Region, overrides: OverrideView): Override | undefined {
  const family = ipv4.length > 0 ? ipv4 : ipv6;
  const words = family.flatMap((ip) => withheldBy(id, ip, overrides) ?? []);
  if (words.length < family.length) return undefined;
  // It is the first of their ends that brings the region back.
  return words.reduce<Override | undefined>(
    (first, word) => (first === undefined || word.end < first.end ? word : first),
    undefined,
  );
}

/** Every region with the addresses that answers may name; the same map where no word is on an address. */
export function withoutWithheld(
  regions: ReadonlyMap<RegionId, Region>,
  overrides: OverrideView,
): ReadonlyMap<RegionId, Region> {
  const words = Array.from(overrides.values()).filter(({ endpoint }) => endpoint !== undefined);
  if (words.length === 0) return regions;
  const left = new Map(regions);
  for (const { region: id, endpoint, kind } of words) {
    const region = left.get(id);
    if (region === undefined || endpoint === undefined || kind === 'up') continue;
    const isLeft = (ip: Ip): boolean => !sameIp(ip, endpoint);
    left.set(id, { ...region, ipv4: region.ipv4.filter(isLeft), ipv6: region.ipv6.filter(isLeft) });
  }
  return left;
}
