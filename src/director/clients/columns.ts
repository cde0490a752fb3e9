// The entries of a table of busy keys, a column for each of their parts: no object is made to count one.

import type { Key } from './tabulation.ts';

/** What is known of one key. */
export interface Busy extends Key {
  readonly hash: number;
  /** Its true weight is at most this. */
  readonly count: number;
  /** And at least `count - error`. */
  readonly error: number;
  /** A number of the region it was last sent to. */
  readonly region: number;
}

/** Parts by entry: 33 octets for all of one. */
export interface Columns {
  readonly hash: Uint32Array;
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  readonly tag: Uint8Array;
  readonly asked: Uint16Array;
  readonly region: Uint16Array;
  readonly count: Float64Array;
  readonly error: Float64Array;
}

export function createColumns(capacity: number): Columns {
  return {
    hash: new Uint32Array(capacity),
    a: new Uint32Array(capacity),
    b: new Uint32Array(capacity),
    tag: new Uint8Array(capacity),
    asked: new Uint16Array(capacity),
    region: new Uint16Array(capacity),
    count: new Float64Array(capacity),
    error: new Float64Array(capacity),
  };
}

/** The first `size` entries, which nothing changes any more. */
export function copyColumns(columns: Columns, size: number): Columns {
  return {
    hash: columns.hash.slice(0, size),
    a: columns.a.slice(0, size),
    b: columns.b.slice(0, size),
    tag: columns.tag.slice(0, size),
    asked: columns.asked.slice(0, size),
    region: columns.region.slice(0, size),
    count: columns.count.slice(0, size),
    error: columns.error.slice(0, size),
  };
}

export function readEntry(columns: Columns, entry: number): Busy {
  return {
    hash: columns.hash[entry] as number,
    a: columns.a[entry] as number,
    b: columns.b[entry] as number,
    tag: columns.tag[entry] as number,
    asked: columns.asked[entry] as number,
    region: columns.region[entry] as number,
    count: columns.count[entry] as number,
    error: columns.error[entry] as number,
  };
}

export function writeEntry(columns: Columns, entry: number, busy: Busy): void {
  columns.hash[entry] = busy.hash;
  columns.a[entry] = busy.a;
  columns.b[entry] = busy.b;
  columns.tag[entry] = busy.tag;
  columns.asked[entry] = busy.asked;
  columns.region[entry] = busy.region;
  columns.count[entry] = busy.count;
  columns.error[entry] = busy.error;
}

/** What surely belongs to an entry. */
export function sureOf({ count, error }: Columns, entry: number): number {
  return (count[entry] as number) - (error[entry] as number);
}
