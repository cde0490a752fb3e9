// Static records of a zone, gathered into sets.

import {
  isMetaType,
  parseType,
  type Rdata,
  type RecordType,
  recordTypes,
  type RRset,
  typeName,
} from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import type { Seconds } from '../model/time.ts';
import { parseRdata } from '../wire/rdata.ts';
import { isAlias } from './alias.ts';
import type { ConfigPath } from './document.ts';
import { readOwnName, type Territory } from './territory.ts';
import { recordShape } from './shape.ts';

export interface PlacedSet {
  readonly set: RRset;
  /** Where its first record stands. */
  readonly at: ConfigPath;
}

/** The records of a zone, wherever they stand. */
export interface RecordBook {
  readonly sets: Iterable<PlacedSet>;
  typesAt(name: DomainName): readonly RecordType[];
}

export function bookOf(sets: readonly PlacedSet[]): RecordBook {
  const types = new Map<DomainName, RecordType[]>();
  for (const { set } of sets) {
    const known = types.get(set.name);
    if (known === undefined) types.set(set.name, [set.type]);
    else known.push(set.type);
  }
  return { sets, typesAt: (name) => types.get(name) ?? [] };
}

export function readRecords(
  blocks: readonly unknown[],
  at: ConfigPath,
  own: Territory,
  standard: Seconds,
): PlacedSet[] {
  const sets = new Map<string, { set: RRset & { readonly data: Rdata[] }; at: ConfigPath }>();
  for (const [i, block] of blocks.entries()) {
    if (isAlias(block)) continue;
    const here = [...at, i];
    const record = readRecord(block, here, own, standard);
    if (record === undefined) continue;
    const { data, ...facts } = record;
    const key = `${facts.type} ${facts.name}`;
    const placed = sets.get(key) ?? { set: { ...facts, data: [] as Rdata[] }, at: here };
    sets.set(key, placed);
    const { set } = placed;
    // RFC 2181 §5.2: all records of a set have one TTL; §5: each stands in it once.
    if (set.ttl !== facts.ttl) {
      const words = `has TTL ${facts.ttl}s, but another ${typeName(set.type)} of this name has ${set.ttl}s`;
      own.reader.refuse(here, words);
    }
    if (set.data.some(({ text }) => text === data.text)) {
      own.reader.refuse(here, 'says the same as a record before it');
    }
    set.data.push(data);
  }
  return [...sets.values()];
}

function readRecord(raw: unknown, at: ConfigPath, own: Territory, standard: Seconds) {
  const { apex, reader } = own;
  const file = reader.shape(recordShape, raw, at);
  if (file === undefined) return undefined;
  const type = parseType(file.type);
  // A parent hands its child the name, and says so itself (RFC 1034 §4.2.1, RFC 4035 §2.4).
  const isHandedDown = type === recordTypes.NS || type === recordTypes.DS;
  const territory = isHandedDown ? { ...own, inner: [] } : own;
  const name = readOwnName(file.name, [...at, 'name'], territory);
  const ttl = reader.ttl(file.ttl, [...at, 'ttl'], standard);
  const instead = insteadOf(type, name, apex);
  if (type === undefined || instead !== undefined) {
    const wish = instead ?? 'want a record type such as A or TXT';
    reader.refuse([...at, 'type'], `got "${file.type}": ${wish}`);
    return undefined;
  }
  const data = parseRdata(type, file.data, apex);
  if (typeof data === 'string') reader.refuse([...at, 'data'], data);
  return name === undefined || typeof data === 'string' ? undefined : { name, type, ttl, data };
}

/** Where what such a record would say is said instead; undefined where it may be written. */
function insteadOf(
  type: number | undefined,
  name: DomainName | undefined,
  apex: DomainName,
): string | undefined {
  if (type === undefined || isMetaType(type)) return 'want a record type such as A or TXT';
  if (type === recordTypes.SOA) {
    return 'it is made from contact, serial, negativeTtl and ttl of the zone';
  }
  if (name !== apex) return undefined;
  if (type === recordTypes.NS) return 'list nameservers of the zone';
  return type === recordTypes.DS ? 'it stands in the parent zone (RFC 4035 §2.4)' : undefined;
}
