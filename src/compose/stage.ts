// Files and wishes → the two snapshots of a rehearsal, and the population that asks.

import { basename, dirname, resolve } from 'node:path';
import type { Environment } from '../config/secret.ts';
import { type GroundOptions, layGround } from '../director/ground.ts';
import { createSnapshotCell, type Groundwork } from '../director/snapshot.ts';
import { loadAsns } from '../edge/asns.ts';
import { createClock } from '../edge/clock.ts';
import { loadAtlas } from '../edge/geo.ts';
import { linesOf } from '../edge/lines.ts';
import { openRecovery } from '../health/recover.ts';
import { steadySheds } from '../health/steady.ts';
import { loadSettings } from '../load.ts';
import { type Fault, FaultError } from '../model/fault.ts';
import type { RegionHealth } from '../model/health.ts';
import type { RegionLoad } from '../model/load.ts';
import { type DomainName, formatName, parseName } from '../model/name.ts';
import type { Override } from '../model/override.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Settings } from '../model/settings.ts';
import { millis } from '../model/time.ts';
import type { Log } from '../ports.ts';
import { ClientsReader } from '../simulation/clients-csv.ts';
import type { Population } from '../simulation/population.ts';
import { worldPopulation } from '../simulation/world.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import type { Rehearsal, Said } from './rehearsal.ts';

export interface Stage {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Names on both sides that are simulated. */
  readonly names: readonly DomainName[];
  readonly population: Population;
  /** Every autonomous system's networks; undefined where no database is configured. */
  readonly asns: RangeTable | undefined;
}

/** Rejects with a FaultError for faulty files, and for what there is not. */
export async function openStage(rehearsal: Rehearsal): Promise<Stage> {
  const { config, other = config, env } = rehearsal;
  const faults: Fault[] = [];
  const settings = await loadWhole(config, env);
  const next = change(config === other ? settings : await loadWhole(other, env), rehearsal);
  const ground = await layGround(settings, undefined, groundOptionsOf(config, faults));
  const nextGround = await layGround(next, ground, groundOptionsOf(other, faults));
  const before = snapshotOf(ground, rehearsal.alreadyDown, rehearsal.alreadyDrained, []);
  const after = snapshotOf(
    nextGround,
    [...rehearsal.alreadyDown, ...rehearsal.down],
    [...rehearsal.alreadyDrained, ...rehearsal.drained],
    rehearsal.loads,
  );
  const names = namesOf(before, after, rehearsal.service);
  const population = await openPopulation(rehearsal.clients, after, names, faults);
  return { before, after, names, population, asns: await openAsns(other, next) };
}

/** The settings of a main file; rejects with its first fault. */
export async function loadWhole(config: string, env: Environment): Promise<Settings> {
  const loaded = await loadSettings(config, env);
  if (loaded.ok) return loaded.value;
  const [first] = loaded.faults;
  throw new FaultError(first ?? { code: 'config.read', message: `${config} cannot be used` });
}

/** What fails while geography is read is kept, for whoever cannot do without. */
function groundOptionsOf(config: string, faults: Fault[]): GroundOptions {
  const folder = dirname(config);
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_event, fields) =>
      void faults.push({ code: 'geo.unavailable', message: String(fields?.['reason']) }),
  };
  return {
    loadAtlas: (mmdb) => loadAtlas(mmdb === undefined ? undefined : resolve(folder, mmdb)),
    loadAsns: (path, wanted) => loadAsns(resolve(folder, path), wanted),
    pause: () => Promise.resolve(),
    clock: createClock(),
    log,
  };
}

function change(settings: Settings, { bias, weight, ...rest }: Rehearsal): Settings {
  const { down, drained, loads } = rest;
  const named = [...down, ...drained, ...[...bias, ...weight, ...loads].map(([id]) => id)];
  for (const id of named) {
    if (settings.regions.has(id as RegionId)) continue;
    throw new FaultError({ code: 'region.unknown', message: `there is no region "${id}"` });
  }
  const silent = loads.find(([id]) => settings.regions.get(id as RegionId)?.load === undefined);
  if (silent !== undefined) {
    const message = `regions/${silent[0]}.yaml has no load block, so nobody would hear of that load`;
    throw new FaultError({ code: 'load.unset', message });
  }
  if (bias.length === 0 && weight.length === 0) return settings;
  const regions = new Map<RegionId, Region>(settings.regions);
  const set = (id: string, facts: Partial<Region>): void => {
    const region = regions.get(id as RegionId);
    if (region !== undefined) regions.set(region.id, { ...region, ...facts });
  };
  for (const [id, value] of bias) set(id, { bias: value });
  for (const [id, value] of weight) set(id, { weight: value });
  return { ...settings, regions };
}

function snapshotOf(
  ground: Groundwork,
  down: readonly string[],
  drained: readonly string[],
  loads: readonly Said[],
): Snapshot {
  const { regions } = ground.settings;
  const clock = createClock();
  const health = new Map(
    Array.from(regions.keys(), (id) => [id, healthOf(down.includes(id))] as const),
  );
  const overrides = new Map(
    drained.flatMap((id) => (regions.has(id as RegionId) ? [drainOf(id as RegionId)] : [])),
  );
  const cell = createSnapshotCell({ ground, health, overrides, epoch: 0 }, clock);
  cell.setLoads(loadsOf([...regions.values()], down, loads));
  return cell.view.snapshot;
}

function healthOf(isDown: boolean): RegionHealth {
  const verdict = isDown ? 'down' : 'up';
  const recovery = isDown
    ? ({ ...openRecovery, stage: 'out', share: 0, nextShare: 0 } as const)
    : openRecovery;
  return { verdict, isKept: false, isSuspect: false, since: millis(0), votes: [], recovery };
}

/** In force for as long as anybody looks. */
function drainOf(region: RegionId): [RegionId, Override] {
  const word = { id: `rehearsed-${region}`, region, kind: 'drain', actor: 'rehearsal' } as const;
  const times = { start: millis(0), end: millis(8.64e15), isLifted: false };
  const clock = { wall: millis(0), counter: 0, node: 'rehearsal' };
  return [region, { ...word, reason: 'rehearsed', ...times, clock }];
}

/** Once directors have passed on as many clients as they would in the end; the load is what then remains. */
function loadsOf(
  regions: readonly Region[],
  down: readonly string[],
  loads: readonly Said[],
): ReadonlyMap<RegionId, RegionLoad> {
  const said = new Map(loads.map(([id, share]) => [id as RegionId, share]));
  const sheds = steadySheds(
    regions.filter(({ id }) => !down.includes(id)),
    said,
  );
  return new Map(
    Array.from(said, ([id, share]): [RegionId, RegionLoad] => {
      const shed = sheds.get(id) ?? 0;
      return [id, { share: share * (1 - shed), connections: undefined, at: millis(0), shed }];
    }),
  );
}

function namesOf(before: Snapshot, after: Snapshot, service: string | undefined): DomainName[] {
  const names = [...after.plans.keys()].filter((name) => before.plans.has(name));
  if (service === undefined) return names;
  const wanted = parseName(service);
  if (wanted !== undefined && names.includes(wanted)) return [wanted];
  const known = names.map(formatName).join(', ') || 'none';
  const message = `no service is named "${service}" on both sides; there are: ${known}`;
  throw new FaultError({ code: 'service.unknown', message });
}

async function openPopulation(
  clients: string | undefined,
  { atlas }: Snapshot,
  names: readonly DomainName[],
  faults: readonly Fault[],
): Promise<Population> {
  if (clients !== undefined) return await readClients(clients, new Set(names));
  if (atlas !== undefined) {
    const steps = worldPopulation(atlas);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }
  const [first] = faults;
  throw new FaultError(first ?? { code: 'geo.unavailable', message: 'there is no GeoIP data' });
}

async function readClients(path: string, names: ReadonlySet<DomainName>): Promise<Population> {
  const refuse = (why: string): FaultError =>
    new FaultError({ code: 'config.read', message: `${path} cannot be used: ${why}` });
  const reader = new ClientsReader(names);
  for await (const line of linesOf(path)) {
    const wrong = reader.take(line);
    if (wrong !== undefined) throw refuse(wrong);
  }
  const population = reader.finish(basename(path));
  if (typeof population === 'string') throw refuse(population);
  return population;
}

async function openAsns(config: string, { geo }: Settings): Promise<RangeTable | undefined> {
  if (geo.asn === undefined) return undefined;
  const loaded = await loadAsns(resolve(dirname(config), geo.asn), 'all');
  if ('code' in loaded) throw new FaultError(loaded);
  return loaded;
}
