// An operator's own GeoIP database, a City file in MaxMind's DB format, read into an atlas.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Reader, type Response } from 'maxmind';
import { type Atlas, packCountry } from '../model/atlas.ts';
import type { Fault } from '../model/fault.ts';
import { formatIp, ipv4, ipv6 } from '../model/ip.ts';
import { LabelBuilder } from '../model/labels.ts';
import { RangeBuilder, type Ranges } from '../model/ranges.ts';
import { millis } from '../model/time.ts';
import { type SearchTree, type TreeRange, walkTree } from './mmdb-tree.ts';
import { PlaceTable } from './places.ts';

/** More than any database has, and less than would fill the memory. */
const mostRanges = 16_000_000;

/** The metadata stands behind this, within the last 128 KiB of a file. */
const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const metadataBytes = 128 * 1024;

/** Where a database does not say how sure it is of a place, the place is weak evidence. */
const unstatedRadiusKm = 1000;

/** Reads a whole database, pausing often enough for the event loop; the file is not kept. */
export async function loadMmdb(path: string): Promise<Atlas | Fault> {
  return await readMmdb(path, readAtlas);
}

/** A database that is open, with what it says of itself. */
export interface OpenMmdb {
  readonly reader: Reader<Response>;
  readonly tree: SearchTree;
  readonly type: string;
  readonly built: Date;
}

/** What `read` makes of a database, or the fault that it or the file has. */
export async function readMmdb<T>(
  path: string,
  read: (open: OpenMmdb, path: string) => Promise<T>,
): Promise<T | Fault> {
  try {
    return await read(openMmdb(await readFile(path)), path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 'geo.unavailable', message: `${path} cannot be used: ${reason}` };
  }
}

function openMmdb(bytes: Buffer): OpenMmdb {
  // The reader itself would search the whole file for the marker, octet by octet.
  if (!bytes.subarray(-metadataBytes).includes(metadataMarker)) {
    throw new Error('it is not a MaxMind DB file, or not a whole one');
  }
  const reader = new Reader<Response>(bytes);
  const { databaseType, buildEpoch, searchTreeSize } = reader.metadata;
  if (!(searchTreeSize < bytes.length)) throw new Error('its search tree is not whole');
  if (Number.isNaN(buildEpoch.getTime())) throw new Error('it does not say when it was built');
  const tree: SearchTree = { bytes, ...reader.metadata };
  return { reader, tree, type: databaseType, built: buildEpoch };
}

async function readAtlas({ reader, tree, type, built }: OpenMmdb, path: string): Promise<Atlas> {
  const places = new PlaceReader(reader);
  const numberOf = (range: TreeRange, family: 4 | 6): number => places.numberOf(range, family);
  const v4 = await readRanges(tree, 4, numberOf);
  const v6 = await readRanges(tree, 6, numberOf);
  const { labels: of, ...columns } = places.table.finish();
  if (columns.size === 1) throw new Error(`it has no coordinates: ${type} is no City database`);
  return {
    source: `${type} in ${basename(path)}`,
    dataDate: millis(built.getTime()),
    attribution: attributionOf(type),
    ranges: { v4, v6 },
    ...columns,
    labels: places.labels.finish(of),
  };
}

function attributionOf(databaseType: string): string {
  return databaseType.startsWith('GeoLite2')
    ? 'This product includes GeoLite2 Data created by MaxMind, available from https://www.maxmind.com.'
    : `Locations are those of the database ${databaseType}, under its own licence.`;
}

/** Every range of a family with its number, with pauses. */
export async function readRanges(
  tree: SearchTree,
  family: 4 | 6,
  numberOf: (range: TreeRange, family: 4 | 6) => number,
): Promise<Ranges> {
  const builder = new RangeBuilder(family);
  let seen = 0;
  let turn = performance.now();
  for (const range of walkTree(tree, family)) {
    builder.append(range.high, range.low, numberOf(range, family));
    if (++seen > mostRanges) throw new Error(`it has more than ${mostRanges} ranges`);
    if (seen % 64 === 0 && performance.now() - turn > 4) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return builder.finish();
}

/** Records of the file → numbers of places; every record is decoded once. */
class PlaceReader {
  readonly table = new PlaceTable(2 ** 19);
  readonly labels = new LabelBuilder();
  /** By their words; a place without words has none. */
  readonly #labelNumbers = new Map<string, number>([['/', 0]]);
  readonly #numbers = new Map<number, number>([[0, 0]]);
  readonly #reader: Reader<Response>;

  constructor(reader: Reader<Response>) {
    this.#reader = reader;
  }

  numberOf(range: TreeRange, family: 4 | 6): number {
    const known = this.#numbers.get(range.record);
    if (known !== undefined) return known;
    const number = this.#place(recordAt(this.#reader, range, family));
    this.#numbers.set(range.record, number);
    return number;
  }

  /** Unknown is what has no country or no coordinates; 0, 0 is how some databases say the latter. */
  #place(record: unknown): number {
    const iso = dig(record, 'country', 'iso_code') ?? dig(record, 'registered_country', 'iso_code');
    const country = packCountry(textOf(iso));
    const latitude = degreesOf(dig(record, 'location', 'latitude'), 90);
    const longitude = degreesOf(dig(record, 'location', 'longitude'), 180);
    if (country === 0 || latitude === undefined || longitude === undefined) return 0;
    if (latitude === 0 && longitude === 0) return 0;
    const radius = Number(dig(record, 'location', 'accuracy_radius'));
    const label = this.#labelOf(
      textOf(dig(record, 'subdivisions', 0, 'iso_code')),
      textOf(dig(record, 'city', 'names', 'en')),
    );
    const radiusKm = radius > 0 ? Math.ceil(radius) : unstatedRadiusKm;
    return this.table.numberOf(label, latitude, longitude, radiusKm, country);
  }

  #labelOf(subdivision: string, city: string): number {
    const key = `${subdivision}/${city}`;
    const known = this.#labelNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.labels.add(Buffer.from(subdivision), Buffer.from(city));
    this.#labelNumbers.set(key, number);
    return number;
  }
}

/** The record of a range, decoded. */
export function recordAt(
  reader: Reader<Response>,
  { high, low }: TreeRange,
  family: 4 | 6,
): unknown {
  return reader.get(formatIp(family === 4 ? ipv4(high) : ipv6(high, low, 0, 0)));
}

/** What lies at a path; undefined where the record is made differently. */
function dig(record: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (found as Record<string | number, unknown> | null | undefined)?.[key],
    record,
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Degrees times 10,000. */
function degreesOf(value: unknown, limit: number): number | undefined {
  const isAngle = typeof value === 'number' && Math.abs(value) <= limit;
  return isAngle ? Math.round(value * 10_000) : undefined;
}
