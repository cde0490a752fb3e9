// Names that would make an answer contradict itself.

import {
  isAddressType,
  type RecordType,
  recordTypes,
  type RRset,
  typeName,
} from '../model/message.ts';
import { type DomainName, formatName } from '../model/name.ts';
import type { NameServer } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import type { ConfigPath } from './document.ts';
import type { RecordBook } from './record.ts';
import type { Refuser } from './values.ts';

/** A steered name, be it a service's own or an alias of one. */
export interface Steered {
  readonly name: DomainName;
  readonly at: ConfigPath;
  readonly answers?: Service['answers'];
  readonly bindings?: Service['bindings'];
}

/** Every zone has these, wherever they come from. */
const atApex: readonly RecordType[] = [recordTypes.SOA, recordTypes.NS];

export function refuseConflicts(
  apex: DomainName,
  nameServers: readonly NameServer[],
  records: RecordBook,
  services: readonly Steered[],
  reader: Refuser,
): void {
  const ours = new Set(nameServers.map(({ name }) => name));
  const steered = new Map<DomainName, Steered>();
  for (const service of services) {
    const { name, at } = service;
    const words = formatName(name);
    if (steered.has(name)) reader.refuse(at, `${words} is a service twice`);
    if (ours.has(name)) reader.refuse(at, `${words} is the name of a director's own`);
    steered.set(name, service);
  }
  for (const { set, at } of records.sets) {
    const { name, type } = set;
    const service = steered.get(name);
    const words =
      type === recordTypes.CNAME
        ? besideCname(set, [
            ...records
              .typesAt(name)
              .filter((other) => other !== type && !(name === apex && atApex.includes(other)))
              .map(typeName),
            ...(service === undefined ? [] : ['a service']),
            ...(ours.has(name) ? ["a director's addresses"] : []),
            ...(name === apex ? ['SOA and NS'] : []),
          ])
        : (besideService(type, service) ?? besideDirector(type, ours.has(name)));
    if (words !== undefined) reader.refuse(at, `${formatName(name)} ${words}`);
  }
}

/** RFC 1034 §3.6.2: beside a CNAME there is no other data; RFC 2181 §10.1: nor a second one. */
function besideCname({ data }: RRset, others: readonly string[]): string | undefined {
  const all = data.length > 1 ? [...others, 'another CNAME'] : others;
  return all.length === 0 ? undefined : `has a CNAME beside ${all.join(', ')}`;
}

function besideService(type: RecordType, service: Steered | undefined): string | undefined {
  if (service === undefined) return undefined;
  if (service.answers === 'cname') {
    return `has ${typeName(type)} beside a service that answers with a CNAME`;
  }
  if (service.bindings?.some((binding) => binding.type === type) === true) {
    return `has ${typeName(type)} of its own and of its service`;
  }
  return isAddressType(type) ? 'has addresses of its own, but it is a steered service' : undefined;
}

function besideDirector(type: RecordType, isOurs: boolean): string | undefined {
  return isOurs && isAddressType(type)
    ? "is a director's own, whose addresses stand with its region"
    : undefined;
}
