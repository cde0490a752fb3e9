// What every server of the benchmark is given: one zone, the shipped regions, and where each client is nearest to.

import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { loadAtlas } from '../../../src/edge/geo.ts';
import { loadSettings } from '../../../src/load.ts';
import { type Atlas, coordinatesAt } from '../../../src/model/atlas.ts';
import { formatIp, type Ip } from '../../../src/model/ip.ts';
import { formatName } from '../../../src/model/name.ts';
import { type Coordinates, distanceKm } from '../../../src/model/place.ts';
import { valueOf } from '../../../src/model/ranges.ts';
import { mmdbOf } from '../mmdb-file.ts';

export interface World {
  readonly zone: 'example.test';
  /** The steered name, relative to the zone. */
  readonly service: 'www';
  readonly ttl: number;
  /** In the order in which they stand in for clients that nobody can locate. */
  readonly regions: readonly WorldRegion[];
  /** GeoIP as a MaxMind DB file, with coordinates and, in three places, the id of the nearest region. */
  readonly mmdb: string;
  /** The region that a client is nearest to, the first where GeoIP does not know the client. */
  regionOf(client: Ip): WorldRegion;
}

export interface WorldRegion {
  readonly id: string;
  readonly coordinates: Coordinates;
  readonly ipv4: string;
  readonly ipv6: string;
}

/** Reads a director's configuration, and writes GeoIP as a file into the folder. */
export async function createWorld(config: string, folder: string): Promise<World> {
  const loaded = await loadSettings(config, {});
  if (!loaded.ok) throw new Error('the configuration of the benchmark is faulty');
  const service = [...loaded.value.services.values()].find(
    ({ name }) => formatName(name) === 'www.example.test',
  );
  const regions = (service?.regions ?? []).map((id): WorldRegion => {
    const region = loaded.value.regions.get(id);
    const [ipv4, ipv6] = [region?.ipv4[0], region?.ipv6[0]];
    if (region === undefined || ipv4 === undefined || ipv6 === undefined) {
      throw new Error(`${id} has no addresses`);
    }
    return { id, coordinates: region.coordinates, ipv4: formatIp(ipv4), ipv6: formatIp(ipv6) };
  });
  const atlas = await loadAtlas(undefined);
  if ('code' in atlas) throw new Error(atlas.message);
  const nearest = nearestOf(atlas, regions);
  const mmdb = join(folder, 'GeoLite2-City.mmdb');
  writeFileSync(
    mmdb,
    mmdbOf(atlas, (place) => nearest(place).id),
  );
  return {
    zone: 'example.test',
    service: 'www',
    ttl: 30,
    regions,
    mmdb,
    regionOf: (client) => nearest(valueOf(atlas.ranges, client)),
  };
}

/** By great-circle distance, for each place of the atlas. */
function nearestOf(atlas: Atlas, regions: readonly WorldRegion[]): (place: number) => WorldRegion {
  return (place) => {
    const [first] = regions;
    if (first === undefined) throw new Error('there is no region');
    if (place === 0) return first;
    const from = coordinatesAt(atlas, place);
    const distances = regions.map((region) => distanceKm(from, region.coordinates));
    return regions[distances.indexOf(Math.min(...distances))] ?? first;
  };
}

/** The zone as a master file (RFC 1035 §5); `steered` are the lines of the steered name. */
export function zoneFileOf({ zone, ttl }: World, steered: readonly string[]): string {
  const lines = [
    `$ORIGIN ${zone}.`,
    `$TTL ${ttl}`,
    `@ SOA ns1 hostmaster 1 7200 1800 1209600 ${ttl}`,
    '@ NS ns1',
    'ns1 A 192.0.2.53',
    '@ MX 10 mail',
    '@ TXT "v=spf1 mx -all"',
    'mail A 192.0.2.25',
    ...steered,
  ];
  return `${lines.join('\n')}\n`;
}
