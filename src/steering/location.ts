// What a client was located by, in words and as plain facts: the input of a decision.

import { placeAt } from '../model/atlas.ts';
import type { Client, Tiers, TrailInput } from '../model/decision.ts';
import { formatIp, formatPrefix, type Ip, maskIp, specialBlockOf, widthOf } from '../model/ip.ts';
import type { Place } from '../model/place.ts';
import { scopeOf, valueOf } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Located } from './locate.ts';
import type { Plan, Snapshot } from './snapshot.ts';
import { biasedKm, mayBeNearest } from './steps/nearest.ts';

/** Which address counted, and what GeoIP says of it. */
export function inputOf({ address, by }: Located, snapshot: Snapshot): TrailInput {
  const row = rowOf(address, snapshot);
  return { by, address: formatIp(address), ...(row === undefined ? {} : { place: row }) };
}

/** `unsettled` are the tiers that distance orders; undefined where it orders nothing. */
export function describeLocation(
  located: Located,
  client: Client,
  plan: Plan,
  snapshot: Snapshot,
  unsettled: Tiers | undefined,
): string {
  const { address } = located;
  const by = describeSource(located, client, plan);
  const block = specialBlockOf(address);
  if (block !== undefined) return `${by}, which is not a public address (${formatPrefix(block)})`;
  const { atlas } = snapshot;
  if (atlas === undefined) return `${by}, but no GeoIP data is loaded`;
  const index = valueOf(atlas.ranges, address);
  const place = placeAt(atlas, index);
  if (place === undefined) return `${by}, but ${atlas.source} does not know where that is`;
  const where = `${by}: ${atlas.source} has ${networkAt(address, snapshot)} ${describePlace(place)}`;
  return `${where}${unsettled === undefined ? '' : describeDoubt(place, unsettled, snapshot)}`;
}

const sources: Readonly<Record<Client['origin'], string>> = {
  resolver: 'the address of the resolver that asked',
  peer: 'the address that the request came from',
  given: 'the resolver that was asked about',
};

function describeSource({ by, address }: Located, client: Client, { service }: Plan): string {
  const { subnet, origin } = client;
  const asker = `${sources[origin]}, ${formatIp(address)}`;
  if (subnet === undefined || subnet.length === 0) return `Located by ${asker}`;
  const sent =
    subnet.length === widthOf(subnet.ip.family)
      ? `client's address, ${formatIp(subnet.ip)}`
      : `client's subnet, ${formatPrefix(subnet)}`;
  if (by === 'subnet') return `Located by the ${sent}`;
  const why = service.usesSubnet ? 'is not public' : 'does not count for this service';
  return `The ${sent}, ${why}; located instead by ${asker}`;
}

function describePlace({ city, subdivision, country, coordinates, radiusKm }: Place): string {
  const named = [city, subdivision, country].filter((part) => part !== '').join(', ');
  const { latitude, longitude } = coordinates;
  const at = `${latitude.toFixed(2)}, ${longitude.toFixed(2)}, give or take ${radiusKm} km`;
  return `${city === '' ? 'somewhere ' : ''}in ${named === '' ? 'the world' : named} (${at})`;
}

/** Where GeoIP may err by so much that another region could be the nearest, says so. */
function describeDoubt(place: Place, unsettled: Tiers, { settings }: Snapshot): string {
  const { regions } = settings;
  const doubted = unsettled.map((tier) => nearestFirst([...mayBeNearest(tier, place, regions)]));
  const [first, second] = doubted.find((ids) => ids.length > 1) ?? [];
  if (first === undefined || second === undefined) return '';
  const margin = Math.round(kmOf(second) - kmOf(first));
  const isBent = [first, second].some((id) => regions.get(id)?.bias !== 0);
  const is = isBent ? 'counts as' : 'is';
  return `, too vague to be sure that ${first} ${is} nearer than ${second}: they differ by ${margin} km`;

  function nearestFirst(ids: readonly RegionId[]): RegionId[] {
    return ids.toSorted((one, other) => kmOf(one) - kmOf(other));
  }
  function kmOf(id: RegionId): number {
    return biasedKm(place.coordinates, regions.get(id) as Region);
  }
}

function rowOf(address: Ip, snapshot: Snapshot): TrailInput['place'] {
  const { atlas } = snapshot;
  if (atlas === undefined || specialBlockOf(address) !== undefined) return undefined;
  const place = placeAt(atlas, valueOf(atlas.ranges, address));
  if (place === undefined) return undefined;
  const { coordinates, ...words } = place;
  const network = networkAt(address, snapshot);
  return { source: atlas.source, network, ...words, ...coordinates };
}

/** The widest network around an address in which GeoIP knows of one place only. */
function networkAt(address: Ip, { atlas }: Snapshot): string {
  const length = atlas === undefined ? 0 : scopeOf(atlas.ranges, address);
  return formatPrefix({ ip: maskIp(address, length), length });
}
