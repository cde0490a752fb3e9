// Maps of areas as they are kept: looked through before they are believed.

import type { Atlas } from '../model/atlas.ts';
import { fieldsOf, readRangeTable } from '../model/kept-ranges.ts';
import type { RangeTable } from '../model/ranges.ts';
import { seedLength } from './seeds.ts';
import type { AreaMap } from './snapshot.ts';

/** A map without its atlas, which is kept once for all of them. */
export interface KeptAreas {
  readonly ranges: RangeTable;
  readonly seeds: Uint32Array;
}

export function keepAreas({ ranges, seeds }: AreaMap): KeptAreas {
  return { ranges, seeds };
}

/** The map, if its seeds name places of this atlas only and no range leads nowhere; undefined for anything else. */
export function readAreas(value: unknown, atlas: Atlas): AreaMap | undefined {
  const { seeds, ranges: kept } = fieldsOf(value);
  if (!(seeds instanceof Uint32Array) || seeds.length % seedLength !== 0) return undefined;
  for (let at = 0; at < seeds.length; at += seedLength) {
    if ((seeds[at] as number) >= atlas.size) return undefined;
  }
  const ranges = readRangeTable(kept, seeds.length / seedLength);
  return ranges && { ranges, seeds, atlas };
}
