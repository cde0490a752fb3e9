// Maps of areas as they are kept: classes packed into one array, and looked through before they are believed.

import { fieldsOf, readRangeTable } from '../model/kept-ranges.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { AreaClass, AreaMap } from './snapshot.ts';

/** A map whose many small lists would take longer to write and to read than all of its ranges. */
export interface KeptAreas {
  readonly ranges: RangeTable;
  readonly regions: readonly RegionId[];
  /**
   * Class by class: its flags, its regions by their positions plus one with a 0 behind each tier, and a
   * further 0 at the end.
   */
  readonly orders: Uint32Array;
}

const specialFlag = 1;
const fencedFlag = 2;

export function keepAreas({ ranges, classes }: AreaMap): KeptAreas {
  const numbers = new Map<RegionId, number>();
  const words: number[] = [];
  for (const { tiers, isSpecial, isFenced } of classes) {
    words.push((isSpecial ? specialFlag : 0) | (isFenced ? fencedFlag : 0));
    for (const tier of tiers) {
      for (const id of tier) {
        const number = numbers.get(id) ?? numbers.size + 1;
        numbers.set(id, number);
        words.push(number);
      }
      words.push(0);
    }
    words.push(0);
  }
  return { ranges, regions: [...numbers.keys()], orders: Uint32Array.from(words) };
}

/** The map, if its classes name these regions only and no range leads nowhere; undefined for anything else. */
export function readAreas(
  value: unknown,
  regions: ReadonlyMap<RegionId, Region>,
): AreaMap | undefined {
  const { orders, regions: ids, ranges: kept } = fieldsOf(value);
  const isKnown = (id: unknown): id is RegionId => regions.has(id as RegionId);
  if (!Array.isArray(ids) || !ids.every(isKnown) || !(orders instanceof Uint32Array))
    return undefined;
  const classes: AreaClass[] = [];
  for (let at = 0; at < orders.length; ) {
    const flags = orders[at++] as number;
    const tiers: RegionId[][] = [];
    for (; orders[at] !== 0; at++) {
      const tier: RegionId[] = [];
      for (; orders[at] !== 0; at++) {
        const id = ids[(orders[at] ?? 0) - 1];
        // Also where the array ends within a class.
        if (id === undefined) return undefined;
        tier.push(id);
      }
      tiers.push(tier);
    }
    at++;
    classes.push({
      tiers,
      isSpecial: (flags & specialFlag) > 0,
      isFenced: (flags & fencedFlag) > 0,
    });
  }
  const ranges = readRangeTable(kept, classes.length);
  return ranges && { ranges, classes };
}
