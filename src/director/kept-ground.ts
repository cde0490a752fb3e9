// Geography that was compiled before from the same data: taken over at a start, and kept for the next one.

import type { Atlas } from '../model/atlas.ts';
import { readAtlas } from '../model/kept-atlas.ts';
import type { Settings } from '../model/settings.ts';
import type { TableCache } from '../ports.ts';
import { keepAreas, readAreas } from '../steering/kept-areas.ts';
import { areaKey } from '../steering/order.ts';
import type { AreaMap } from '../steering/snapshot.ts';

export interface KeptGround {
  readonly atlas: Atlas;
  /** Maps of that atlas that are kept, by `areaKey`. */
  readonly areas: ReadonlyMap<string, AreaMap>;
}

/** `stamp` says of what the atlas would be read today; undefined where that is not kept. */
export async function recallGround(
  { services, regions }: Settings,
  stamp: string,
  tables: TableCache,
): Promise<KeptGround | undefined> {
  const keys = new Set(Array.from(services.values(), (service) => areaKey(service, regions)));
  const found = await tables.load([stamp, ...Array.from(keys, (key) => mapKey(stamp, key))]);
  const atlas = readAtlas(found.get(stamp));
  if (atlas === undefined) return undefined;
  const areas = new Map<string, AreaMap>();
  for (const key of keys) {
    const map = readAreas(found.get(mapKey(stamp, key)), atlas);
    if (map !== undefined) areas.set(key, map);
  }
  return { atlas, areas };
}

/** Keeps an atlas and its maps for a start with the same data. */
export function keepGround({ atlas, areas }: KeptGround, stamp: string, tables: TableCache): void {
  const kept = new Map<string, () => object>([[stamp, () => atlas]]);
  for (const [key, map] of areas) kept.set(mapKey(stamp, key), () => keepAreas(map));
  tables.save(kept);
}

/** Of maps; another one is not looked for. */
const layout = 'seeds';

function mapKey(stamp: string, key: string): string {
  return `${stamp}\n${layout}\n${key}`;
}
