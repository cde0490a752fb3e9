// The groundwork of a snapshot: settings with the geography that their services need.

import { indexInSlices } from '../authority/zone.ts';
import type { Atlas } from '../model/atlas.ts';
import type { Settings } from '../model/settings.ts';
import type { Clock, LoadAsns, LoadAtlas, Log, TableCache } from '../ports.ts';
import { areaKey, asnsIn, compileAreas } from '../steering/order.ts';
import { readyStates } from '../steering/service-state.ts';
import type { AreaMap } from '../steering/snapshot.ts';
import { keepGround, recallGround } from './kept-ground.ts';
import type { Groundwork } from './snapshot.ts';

export interface GroundOptions {
  readonly loadAtlas: LoadAtlas;
  readonly loadAsns: LoadAsns;
  /** Awaited between slices of work, so that queries are answered meanwhile. */
  readonly pause: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Left out where nothing is kept between starts. */
  readonly tables?: TableCache | undefined;
}

/** GeoIP data older than this steers noticeably many clients wrongly. */
const staleDays = 60;

/**
 * Loads GeoIP data and compiles the maps. Without data the director still answers, everyone in the
 * configured order. What `last` holds and the new settings still need is taken over, otherwise what is
 * kept on disk; an operator's own database is read again where its file may have been replaced.
 */
export async function layGround(
  settings: Settings,
  last: Groundwork | undefined,
  options: GroundOptions,
): Promise<Groundwork> {
  const isSameData =
    last?.atlas !== undefined && isCompanion(settings) && isCompanion(last.settings);
  const { atlas, stamp, ...found } = isSameData ? last : await survey(settings, last, options);
  const areas = await buildAreas(settings, atlas, found.areas, options.pause);
  if (atlas !== undefined && stamp !== undefined && options.tables !== undefined) {
    keepGround({ atlas, areas }, stamp, options.tables);
  }
  const zones = await runSlices(indexInSlices(settings), options.pause);
  return { settings, atlas, areas, zones, stamp };
}

/** The atlas as it is kept or as its files have it now, with the maps that are kept of it. */
async function survey(
  settings: Settings,
  last: Groundwork | undefined,
  options: GroundOptions,
): Promise<Omit<Groundwork, 'settings' | 'zones'>> {
  const { tables, clock, log } = options;
  const wanted = asnsWanted(settings);
  // Before the files are read, so that what is read is never older than its stamp.
  const data = await tables?.stamp(settings.geo);
  const stamp = data && `${data} ${[...wanted].toSorted((one, other) => one - other).join()}`;
  const kept = tables && stamp && (await recallGround(settings, stamp, tables));
  if (kept) {
    logAge(kept.atlas, clock, log);
    return { ...kept, stamp };
  }
  const { isAsFiled, atlas } = await readGeography(settings.geo, wanted, last?.atlas, options);
  return { atlas, areas: new Map(), stamp: isAsFiled ? stamp : undefined };
}

/** What its files have now; of what cannot be read the last, and then it is not as filed. */
async function readGeography(
  { mmdb, asn }: Settings['geo'],
  wanted: ReadonlySet<number>,
  last: Atlas | undefined,
  { loadAtlas, loadAsns, clock, log }: GroundOptions,
): Promise<{ readonly atlas: Atlas | undefined; readonly isAsFiled: boolean }> {
  const loaded = await loadAtlas(mmdb);
  const isLoaded = !('code' in loaded);
  if (isLoaded) logAge(loaded, clock, log);
  else log.error(loaded.code, { reason: loaded.message, isLastKept: last !== undefined });
  const places = isLoaded ? loaded : last;
  if (asn === undefined || wanted.size === 0) return { atlas: places, isAsFiled: isLoaded };
  const found = await loadAsns(asn, wanted);
  const isFound = !('code' in found);
  if (!isFound) {
    log.error(found.code, { reason: found.message, isLastKept: last?.asns !== undefined });
  }
  const asns = isFound ? found : last?.asns;
  const atlas = places && asns !== undefined ? { ...places, asns } : places;
  return { atlas, isAsFiled: isLoaded && isFound };
}

/** True where all of geography comes along with the program, which does not change while it runs. */
function isCompanion({ geo: { mmdb, asn } }: Settings): boolean {
  return mmdb === undefined && asn === undefined;
}

/** Autonomous systems that policies name, where a database knows their networks. */
function asnsWanted({ geo, services }: Settings): ReadonlySet<number> {
  return new Set(geo.asn === undefined ? [] : [...services.values()].flatMap(asnsIn));
}

function logAge(atlas: Atlas, clock: Clock, log: Log): void {
  const ageDays = Math.floor((clock.now() - atlas.dataDate) / 86_400_000);
  const facts = { source: atlas.source, ageDays, attribution: atlas.attribution };
  log[ageDays > staleDays ? 'warn' : 'info']('geo.loaded', facts);
}

/** Services whose keys are spelt between two pauses. */
const servicesPerSlice = 256;

/** One map for every `areaKey` among the services. */
async function buildAreas(
  settings: Settings,
  atlas: Atlas | undefined,
  known: ReadonlyMap<string, AreaMap>,
  pause: () => Promise<void>,
): Promise<ReadonlyMap<string, AreaMap>> {
  const areas = new Map<string, AreaMap>();
  let spelt = 0;
  for (const service of settings.services.values()) {
    const key = areaKey(service, settings.regions);
    if (++spelt % servicesPerSlice === 0) await pause();
    if (areas.has(key)) continue;
    const compile = compileAreas(service, settings.regions, atlas);
    areas.set(key, known.get(key) ?? (await runSlices(compile, pause)));
  }
  await runSlices(readyStates(settings), pause);
  return areas;
}

async function runSlices<T>(work: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
