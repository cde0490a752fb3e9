// The GeoIP data that geoip-lite ships, read from its files into an atlas.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Atlas, packCountry } from '../model/atlas.ts';
import type { Fault } from '../model/fault.ts';
import { formatIp, ipv4, ipv6 } from '../model/ip.ts';
import { LabelBuilder } from '../model/labels.ts';
import { RangeBuilder, type Ranges } from '../model/ranges.ts';
import { type Millis, millis } from '../model/time.ts';
import { PlaceTable } from './places.ts';
import { countRows, readRows } from './rows.ts';

/** As the licence of the data asks (geoip-lite's LICENSE, "Databases license"). */
const attribution =
  'This product includes GeoLite2 data created by MaxMind, available from http://www.maxmind.com.';

/** A file of ranges: rows of big-endian words, first address, last address, then the place. */
interface Layout {
  readonly file: string;
  readonly family: 4 | 6;
  readonly addressBytes: number;
  /** With fewer located rows, or an end before this address, the file is not whole. */
  readonly leastRows: number;
  readonly leastEnd: number;
}

const fileOfV4: Layout = {
  file: 'geoip-city.dat',
  family: 4,
  addressBytes: 4,
  leastRows: 1_000_000,
  leastEnd: 0xdf000000,
};

const fileOfV6: Layout = {
  file: 'geoip-city6.dat',
  family: 6,
  addressBytes: 16,
  leastRows: 200_000,
  leastEnd: 0x2c000000,
};

/** Location number, latitude, longitude and radius at the end of a row. */
const placeBytes = 16;

/** A row of locations: country at 0, subdivision at 2, city from 42 to its end. */
const nameBytes = 88;
const nameFile = 'geoip-city-names.dat';

/**
 * Reads the installed package's files. Its module is never loaded: it would read the same files
 * synchronously and keep 146 MB of them, three times what the atlas takes.
 */
export async function loadGeolite(packageFolder?: string): Promise<Atlas | Fault> {
  try {
    return await readAtlas(packageFolder ?? installed());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: 'geo.unavailable', message: `geoip-lite's data cannot be used: ${reason}` };
  }
}

function installed(): string {
  return dirname(fileURLToPath(import.meta.resolve('geoip-lite/package.json')));
}

/** Everything that is read of the installed package; throws where there is none. */
export function geoliteFiles(): string[] {
  const data = ['city.checksum', nameFile, fileOfV4.file, fileOfV6.file];
  return [
    join(installed(), 'package.json'),
    ...data.map((file) => join(installed(), 'data', file)),
  ];
}

async function readAtlas(packageFolder: string): Promise<Atlas> {
  const folder = join(packageFolder, 'data');
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const dataDate = await readDate(folder);
  const names = await readNames(folder);
  const places = new PlaceTable(2 ** 19);
  const v4 = await readRanges(folder, fileOfV4, names, places);
  const v6 = await readRanges(folder, fileOfV6, names, places);
  const { labels: of, ...columns } = places.finish();
  return {
    source: `geoip-lite ${manifest.version}`,
    dataDate,
    attribution,
    ranges: { v4, v6 },
    ...columns,
    labels: names.labels.finish(of),
  };
}

/** The checksum file names the archive that the data was made from, and that name is dated. */
async function readDate(folder: string): Promise<Millis> {
  const text = await readFile(join(folder, 'city.checksum'), 'utf8');
  const date = Date.parse(text.replace(/^.*_(\d{4})(\d{2})(\d{2})\.zip\s*$/s, '$1-$2-$3'));
  if (Number.isNaN(date)) throw new Error('city.checksum names no date');
  return millis(date);
}

interface Names {
  /** Of each location, whose number is one less. */
  readonly labels: LabelBuilder;
  /** The packed country of each location. */
  readonly countries: Uint16Array;
}

async function readNames(folder: string): Promise<Names> {
  const path = join(folder, nameFile);
  const count = await countRows(path, nameBytes);
  const labels = new LabelBuilder();
  const countries = new Uint16Array(count);
  let row = 0;
  for await (const rows of readRows(path, nameBytes)) {
    for (let at = 0; at < rows.length && row < count; at += nameBytes) {
      countries[row++] = packCountry(rows.toString('latin1', at, at + 2));
      labels.add(
        textIn(rows.subarray(at + 2, at + 5)),
        textIn(rows.subarray(at + 42, at + nameBytes)),
      );
    }
  }
  return { labels, countries };
}

/** Text up to the first zero octet; a last character that the field was too short for is left out. */
function textIn(field: Buffer): Uint8Array {
  const end = field.indexOf(0);
  if (end >= 0) return field.subarray(0, end);
  return Buffer.from(field.toString('utf8').replace(/\uFFFD+$/, ''));
}

async function readRanges(
  folder: string,
  layout: Layout,
  names: Names,
  places: PlaceTable,
): Promise<Ranges> {
  const path = join(folder, layout.file);
  const rowBytes = 2 * layout.addressBytes + placeBytes;
  // Refuses a file that ends within a row before any of it is believed.
  await countRows(path, rowBytes);
  const reader = new RangeReader(layout, names.countries, places);
  for await (const rows of readRows(path, rowBytes)) reader.take(rows);
  return reader.finish();
}

/** Turns rows into ranges, and counts what it needs to tell a damaged file. */
class RangeReader {
  readonly #layout: Layout;
  readonly #countries: Uint16Array;
  readonly #places: PlaceTable;
  readonly #builder: RangeBuilder;
  /** Start of the row before, and the address after its end. */
  #at: readonly [high: number, low: number, nextHigh: number, nextLow: number] = [-1, 0, 0, 0];
  #located = 0;
  #skipped = 0;

  constructor(layout: Layout, countries: Uint16Array, places: PlaceTable) {
    this.#layout = layout;
    this.#countries = countries;
    this.#places = places;
    this.#builder = new RangeBuilder(layout.family);
    this.#builder.append(0, 0, 0);
  }

  /**
   * A row ends where the next one starts, even when it claims to end later: the package's own
   * converter misreads an end such as `2001:db8::ffff:ffff:ffff:ffff` and makes a /48 of a /64.
   */
  take(rows: Buffer): void {
    const { family, addressBytes } = this.#layout;
    const words = new DataView(rows.buffer, rows.byteOffset, rows.length);
    // Numbers of 32 bits are quick in variables and slow in fields.
    let [startHigh, startLow, nextHigh, nextLow] = this.#at;
    for (let at = 0; at < rows.length; at += 2 * addressBytes + placeBytes) {
      const high = words.getUint32(at);
      const low = family === 4 ? 0 : words.getUint32(at + 4);
      const lastHigh = words.getUint32(at + addressBytes);
      const lastLow = family === 4 ? 0 : words.getUint32(at + addressBytes + 4);
      if (!isBefore(startHigh, startLow, high, low) || isBefore(lastHigh, lastLow, high, low)) {
        this.#skipped++;
        continue;
      }
      if (isBefore(nextHigh, nextLow, high, low)) this.#builder.append(nextHigh, nextLow, 0);
      const place = this.#placeAt(words, at + 2 * addressBytes);
      if (place !== 0) this.#located++;
      this.#builder.append(high, low, place);
      startHigh = high;
      startLow = low;
      nextLow = family === 4 ? 0 : (lastLow + 1) >>> 0;
      nextHigh = nextLow === 0 ? (lastHigh + 1) >>> 0 : lastHigh;
    }
    this.#at = [startHigh, startLow, nextHigh, nextLow];
  }

  /**
   * Unknown are rows without a location, those of a whole continent, which have no country, and
   * single addresses with a country but no coordinates: these have no radius either, and stand at 0, 0.
   */
  #placeAt(words: DataView, at: number): number {
    const location = words.getUint32(at);
    const radius = words.getUint32(at + 12);
    // Reading beyond the end of a typed array would take this loop off its fast path.
    if (location >= this.#countries.length || radius === 0) return 0;
    const country = this.#countries[location] as number;
    if (country === 0) return 0;
    return this.#places.numberOf(
      location + 1,
      words.getInt32(at + 4),
      words.getInt32(at + 8),
      radius,
      country,
    );
  }

  finish(): Ranges {
    const { file, family, leastRows, leastEnd } = this.#layout;
    const [high, low, nextHigh, nextLow] = this.#at;
    if (this.#located < leastRows) throw new Error(`${file} locates only ${this.#located} ranges`);
    if (this.#skipped > this.#located / 100) {
      throw new Error(`${file} has ${this.#skipped} rows out of order`);
    }
    if (high < leastEnd) {
      const end = family === 4 ? ipv4(high) : ipv6(high, low, 0, 0);
      throw new Error(`${file} ends early, at ${formatIp(end)}`);
    }
    this.#builder.append(nextHigh, nextLow, 0);
    return this.#builder.finish();
  }
}

function isBefore(high: number, low: number, otherHigh: number, otherLow: number): boolean {
  return high < otherHigh || (high === otherHigh && low < otherLow);
}
