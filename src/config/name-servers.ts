// Name servers that are our own: directors that stand in a region with public addresses.

import { type DomainName, parseName } from '../model/name.ts';
import type { NameServer } from '../model/region.ts';
import type { RegionBook } from './region.ts';

/** One for each region, by the name that it has in this zone. */
export function ourNameServers(apex: DomainName, { regions }: RegionBook): NameServer[] {
  return [...regions.values()].flatMap(({ id, nameServerAddresses: addresses }) => {
    const name = parseName(`ns-${id}`, apex);
    return name === undefined || addresses.length === 0 ? [] : [{ name, addresses }];
  });
}
