// Geography for a configuration: compiles the area maps that its services need, without hurry.

import type { Atlas } from '../model/atlas.ts';
import type { Settings } from '../model/settings.ts';
import { areaKey, compileAreas } from '../steering/order.ts';
import type { AreaMap } from '../steering/snapshot.ts';

/**
 * One map for every `areaKey` among the services. Maps in `known` that were compiled from the same
 * atlas are taken over. `pause` is awaited between slices, so that queries are answered meanwhile.
 */
export async function buildAreas(
  settings: Settings,
  atlas: Atlas | undefined,
  known: ReadonlyMap<string, AreaMap>,
  pause: () => Promise<void>,
): Promise<ReadonlyMap<string, AreaMap>> {
  const areas = new Map<string, AreaMap>();
  for (const service of settings.services.values()) {
    const key = areaKey(service, settings.regions);
    if (areas.has(key)) continue;
    const compile = compileAreas(service, settings.regions, atlas);
    let map = known.get(key);
    while (map === undefined) {
      const step = compile.next();
      if (step.done === true) map = step.value;
      else await pause();
    }
    areas.set(key, map);
  }
  return areas;
}
