// The groundwork of a snapshot: settings with the geography that their services need.

import type { Atlas } from '../model/atlas.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Settings } from '../model/settings.ts';
import type { Clock, LoadAsns, LoadAtlas, Log } from '../ports.ts';
import { areaKey, asnsIn, compileAreas } from '../steering/order.ts';
import type { AreaMap } from '../steering/snapshot.ts';
import type { Groundwork } from './snapshot.ts';

export interface GroundOptions {
  readonly loadAtlas: LoadAtlas;
  readonly loadAsns: LoadAsns;
  /** Awaited between slices of work, so that queries are answered meanwhile. */
  readonly pause: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** GeoIP data older than this steers noticeably many clients wrongly. */
const staleDays = 60;

/**
 * Loads GeoIP data and compiles the maps. Without data the director still answers, everyone in the
 * configured order. What `last` holds and the new settings still need is taken over; an operator's
 * own database is always read again, since its file may have been replaced.
 */
export async function layGround(
  settings: Settings,
  last: Groundwork | undefined,
  { loadAtlas, loadAsns, pause, clock, log }: GroundOptions,
): Promise<Groundwork> {
  const isSameData =
    last?.atlas !== undefined && isCompanion(settings) && isCompanion(last.settings);
  if (isSameData) {
    const { atlas } = last;
    return { settings, atlas, areas: await buildAreas(settings, atlas, last.areas, pause) };
  }
  const loaded = await loadAtlas(settings.geo.mmdb);
  const places = 'code' in loaded ? last?.atlas : loaded;
  if ('code' in loaded)
    log.error(loaded.code, { reason: loaded.message, isLastKept: places !== undefined });
  else logAge(loaded, clock, log);
  const asns = await layAsns(settings, last?.atlas?.asns, { loadAsns, log });
  const atlas = places && asns !== undefined ? { ...places, asns } : places;
  const areas = await buildAreas(settings, atlas, new Map(), pause);
  return { settings, atlas, areas };
}

/** True where all of geography comes along with the program, which does not change while it runs. */
function isCompanion({ geo: { mmdb, asn } }: Settings): boolean {
  return mmdb === undefined && asn === undefined;
}

/** The networks of the autonomous systems that policies name; the last ones where the file cannot be read. */
async function layAsns(
  { geo, services }: Settings,
  last: RangeTable | undefined,
  { loadAsns, log }: Pick<GroundOptions, 'loadAsns' | 'log'>,
): Promise<RangeTable | undefined> {
  const wanted = new Set([...services.values()].flatMap(asnsIn));
  if (geo.asn === undefined || wanted.size === 0) return undefined;
  const loaded = await loadAsns(geo.asn, wanted);
  if (!('code' in loaded)) return loaded;
  log.error(loaded.code, { reason: loaded.message, isLastKept: last !== undefined });
  return last;
}

function logAge(atlas: Atlas, clock: Clock, log: Log): void {
  const ageDays = Math.floor((clock.now() - atlas.dataDate) / 86_400_000);
  const facts = { source: atlas.source, ageDays, attribution: atlas.attribution };
  log[ageDays > staleDays ? 'warn' : 'info']('geo.loaded', facts);
}

/** One map for every `areaKey` among the services. */
async function buildAreas(
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
