// The static record sets of a zone, one after the other.

import { recordTypes, type RRset } from '../model/message.ts';
import { ownerOf, setCount, typeAt } from '../model/record-table.ts';
import type { Zone } from '../model/settings.ts';
import { addressRdata } from '../wire/rdata/address.ts';
import { nameRdata } from '../wire/rdata/fields.ts';
import { storedSet } from '../wire/rdata/stored.ts';

/** Every static record set of a zone, its SOA first (RFC 5936 §2.2), then its NS. */
export function* staticSets(zone: Zone): Generator<RRset> {
  const { table, apex } = zone;
  const atApex = new Set<number>();
  for (const set of setsOf(zone)) {
    if (set.name === apex) atApex.add(set.type);
    yield set;
  }
  for (let set = 0; table !== undefined && set < setCount(table); set++) {
    const isTold = ownerOf(table, set) === 0 && atApex.has(typeAt(table, set));
    if (!isTold) yield storedSet(table, set);
  }
}

/** Those that do not stand in a table. */
export function* setsOf(zone: Zone): Generator<RRset, void, void> {
  yield zone.soa;
  yield* nameServerSets(zone);
  yield* zone.records;
}

function nameServerSets(zone: Zone): RRset[] {
  const ttl = zone.nameServerTtl;
  const names: RRset = {
    name: zone.apex,
    type: recordTypes.NS,
    ttl,
    data: zone.nameServers.map((server) => nameRdata(server.name)),
  };
  const glue = zone.nameServers.flatMap(({ name, addresses }) =>
    ([4, 6] as const).flatMap((family): RRset[] => {
      const data = addresses.filter((ip) => ip.family === family).map(addressRdata);
      const type = family === 4 ? recordTypes.A : recordTypes.AAAA;
      return data.length === 0 ? [] : [{ name, type, ttl, data }];
    }),
  );
  return [names, ...glue];
}
