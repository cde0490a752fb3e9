// What the parts of a snapshot take: GeoIP read, geography compiled, plans made anew when health changes.

import { loadAtlas } from '../../src/edge/geo.ts';
import { openRecovery } from '../../src/health/recover.ts';
import { loadSettings } from '../../src/load.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';
import { areaKey, compileAreas } from '../../src/steering/order.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import type { AreaMap } from '../../src/steering/snapshot.ts';
import { median } from './table.ts';

/** What the parts of a snapshot take, in ms, in a process that does nothing else. */
export interface SnapshotCost {
  readonly loadMs: number;
  readonly compileMs: number;
  /** The longest that compiling kept everything else waiting. */
  readonly longestSliceMs: number;
  readonly maps: number;
  readonly ranges: number;
  /** From a change of health to the plans of the next snapshot. */
  readonly flipMs: number;
}

/** Throws where the configuration is faulty. */
export async function measureSnapshot(config: string): Promise<SnapshotCost> {
  const loaded = await loadSettings(config, {});
  if (!loaded.ok) throw new Error(`${config} is faulty: ${JSON.stringify(loaded)}`);
  const settings = loaded.value;
  const startLoad = performance.now();
  const atlas = await loadAtlas(undefined);
  const loadMs = performance.now() - startLoad;
  if ('code' in atlas) throw new Error(atlas.message);
  const areas = new Map<string, AreaMap>();
  let longestSliceMs = 0;
  const startBuild = performance.now();
  for (const service of settings.services.values()) {
    const key = areaKey(service, settings.regions);
    if (areas.has(key)) continue;
    const compile = compileAreas(service, settings.regions, atlas);
    for (;;) {
      const startSlice = performance.now();
      const step = compile.next();
      longestSliceMs = Math.max(longestSliceMs, performance.now() - startSlice);
      if (step.done !== true) continue;
      areas.set(key, step.value);
      break;
    }
  }
  const compileMs = performance.now() - startBuild;
  const up: RegionHealth = {
    verdict: 'up',
    isKept: false,
    isSuspect: false,
    since: millis(0),
    votes: [],
    recovery: openRecovery,
  };
  const health = new Map([...settings.regions.keys()].map((id) => [id, up]));
  const flips = Array.from({ length: flipTries }, () => {
    const start = performance.now();
    preparePlans(settings, areas, health, new Map());
    return performance.now() - start;
  });
  const ranges = [...areas.values()].reduce(
    (sum, map) => sum + map.ranges.v4.high.length + map.ranges.v6.high.length,
    0,
  );
  return {
    loadMs,
    compileMs,
    longestSliceMs,
    maps: areas.size,
    ranges,
    flipMs: median(flips),
  };
}

const flipTries = 21;

/** In a process of its own: `node test/bench/snapshot.ts CONFIG` prints the cost as JSON. */
if (import.meta.main) {
  console.log(JSON.stringify(await measureSnapshot(process.argv[2] ?? 'meridian.yaml')));
}
