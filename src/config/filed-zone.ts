// A zone whose records stand in a master file → Zone, and the services of both files.

import type { SourcePosition } from '../model/fault.ts';
import { isAddressType, type RecordType, recordTypes, type RRset } from '../model/message.ts';
import { type DomainName, lowerName, parentOf } from '../model/name.ts';
import { findEntry, findSet, type RecordTable, setsAt } from '../model/record-table.ts';
import type { NameServer } from '../model/region.ts';
import { storedSet } from '../wire/rdata/stored.ts';
import { type PlacedAlias, readAliases } from './alias.ts';
import { refuseConflicts } from './conflicts.ts';
import { refuseHidden, withoutAddress } from './delegations.ts';
import type { ConfigPath } from './document.ts';
import { typesIn } from './master/check.ts';
import { aliasBlock, serviceBlock } from './master/steer.ts';
import { type MasterZone, placeOfSet } from './master/zone.ts';
import { ourNameServers } from './name-servers.ts';
import type { PlacedSet, RecordBook } from './record.ts';
import { readSecondaries } from './secondary.ts';
import { type PlacedService, readServices } from './service.ts';
import type { ZoneFile } from './shape.ts';
import type { ReadZone, Surroundings } from './surroundings.ts';
import type { Territory } from './territory.ts';

/** What the file says is not said again beside it. */
const inFile = [
  'contact',
  'serial',
  'nameservers',
  'nameserverTtl',
  'ttl',
  'negativeTtl',
  'records',
] as const;

const nothing: ReadZone = { zone: undefined, services: [], aliases: [] };

export function readFiledZone(
  file: Partial<ZoneFile>,
  whole: Territory,
  at: ConfigPath,
  around: Surroundings,
): ReadZone {
  const { apex, reader } = whole;
  for (const key of inFile) {
    if (file[key] !== undefined) reader.refuse([...at, key], 'this stands in the file of the zone');
  }
  const master = around.masters.get(apex) ?? { reason: 'nobody has read it' };
  if ('reason' in master) {
    reader.refuse([...at, 'file'], `cannot read ${file.file}: ${master.reason}`, 'config.read');
    return nothing;
  }
  const own = { ...whole, reader: reader.beside((place) => placeIn(master, place)) };
  const { services, aliases } = readSteered(file, master, own, at, around);
  if (master.faults.length > 0) {
    reader.faults.push(...master.faults);
    return { ...nothing, aliases: [] };
  }
  const soa = setAt(master.table, recordTypes.SOA);
  const names = setAt(master.table, recordTypes.NS);
  if (soa === undefined || names === undefined) return nothing;
  const nameServers = findServers(names, master.table, ourNameServers(apex, around.book));
  refuseLost(master, nameServers, own);
  const ours = nameServers.filter(({ addresses }) => addresses.length > 0);
  const steered = [
    ...services.map(({ service, at: place }) => ({ ...service, at: place })),
    ...aliases,
  ];
  const beside = bookAround(master.table, [...ours, ...steered], apex);
  refuseConflicts(apex, ours, beside, steered, own.reader);
  refuseHidden(own, beside, steered);
  const { table } = master;
  const secondaries = readSecondaries(
    file.secondaries ?? [],
    [...at, 'secondaries'],
    around,
    whole.reader,
  );
  const ofFile = { soa, nameServers, nameServerTtl: names.ttl, table, hasMadeSerial: false };
  const zone = { apex, ...ofFile, records: [], secondaries };
  return { zone, services: services.map(({ service }) => service), aliases };
}

/** Services of the main file and of the zone's own, and the other names of those. */
function readSteered(
  file: Partial<ZoneFile>,
  master: MasterZone,
  own: Territory,
  at: ConfigPath,
  around: Surroundings,
): { services: PlacedService[]; aliases: PlacedAlias[] } {
  const { steer, alias } = Object.groupBy(
    master.extensions.map((extension, i) => ({ extension, i })),
    ({ extension }) => (extension.kind === 'STEER' ? 'steer' : 'alias'),
  );
  const wide = { ...around, usesSubnet: file.clientSubnet ?? true };
  const services = [
    ...readServices(file.services ?? [], [...at, 'services'], own, wide),
    ...(steer ?? []).flatMap(({ extension, i }) =>
      readServices([serviceBlock(extension)], ['line', i], own, wide),
    ),
  ];
  const aliases = (alias ?? []).flatMap(({ extension, i }) =>
    readAliases([aliasBlock(extension)], ['line', i], own),
  );
  return { services, aliases };
}

/** A set of the table, or a line that is no record; undefined for what stands in the main file. */
function placeIn(master: MasterZone, [kind, number]: ConfigPath): SourcePosition | undefined {
  if (kind === 'set') return placeOfSet(master, Number(number));
  return kind === 'line' ? master.extensions[Number(number)]?.position : undefined;
}

function setAt(table: RecordTable, type: RecordType): RRset | undefined {
  const set = findSet(table, 0, type);
  return set === undefined ? undefined : storedSet(table, set);
}

/** The file says who they are; the address of one that is a director of ours may stand with its region. */
function findServers(
  { data }: RRset,
  table: RecordTable,
  ours: readonly NameServer[],
): NameServer[] {
  return data.map(({ wire }) => {
    const name = lowerName(String.fromCharCode(...wire));
    const isFiled = typesIn(table, name).some(isAddressType);
    const own = isFiled ? undefined : ours.find((server) => server.name === name);
    return own ?? { name, addresses: [] };
  });
}

function refuseLost(
  { lost }: MasterZone,
  nameServers: readonly NameServer[],
  { reader }: Territory,
): void {
  for (const { host, position } of lost) {
    const isFound = nameServers.some((each) => each.name === host && each.addresses.length > 0);
    if (isFound) continue;
    reader.faults.push({ code: 'zone.value', message: withoutAddress(host), position });
  }
}

/** What the table has at these names and above them: all that they could be in conflict with. */
function bookAround(
  table: RecordTable,
  names: readonly { readonly name: DomainName }[],
  apex: DomainName,
): RecordBook {
  const sets = new Map<number, PlacedSet>();
  for (const { name } of names) {
    for (let at: DomainName | undefined = name; at !== undefined && at !== apex; ) {
      const entry = findEntry(table, at);
      for (const set of entry === undefined ? [] : setsAt(table, entry)) {
        sets.set(set, { set: storedSet(table, set), at: ['set', set] });
      }
      at = parentOf(at);
    }
    if (name !== apex) continue;
    for (const set of setsAt(table, 0)) {
      sets.set(set, { set: storedSet(table, set), at: ['set', set] });
    }
  }
  return { sets: [...sets.values()], typesAt: (name) => typesIn(table, name) };
}
