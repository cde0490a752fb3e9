// Tables of ranges that were kept: whoever kept them, they are looked through before they are believed.

import type { Ranges, RangeTable } from './ranges.ts';

/** Starts of the top 16 bits, and the end. */
const indexLength = 0x10001;

/** A table whose numbers are all below `limit`; undefined for anything else. */
export function readRangeTable(value: unknown, limit: number): RangeTable | undefined {
  const { v4, v6 } = fieldsOf(value);
  const table = { v4: readRanges(v4, 4, limit), v6: readRanges(v6, 6, limit) };
  return table.v4 === undefined || table.v6 === undefined
    ? undefined
    : { v4: table.v4, v6: table.v6 };
}

/** The properties of an object; of anything else there are none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function readRanges(value: unknown, family: 4 | 6, limit: number): Ranges | undefined {
  const { high, low, values, index } = fieldsOf(value);
  if (!(high instanceof Uint32Array && values instanceof Uint32Array)) return undefined;
  if (!(index instanceof Uint32Array) || index.length !== indexLength) return undefined;
  if (high.length === 0 || high[0] !== 0 || values.length !== high.length) return undefined;
  if (!isBelow(values, limit) || !isIndex(index, high.length)) return undefined;
  if (family === 4) return low === undefined ? { high, low, values, index } : undefined;
  const isWide = low instanceof Uint32Array && low.length === high.length && low[0] === 0;
  return isWide ? { high, low, values, index } : undefined;
}

/** Whether every number is below the limit. */
export function isBelow(numbers: Uint32Array, limit: number): boolean {
  for (let i = 0; i < numbers.length; i++) if ((numbers[i] as number) >= limit) return false;
  return true;
}

/** A search that begins in such an index ends within the ranges, whatever stands in them. */
function isIndex(index: Uint32Array, ranges: number): boolean {
  for (let i = 1; i < index.length; i++) {
    if ((index[i] as number) < (index[i - 1] as number)) return false;
  }
  return (index.at(-1) as number) < ranges;
}
