// Master files as texts, read by the real code.

import { staticSets } from '../../src/authority/static-sets.ts';
import { readMaster } from '../../src/config/master/read.ts';
import type { MasterZone } from '../../src/config/master/zone.ts';
import { formatFault } from '../../src/model/fault.ts';
import { type RRset, recordTypes, typeName } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { findSet } from '../../src/model/record-table.ts';
import type { Zone } from '../../src/model/settings.ts';
import { seconds } from '../../src/model/time.ts';
import { storedSet } from '../../src/wire/rdata/stored.ts';
import { nameOf } from './answers.ts';

export interface MasterText {
  readonly origin?: string;
  /** Files that may be included, by name. */
  readonly includes?: Readonly<Record<string, string>>;
  readonly inner?: readonly string[];
}

/** What every zone needs, in two lines. */
export const head = '$TTL 1h\n@ SOA ns.a. hm.a. 1 2h 15m 2w 30\n@ NS ns.a.\n';

export function readText(text: string, parts: MasterText = {}): MasterZone {
  const { origin = 'example.test', includes = {}, inner = [] } = parts;
  const wish = { path: 'a.zone', apex: nameOf(origin), inner: inner.map(nameOf) };
  return readMaster(wish, { path: 'a.zone', text }, (path) => {
    const found = includes[path];
    return found === undefined ? { reason: 'no such file' } : { path, text: found };
  });
}

/** Every fault as an operator reads it. */
export function faultsIn(text: string, parts: MasterText = {}): string[] {
  return readText(text, parts).faults.map(formatFault);
}

/** The zone of a file without a fault. */
export function zoneOfText(text: string, parts: MasterText = {}): Zone {
  const { faults, table } = readText(text, parts);
  if (faults.length > 0) throw new Error(faults.map(formatFault).join('\n'));
  const setAt = (type: number): RRset => storedSet(table, findSet(table, 0, type) ?? -1);
  const names = setAt(recordTypes.NS);
  const apex = names.name;
  const nameServers = names.data.map(({ text: host }) => ({ name: nameOf(host), addresses: [] }));
  const soa = setAt(recordTypes.SOA);
  const nameServerTtl = seconds(names.ttl);
  const none = { records: [], secondaries: [], hasMadeSerial: false };
  return { apex, soa, nameServers, nameServerTtl, table, ...none };
}

/** Every record but SOA and NS of the apex, as `name TTL type data`, in the order of the file. */
export function recordsIn(text: string, parts: MasterText = {}): string[] {
  const zone = zoneOfText(text, parts);
  return linesOf(staticSets(zone)).slice(1 + zone.nameServers.length);
}

export function linesOf(sets: Iterable<RRset>): string[] {
  return Array.from(sets).flatMap(({ name, type, ttl, data }) =>
    data.map(({ text }) => `${formatName(name)} ${ttl} ${typeName(type)} ${text}`),
  );
}
