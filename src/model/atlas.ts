// The atlas: every address range and the place GeoIP gives it.

import type { Ip } from './ip.ts';
import { labelAt, type Labels } from './labels.ts';
import type { Coordinates, Place } from './place.ts';
import { type RangeTable, valueOf } from './ranges.ts';
import type { Millis } from './time.ts';

/**
 * Geography as data, whose arrays lie in memory that threads share. A range's number is the index of a
 * place; 0 is "not known".
 */
export interface Atlas {
  /** What the data is and where it comes from, such as `geoip-lite 1.4.10`. */
  readonly source: string;
  /** The date of the data itself, not of the package or the file. */
  readonly dataDate: Millis;
  /** The sentence that the data's licence asks for. */
  readonly attribution: string;
  readonly ranges: RangeTable;
  /** Number of places, the unknown one (index 0) included. */
  readonly size: number;
  /** Per place: two upper-case ASCII letters packed into 16 bits, 0 when unknown. */
  readonly countries: Uint16Array;
  /** Per place: degrees times 10,000. */
  readonly latitudes: Int32Array;
  readonly longitudes: Int32Array;
  /** Per place: accuracy radius in km. */
  readonly radii: Uint16Array;
  /**
   * The numbers of autonomous systems that policies name, where a range belongs to one, and 0 elsewhere;
   * undefined without a database that knows.
   */
  readonly asns?: RangeTable | undefined;
  /** Subdivision and city of each place. */
  readonly labels: Labels;
}

export function countryAt(atlas: Atlas, index: number): string {
  return unpackCountry(atlas.countries[index] ?? 0);
}

export function unpackCountry(packed: number): string {
  return packed === 0 ? '' : String.fromCharCode(packed >>> 8, packed & 255);
}

/** Packs a two-letter code; anything else is 0. */
export function packCountry(code: string): number {
  return /^[A-Z]{2}$/.test(code) ? (code.charCodeAt(0) << 8) | code.charCodeAt(1) : 0;
}

export function coordinatesAt(atlas: Atlas, index: number): Coordinates {
  return {
    latitude: (atlas.latitudes[index] ?? 0) / 10_000,
    longitude: (atlas.longitudes[index] ?? 0) / 10_000,
  };
}

/** Everything known of the place at an index; undefined for "not known". */
export function placeAt(atlas: Atlas, index: number): Place | undefined {
  if (index === 0) return undefined;
  return {
    country: countryAt(atlas, index),
    coordinates: coordinatesAt(atlas, index),
    radiusKm: atlas.radii[index] ?? 0,
    ...labelAt(atlas.labels, index),
  };
}

export function placeOf(atlas: Atlas, ip: Ip): Place | undefined {
  return placeAt(atlas, valueOf(atlas.ranges, ip));
}
