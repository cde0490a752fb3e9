// The file of compiled tables: values under keys, their typed arrays laid out so that they need no reading.

import { createHash } from 'node:crypto';

/** Typed arrays that a value may have. */
export type Table = Uint8Array | Uint16Array | Int32Array | Uint32Array;

const kinds = { Uint8Array, Uint16Array, Int32Array, Uint32Array };

/** One of `kinds`, over memory that threads share. */
interface TableKind {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer, at: number, length: number): Table;
}

/** Where an array of a value lies within its section. */
interface Place {
  readonly table: keyof typeof kinds;
  readonly at: number;
  readonly length: number;
}

/** A value of the file; their arrays follow the list, one section's behind the other's. */
export interface Section {
  readonly key: string;
  /** How many octets its arrays take, and CRC-32 over these in hexadecimal. */
  readonly octets: number;
  readonly digest: string;
  /** JSON, with a `Place` for every array. */
  readonly text: string;
}

/** Magic, layout, length of the list of sections, its SHA-256. */
export const headOctets = 64;
/** The list is small whatever it lists: it says where the arrays are. */
export const longestList = 16 << 20;
const magic = Buffer.from('MERIDIAN TABLES\n', 'latin1');
const layoutAt = magic.length;
const lengthAt = layoutAt + 4;
const digestAt = lengthAt + 4;
/** In the order of this machine, as the arrays are: on another one it is another number. */
const layout = new Uint8Array(Uint32Array.of(2).buffer);

/** Every array begins at a multiple of this, which suits all kinds. */
const alignment = 8;

export function aligned(octets: number): number {
  return Math.ceil(octets / alignment) * alignment;
}

/** A value with its arrays taken out, in the order in which they are to be written. */
export interface Parted {
  readonly text: string;
  readonly tables: readonly Table[];
  /** All arrays together, each with what keeps the next one aligned. */
  readonly octets: number;
}

export function part(value: object): Parted {
  const tables: Table[] = [];
  let octets = 0;
  const text = JSON.stringify(value, (_, each: unknown) => {
    if (!isTable(each)) return each;
    const place: Place = { table: kindOf(each), at: octets, length: each.length };
    tables.push(each);
    octets = aligned(octets + each.byteLength);
    return place;
  });
  return { text, tables, octets };
}

/** The value, with its arrays as views of a section's memory; throws where one would not fit. */
export function join({ text, octets }: Section, memory: SharedArrayBuffer, start: number): unknown {
  // Shapes are read by whoever knows them; here only what would reach beyond the section is refused.
  return JSON.parse(text, (_, each: unknown) => {
    if (!isPlace(each)) return each;
    const Kind: TableKind = kinds[each.table];
    const end = each.at + each.length * Kind.BYTES_PER_ELEMENT;
    if (each.at % alignment !== 0 || end > octets) throw new Error('an array lies outside');
    return new Kind(memory, start + each.at, each.length);
  });
}

/** The beginning of a file, up to where the first section may start. */
export function writeList(sections: readonly Section[]): Buffer {
  const list = Buffer.from(JSON.stringify(sections));
  const head = Buffer.alloc(endOfList(list.length));
  magic.copy(head);
  head.set(layout, layoutAt);
  head.writeUInt32LE(list.length, lengthAt);
  digestOf(list).copy(head, digestAt);
  list.copy(head, headOctets);
  return head;
}

/** Where the first section starts. */
export function endOfList(length: number): number {
  return aligned(headOctets + length);
}

/** How long the list is; undefined where this is no file of this layout. */
export function readHead(
  head: Buffer,
): { readonly length: number; readonly digest: Buffer } | undefined {
  const isOurs =
    head.subarray(0, layoutAt).equals(magic) && head.subarray(layoutAt, lengthAt).equals(layout);
  if (!isOurs) return undefined;
  return { length: head.readUInt32LE(lengthAt), digest: head.subarray(digestAt, digestAt + 32) };
}

/** The sections of a file of so many octets; throws where the list is not as it was written. */
export function readList(list: Buffer, digest: Buffer, fileOctets: number): Section[] {
  if (!digestOf(list).equals(digest)) throw new Error('its list is not as it was written');
  const sections: unknown = JSON.parse(list.toString());
  if (!Array.isArray(sections)) throw new Error('it has no list');
  let end = endOfList(list.length);
  return sections.map((each: unknown) => {
    if (!isSection(each)) throw new Error('it has an odd section');
    end += each.octets;
    if (end > fileOctets) throw new Error('it is torn');
    return each;
  });
}

function digestOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function isSection(value: unknown): value is Section {
  if (typeof value !== 'object' || value === null) return false;
  const { key, octets, digest, text } = value as Partial<Section>;
  const isText = [key, digest, text].every((each) => typeof each === 'string');
  return isText && isCount(octets) && octets % alignment === 0;
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { table, at, length } = value as Partial<Place>;
  return typeof table === 'string' && Object.hasOwn(kinds, table) && isCount(at) && isCount(length);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTable(value: unknown): value is Table {
  return ArrayBuffer.isView(value) && Object.hasOwn(kinds, value.constructor.name);
}

function kindOf(table: Table): keyof typeof kinds {
  return table.constructor.name as keyof typeof kinds;
}
