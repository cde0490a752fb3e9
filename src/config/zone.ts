// A zone's block → Zone and its services, with the checks that keep an answer from contradicting itself.

import type { Fault } from '../model/fault.ts';
import type { Rdata, RRset } from '../model/message.ts';
import { parseType, recordTypes, typeName } from '../model/message.ts';
import { type DomainName, formatName, isAtOrBelow, parseName } from '../model/name.ts';
import type { NameServer, Region, RegionId } from '../model/region.ts';
import type { Service, Zone } from '../model/settings.ts';
import type { Seconds } from '../model/time.ts';
import { parseRdata } from '../wire/rdata.ts';
import { soaRdata } from '../wire/rdata/soa.ts';
import type { ConfigDocument } from './document.ts';
import { readPolicy } from './policy.ts';
import type { ServiceFile, ZoneFile } from './shape.ts';
import { type ConfigPath, ValueReader } from './values.ts';

/** Types that Meridian makes itself at the apex, so nobody else may. */
const ownTypes: readonly number[] = [recordTypes.SOA, recordTypes.OPT, recordTypes.ANY];

export function readZone(
  file: ZoneFile,
  at: ConfigPath,
  regions: ReadonlyMap<RegionId, Region>,
  document: ConfigDocument,
  modifiedAt: number,
): { zone: Zone | undefined; services: Service[]; faults: Fault[] } {
  const reader = new ValueReader(document);
  const apex = parseName(file.name);
  if (apex === undefined) {
    reader.refuse([...at, 'name'], `got "${file.name}", want a domain name`);
    return { zone: undefined, services: [], faults: reader.faults };
  }
  const nameServers = readNameServers(file, apex, at, regions, reader);
  const services = (file.services ?? []).flatMap((service, i) =>
    readService(service, apex, [...at, 'services', i], regions, document, reader),
  );
  const ttl = reader.ttl(file.ttl, [...at, 'ttl'], 3600);
  const records = readRecords(file, apex, ttl, at, reader);
  refuseConflicts(file, records, services, at, reader);
  const soa = readSoa(file, apex, ttl, nameServers, at, reader, modifiedAt);
  const nameServerTtl = reader.ttl(file.nameserverTtl, [...at, 'nameserverTtl'], 86_400);
  const zone = soa && { apex, soa, nameServers, nameServerTtl, records };
  return { zone, services, faults: reader.faults };
}

function readNameServers(
  file: ZoneFile,
  apex: DomainName,
  at: ConfigPath,
  regions: ReadonlyMap<RegionId, Region>,
  reader: ValueReader,
): NameServer[] {
  const ours = [...regions.values()]
    .filter((region) => region.nameServerAddresses.length > 0)
    .flatMap((region) => {
      const name = parseName(`ns-${region.id}`, apex);
      return name === undefined ? [] : [{ name, addresses: region.nameServerAddresses }];
    });
  const others = (file.nameservers ?? []).flatMap((text, i) => {
    const name = parseName(text);
    if (name === undefined)
      reader.refuse([...at, 'nameservers', i], `got "${text}", want a host name`);
    return name === undefined ? [] : [{ name, addresses: [] }];
  });
  if (ours.length + others.length === 0) {
    reader.refuse(
      at,
      'has no name server: give a region nameserver addresses, or list nameservers here',
    );
  }
  return [...ours, ...others];
}

function readSoa(
  file: ZoneFile,
  apex: DomainName,
  ttl: Seconds,
  nameServers: readonly NameServer[],
  at: ConfigPath,
  reader: ValueReader,
  modifiedAt: number,
): RRset | undefined {
  const contact =
    file.contact === undefined ? parseName('hostmaster', apex) : parseName(file.contact);
  if (contact === undefined) {
    reader.refuse([...at, 'contact'], `got "${file.contact}", want a domain name`);
  }
  // RFC 2308 §4: MINIMUM is how long a negative answer lives.
  const minimum = reader.ttl(file.negativeTtl, [...at, 'negativeTtl'], 30);
  const primary = nameServers[0];
  if (contact === undefined || primary === undefined) return undefined;
  const data = soaRdata({
    mname: primary.name,
    rname: contact,
    serial: file.serial ?? Math.floor(modifiedAt / 1000) >>> 0,
    refresh: 7200,
    retry: 900,
    expire: 1_209_600,
    minimum,
  });
  return { name: apex, type: recordTypes.SOA, ttl, data: [data] };
}

function readRecords(
  file: ZoneFile,
  apex: DomainName,
  standard: Seconds,
  at: ConfigPath,
  reader: ValueReader,
): RRset[] {
  const sets = new Map<string, { name: DomainName; type: number; ttl: Seconds; data: Rdata[] }>();
  for (const [i, record] of (file.records ?? []).entries()) {
    const here = [...at, 'records', i];
    const name = readOwnName(record.name, apex, [...here, 'name'], reader);
    const type = parseType(record.type);
    if (type === undefined || ownTypes.includes(type)) {
      reader.refuse(
        [...here, 'type'],
        `got "${record.type}", want a record type that may stand here`,
      );
    }
    if (name === undefined || type === undefined) continue;
    const data = parseRdata(type, record.data, apex);
    if (typeof data === 'string') {
      reader.refuse([...here, 'data'], data);
      continue;
    }
    const ttl =
      record.ttl === undefined ? standard : reader.ttl(record.ttl, [...here, 'ttl'], standard);
    const key = `${type} ${name}`;
    const set = sets.get(key) ?? { name, type, ttl, data: [] };
    sets.set(key, set);
    set.data.push(data);
    // RFC 2181 §5.2: all records of a set have one TTL.
    if (set.ttl !== ttl) {
      reader.refuse(
        here,
        `has TTL ${ttl}, but another ${typeName(type)} of this name has ${set.ttl}`,
      );
    }
  }
  return [...sets.values()];
}

function readOwnName(
  text: string,
  apex: DomainName,
  at: ConfigPath,
  reader: ValueReader,
): DomainName | undefined {
  const name = parseName(text, apex);
  if (name !== undefined && isAtOrBelow(name, apex)) return name;
  reader.refuse(at, `got "${text}", want a name inside ${formatName(apex)}`);
  return undefined;
}

function readService(
  file: ServiceFile,
  apex: DomainName,
  at: ConfigPath,
  regions: ReadonlyMap<RegionId, Region>,
  document: ConfigDocument,
  reader: ValueReader,
): Service[] {
  const name = readOwnName(file.name, apex, [...at, 'name'], reader);
  const seen = new Set<string>();
  for (const [i, id] of file.regions.entries()) {
    if (!regions.has(id as RegionId)) {
      reader.refuse(
        [...at, 'regions', i],
        `there is no file regions/${id}.yaml`,
        'config.reference',
      );
    }
    if (seen.has(id)) reader.refuse([...at, 'regions', i], `names ${id} twice`);
    seen.add(id);
  }
  const steps = readPolicy(file.policy, [...at, 'policy'], seen, document, reader);
  const stable = reader.ttl(file.ttl?.stable, [...at, 'ttl', 'stable'], 30, 1);
  const short = reader.ttl(file.ttl?.short, [...at, 'ttl', 'short'], Math.min(10, stable), 1);
  if (short > stable)
    reader.refuse([...at, 'ttl'], 'want a short TTL that is not above the stable one');
  if (name === undefined) return [];
  return [
    {
      name,
      zone: apex,
      regions: file.regions as RegionId[],
      steps,
      ttl: { stable, short },
      usesSubnet: file.clientSubnet ?? true,
    },
  ];
}

function refuseConflicts(
  file: ZoneFile,
  records: readonly RRset[],
  services: readonly Service[],
  at: ConfigPath,
  reader: ValueReader,
): void {
  const steered = new Set<DomainName>();
  for (const [i, service] of services.entries()) {
    if (steered.has(service.name)) {
      reader.refuse([...at, 'services', i], `${formatName(service.name)} is a service twice`);
    }
    steered.add(service.name);
  }
  const types = new Map<DomainName, number[]>();
  for (const set of records) types.set(set.name, [...(types.get(set.name) ?? []), set.type]);
  const apex = parseName(file.name);
  for (const [name, present] of types) {
    const words = formatName(name);
    const hasAlias = present.includes(recordTypes.CNAME);
    // RFC 1034 §3.6.2: beside a CNAME there is no other data.
    if (hasAlias && (present.length > 1 || steered.has(name) || name === apex)) {
      reader.refuse([...at, 'records'], `${words} has a CNAME beside other data`);
    }
    const isSteeredType = present.includes(recordTypes.A) || present.includes(recordTypes.AAAA);
    if (steered.has(name) && isSteeredType) {
      reader.refuse(
        [...at, 'records'],
        `${words} has addresses of its own, but it is a steered service`,
      );
    }
  }
}
