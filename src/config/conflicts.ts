// Names that would make an answer contradict itself.

import { recordTypes, typeName } from '../model/message.ts';
import { type DomainName, formatName } from '../model/name.ts';
import type { NameServer } from '../model/region.ts';
import type { PlacedSet } from './record.ts';
import type { PlacedService } from './service.ts';
import type { ValueReader } from './values.ts';

export function refuseConflicts(
  apex: DomainName,
  nameServers: readonly NameServer[],
  records: readonly PlacedSet[],
  services: readonly PlacedService[],
  reader: ValueReader,
): void {
  const ours = new Set(nameServers.map(({ name }) => name));
  const steered = new Set<DomainName>();
  for (const { service, at } of services) {
    const words = formatName(service.name);
    if (steered.has(service.name)) reader.refuse(at, `${words} is a service twice`);
    if (ours.has(service.name)) reader.refuse(at, `${words} is the name of a director's own`);
    steered.add(service.name);
  }
  const types = new Map<DomainName, number[]>();
  for (const { set } of records) types.set(set.name, [...(types.get(set.name) ?? []), set.type]);
  for (const { set, at } of records) {
    const words = formatName(set.name);
    const isAddress = set.type === recordTypes.A || set.type === recordTypes.AAAA;
    const isSteered = steered.has(set.name);
    const isOurs = ours.has(set.name);
    // RFC 1034 §3.6.2: beside a CNAME there is no other data; RFC 2181 §10.1: nor a second one.
    if (set.type === recordTypes.CNAME) {
      const others = (types.get(set.name) ?? []).filter((type) => type !== set.type).map(typeName);
      if (isSteered) others.push('a service');
      if (isOurs) others.push("a director's addresses");
      if (set.name === apex) others.push('SOA and NS');
      if (set.data.length > 1) others.push('another CNAME');
      if (others.length > 0) {
        reader.refuse(at, `${words} has a CNAME beside ${others.join(', ')}`);
      }
    } else if (isAddress && isSteered) {
      reader.refuse(at, `${words} has addresses of its own, but it is a steered service`);
    } else if (isAddress && isOurs) {
      reader.refuse(at, `${words} is a director's own, whose addresses stand with its region`);
    }
  }
}
