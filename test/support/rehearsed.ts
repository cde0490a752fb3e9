// A configuration with a small database of places, for what is rehearsed over all of its clients.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createConfigFolder, type ConfigFolder } from './director-process.ts';
import { cityRecord, writeMmdb } from './mmdb.ts';

const region = (title: string, latitude: number, longitude: number, more: string): string => `
title: ${title}
country: IE
latitude: ${latitude}
longitude: ${longitude}
ipv4: [192.0.2.10]
nameserver: { ipv4: [198.51.100.1] }
${more}
`;

export const places = `
director: { id: one, region: dublin }
geo: { mmdb: city.mmdb, asn: asn.mmdb }
zones:
  - name: example.test
    services:
      - { name: www, regions: [dublin, ashburn] }
      - { name: api, regions: [ashburn, dublin] }
`;

/** Half of the addresses are in Britain, a quarter each in France and the United States; `more` stands in region files. */
export function createPlaces(
  main = places,
  more: Readonly<Partial<Record<'dublin' | 'ashburn', string>>> = {},
): ConfigFolder {
  const config = createConfigFolder(main, {
    dublin: region('Dublin', 53, -6, more.dublin ?? ''),
    ashburn: region('Ashburn', 39, -77, more.ashburn ?? ''),
  });
  const folder = dirname(config.main);
  const city = writeMmdb({
    networks: [
      ['81.0.0.0/15', cityRecord('GB', 'London', 51.5, 0, 5)],
      ['82.0.0.0/16', cityRecord('FR', 'Paris', 48.9, 2.3, 5)],
      ['8.0.0.0/16', cityRecord('US', 'New York', 40.7, -74, 5)],
    ],
  });
  const system = { autonomous_system_number: 3320, autonomous_system_organization: 'Example' };
  writeFileSync(join(folder, 'city.mmdb'), city);
  writeFileSync(
    join(folder, 'asn.mmdb'),
    writeMmdb({ type: 'GeoLite2-ASN', networks: [['82.0.0.0/17', system]] }),
  );
  // Counted by hand: 50, 25 and 25 of a hundred.
  writeFileSync(
    join(folder, 'clients.csv'),
    'network,weight\n81.0.0.0/16,20\n81.1.0.0/16,30\n82.0.0.0/24,25\n8.0.0.0/24,25\n',
  );
  return config;
}
