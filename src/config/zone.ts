// A zone's block → Zone and its services.

import { isAddressType, type RRset, recordTypes } from '../model/message.ts';
import { type DomainName, formatName, isAtOrBelow, parseName } from '../model/name.ts';
import type { NameServer } from '../model/region.ts';
import type { Seconds } from '../model/time.ts';
import { soaRdata } from '../wire/rdata/soa.ts';
import { readAliases } from './alias.ts';
import type { ConfigPath } from './document.ts';
import { refuseConflicts } from './conflicts.ts';
import { refuseHidden, refuseLost } from './delegations.ts';
import { readFiledZone } from './filed-zone.ts';
import { ourNameServers } from './name-servers.ts';
import { bookOf, readRecords } from './record.ts';
import { readSecondaries } from './secondary.ts';
import { readServices } from './service.ts';
import type { Territory } from './territory.ts';
import { type ZoneFile, zoneShape } from './shape.ts';
import type { ReadZone, Surroundings } from './surroundings.ts';
import type { ValueReader } from './values.ts';

export function readZone(
  raw: unknown,
  at: ConfigPath,
  around: Surroundings,
  reader: ValueReader,
): ReadZone {
  const { part: file, isWhole } = reader.part(zoneShape, raw, at);
  const apex = file.name === undefined ? undefined : reader.domain(file.name, [...at, 'name']);
  if (apex === undefined) return { zone: undefined, services: [], aliases: [] };
  const own: Territory = {
    apex,
    inner: around.apexes.filter((other) => other !== apex && isAtOrBelow(other, apex)),
    reader,
  };
  if (file.file !== undefined) return readFiledZone(file, own, at, around);
  const ttl = reader.ttl(file.ttl, [...at, 'ttl'], 3600);
  const ours = ourNameServers(apex, around.book);
  const wide = { ...around, usesSubnet: file.clientSubnet ?? true };
  const services = readServices(file.services ?? [], [...at, 'services'], own, wide);
  const records = readRecords(file.records ?? [], [...at, 'records'], own, ttl);
  const aliases = readAliases(file.records ?? [], [...at, 'records'], own);
  const steered = [
    ...services.map(({ service, at: place }) => ({ ...service, at: place })),
    ...aliases,
  ];
  const book = bookOf(records);
  refuseConflicts(apex, ours, book, steered, reader);
  refuseHidden(own, book, steered);
  refuseLost(own, book);
  const sets = records.map(({ set }) => set);
  const others = readNameServers(file, own, at, sets);
  const nameServers = [...ours, ...others];
  if (nameServers.length === 0 && isWhole && around.book.faults.length === 0) {
    const wish = 'give a region nameserver addresses, or list nameservers here';
    reader.refuse(at, `has no name server: ${wish}`);
  }
  const soa = readSoa(file, apex, ttl, nameServers, at, around.modifiedAt, reader);
  const nameServerTtl = reader.ttl(file.nameserverTtl, [...at, 'nameserverTtl'], 86_400);
  const secondaries = readSecondaries(
    file.secondaries ?? [],
    [...at, 'secondaries'],
    around,
    reader,
  );
  const hasMadeSerial = file.serial === undefined;
  const facts = { apex, nameServers, nameServerTtl, records: sets, hasMadeSerial, secondaries };
  const zone = soa && { ...facts, soa };
  return { zone, services: services.map(({ service }) => service), aliases };
}

/** Name servers that are not ours; one inside the zone needs an address there (RFC 1034 §4.2.1). */
function readNameServers(
  file: Partial<ZoneFile>,
  { apex, reader }: Territory,
  zoneAt: ConfigPath,
  records: readonly RRset[],
): NameServer[] {
  const at = [...zoneAt, 'nameservers'];
  const names = (file.nameservers ?? []).map((text, i) => reader.domain(text, [...at, i]));
  for (const [i, name] of names.entries()) {
    if (name === undefined) continue;
    if (names.indexOf(name) < i) reader.refuse([...at, i], `names ${formatName(name)} twice`);
    const hasAddress = records.some((set) => set.name === name && isAddressType(set.type));
    if (isAtOrBelow(name, apex) && !hasAddress) {
      reader.refuse([...at, i], `${formatName(name)} is in this zone but has no A or AAAA record`);
    }
  }
  return names.flatMap((name) => (name === undefined ? [] : [{ name, addresses: [] }]));
}

function readSoa(
  file: Partial<ZoneFile>,
  apex: DomainName,
  ttl: Seconds,
  nameServers: readonly NameServer[],
  at: ConfigPath,
  modifiedAt: number,
  reader: ValueReader,
): RRset | undefined {
  const contact =
    file.contact === undefined
      ? parseName('hostmaster', apex)
      : readContact(file.contact, [...at, 'contact'], reader);
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

/** RFC 1035 §8: the mailbox's `@` is written as a dot. */
function readContact(text: string, at: ConfigPath, reader: ValueReader): DomainName | undefined {
  if (!text.includes('@')) return reader.domain(text, at);
  reader.refuse(at, `got "${text}", want a dot in place of the @, such as hostmaster.example.net`);
  return undefined;
}
