// The records of a large zone in a few typed arrays: small, out of the collector's way, and shared by
// threads without a copy.

import type { RecordType } from './message.ts';
import type { DomainName } from './name.ts';

/** Numbers in the arrays are positions; where there may be none, they count from 1 and 0 is none. */
export interface RecordTable {
  /** Wire forms of names and data, wherever the other arrays say. */
  readonly octets: Uint8Array;
  /**
   * Four numbers a name: where it starts in `octets`, its first set, its parent, and the delegation
   * that it is or lies below. The apex is name 0, and every name stands behind its parent; names
   * without a set are there as well (RFC 8020).
   */
  readonly names: Uint32Array;
  /** Five numbers a set: its name, type, TTL in seconds, first record, and the next set of the name. */
  readonly sets: Uint32Array;
  /** Three numbers a record: where its data starts in `octets`, how long it is, the next of the set. */
  readonly records: Uint32Array;
  /** Names by their hash, counted from 1: a power of two of places, at least half of them free. */
  readonly slots: Uint32Array;
}

/** Numbers that a name, a set and a record take. */
export const nameSize = 4;
export const setSize = 5;
export const recordSize = 3;

export function nameCount({ names }: RecordTable): number {
  return names.length / nameSize;
}

export function setCount({ sets }: RecordTable): number {
  return sets.length / setSize;
}

/** The number of a name; undefined when it is not there. */
export function findEntry(table: RecordTable, name: DomainName): number | undefined {
  return findSlot(table.slots, table.octets, table.names, name).name;
}

export function nameAt({ octets, names }: RecordTable, name: number): DomainName {
  return wireName(octets, names[name * nameSize] as number);
}

/** The delegation that a name is or lies below. */
export function cutAt({ names }: RecordTable, name: number): number | undefined {
  const cut = names[name * nameSize + 3] as number;
  return cut === 0 ? undefined : cut - 1;
}

/** The numbers of a name's sets. */
export function setsAt({ names, sets }: RecordTable, name: number): number[] {
  const found: number[] = [];
  let at = names[name * nameSize + 1] as number;
  for (; at !== 0; at = sets[(at - 1) * setSize + 4] as number) found.push(at - 1);
  return found;
}

/** The number of a name's set of one type. */
export function findSet(table: RecordTable, name: number, type: RecordType): number | undefined {
  const { names, sets } = table;
  let at = names[name * nameSize + 1] as number;
  while (at !== 0 && sets[(at - 1) * setSize + 1] !== type) {
    at = sets[(at - 1) * setSize + 4] as number;
  }
  return at === 0 ? undefined : at - 1;
}

/** The number of the name that has the set. */
export function ownerOf({ sets }: RecordTable, set: number): number {
  return sets[set * setSize] as number;
}

export function typeAt({ sets }: RecordTable, set: number): RecordType {
  return sets[set * setSize + 1] as number;
}

export function ttlAt({ sets }: RecordTable, set: number): number {
  return sets[set * setSize + 2] as number;
}

/** The data of a set's records, in the order in which they were added; copies, which outlive the table. */
export function dataAt({ octets, sets, records }: RecordTable, set: number): Uint8Array[] {
  const data: Uint8Array[] = [];
  let at = sets[set * setSize + 3] as number;
  while (at !== 0) {
    const record = (at - 1) * recordSize;
    const start = records[record] as number;
    data.push(octets.slice(start, start + (records[record + 1] as number)));
    at = records[record + 2] as number;
  }
  return data;
}

/** The name that starts there in wire form. */
function wireName(octets: Uint8Array, start: number): DomainName {
  const wire = octets.subarray(start, endOfName(octets, start));
  return Reflect.apply(String.fromCharCode, undefined, wire) as DomainName;
}

function endOfName(octets: Uint8Array, start: number): number {
  let at = start;
  while (octets[at] !== 0) at += (octets[at] as number) + 1;
  return at + 1;
}

/** A name's number, and the place that is its own or would be. */
export function findSlot(
  slots: Uint32Array,
  octets: Uint8Array,
  names: Uint32Array,
  name: DomainName,
): { readonly slot: number; readonly name: number | undefined } {
  const mask = slots.length - 1;
  let slot = hashOf(name) & mask;
  for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const number = (slots[slot] as number) - 1;
    if (isNameAt(octets, names[number * nameSize] as number, name)) return { slot, name: number };
  }
  return { slot, name: undefined };
}

/** No wire form of a name is the beginning of another one. */
function isNameAt(octets: Uint8Array, start: number, name: DomainName): boolean {
  for (let i = 0; i < name.length; i++) {
    if (octets[start + i] !== name.charCodeAt(i)) return false;
  }
  return true;
}

/** FNV-1a, with its high bits mixed into the low ones that choose the place. */
function hashOf(name: DomainName): number {
  let hash = firstHash;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), hashFactor);
  return mixed(hash);
}

/** The same of a name in wire form. */
export function hashAt(octets: Uint8Array, start: number): number {
  const end = endOfName(octets, start);
  let hash = firstHash;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (octets[i] as number), hashFactor);
  return mixed(hash);
}

const firstHash = 0x811c9dc5;
const hashFactor = 0x01000193;

function mixed(hash: number): number {
  const high = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return high ^ (high >>> 13);
}
