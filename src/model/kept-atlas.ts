// An atlas that was kept, looked through before it is believed.

import type { Atlas } from './atlas.ts';
import { fieldsOf, isBelow, readRangeTable } from './kept-ranges.ts';
import type { Labels } from './labels.ts';
import { millis } from './time.ts';

/** An atlas in which no number leads nowhere; undefined for anything else. */
export function readAtlas(value: unknown): Atlas | undefined {
  const { source, dataDate, attribution, size, ...rest } = fieldsOf(value);
  if (typeof source !== 'string' || typeof attribution !== 'string') return undefined;
  if (typeof dataDate !== 'number' || !Number.isSafeInteger(dataDate)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return undefined;
  const ranges = readRangeTable(rest['ranges'], size);
  const labels = readLabels(rest['labels'], size);
  const asns = readRangeTable(rest['asns'], 2 ** 32);
  const { countries, latitudes, longitudes, radii } = rest;
  const columns = [countries, latitudes, longitudes, radii];
  if (!columns.every((column) => ArrayBuffer.isView(column) && lengthOf(column) === size))
    return undefined;
  if (!(countries instanceof Uint16Array && radii instanceof Uint16Array)) return undefined;
  if (!(latitudes instanceof Int32Array && longitudes instanceof Int32Array)) return undefined;
  if (ranges === undefined || labels === undefined) return undefined;
  if (asns === undefined && rest['asns'] !== undefined) return undefined;
  const named = { source, dataDate: millis(dataDate), attribution };
  const placed = { size, countries, latitudes, longitudes, radii, labels };
  return { ...named, ranges, ...placed, ...(asns && { asns }) };
}

function lengthOf(column: ArrayBufferView): unknown {
  return 'length' in column ? column.length : undefined;
}

function readLabels(value: unknown, size: number): Labels | undefined {
  const { of, starts, octets } = fieldsOf(value);
  if (!(of instanceof Uint32Array && starts instanceof Uint32Array)) return undefined;
  if (!(octets instanceof Uint8Array) || of.length !== size) return undefined;
  // Two texts a label, and the end: a start beyond the octets only makes a text shorter.
  const isWhole = starts.length % 2 === 1 && isBelow(of, (starts.length - 1) / 2);
  return isWhole ? { of, starts, octets } : undefined;
}
