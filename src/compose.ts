// The one file that knows both wings: builds a director in order, and takes it down in reverse.

import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import manifest from '../package.json' with { type: 'json' };
import { openClients } from './compose/clients.ts';
import {
  chooseConfiguration,
  openStores,
  startReloading,
  tellLastGood,
} from './compose/configuration.ts';
import { type Recording, startRecording } from './compose/audit.ts';
import { openAnswering } from './compose/answering.ts';
import { notifySecondaries } from './compose/notices.ts';
import { openDrills } from './compose/drills.ts';
import type { Parts } from './compose/parts.ts';
import { startProbing } from './compose/probing.ts';
import type { Environment } from './config/secret.ts';
import { createApi } from './director/api.ts';
import { type Conclude, startConclude } from './director/conclude.ts';
import { createControl } from './director/control.ts';
import { createDoorBook, type DoorBook } from './director/record/doors.ts';
import { type EventKeeper, keepEvents } from './director/events.ts';
import { recordFiles } from './director/files.ts';
import { type Gossip, startGossip } from './director/gossip/gossip.ts';
import { type GroundOptions, layGround } from './director/ground.ts';
import { decodeMemory } from './director/gossip/memory.ts';
import { createLoadReports } from './director/load-reports.ts';
import { type Loads, startLoads } from './director/loads.ts';
import { countFollower, countRequest, createReadings, createTallies } from './director/readings.ts';
import { createSafety, type Safety } from './director/safety.ts';
import { createSerials } from './director/transfer/serials.ts';
import { createSelfReports } from './director/self-reports.ts';
import { tellSteered } from './director/sampled.ts';
import { createSnapshotCell } from './director/snapshot.ts';
import { loadVerdicts } from './director/verdicts.ts';
import { standingOf } from './director/standing.ts';
import type { Watch } from './director/watch.ts';
import { loadAsns } from './edge/asns.ts';
import { openBoards } from './edge/boards.ts';
import { createClock } from './edge/clock.ts';
import { watchFiles } from './edge/files.ts';
import { loadAtlas } from './edge/geo.ts';
import type { HttpDoors, VotesDoor } from './edge/http/app.ts';
import { startDoh } from './edge/http/doh.ts';
import { startHttp } from './edge/http/server.ts';
import { createMetrics } from './edge/metrics.ts';
import { createSeal } from './edge/seal.ts';
import { createLoader } from './load.ts';
import type { Checked, Fault } from './model/fault.ts';
import type { Endpoint, Settings } from './model/settings.ts';
import type { Clock, Log, Seal } from './ports.ts';

export interface Director extends AsyncDisposable {
  readonly settings: Settings;
  readonly dns: readonly Endpoint[];
  readonly http: Endpoint;
  /** Reads the files again; the running configuration stays when they are faulty. */
  reload(): Promise<readonly Fault[]>;
}

export interface DirectorOptions {
  /** Path of the main file; regions/ stands beside it. */
  readonly config: string;
  readonly env: Environment;
  readonly openLog: (settings: Settings) => Log & { dropped(): number };
  /** Refuses to start with the last good configuration where the files have faults. */
  readonly isStrict?: boolean;
}

/** GeoIP data and pauses as the groundwork wants them; paths in the configuration are relative to it. */
export function groundOptions(config: string, clock: Clock, log: Log): GroundOptions {
  const folder = dirname(config);
  return {
    loadAtlas: (mmdb) => loadAtlas(mmdb === undefined ? undefined : resolve(folder, mmdb)),
    loadAsns: (path, wanted) => loadAsns(resolve(folder, path), wanted),
    pause: () => nextTurn(),
    clock,
    log,
  };
}

/** Faults of the configuration come back as values; what the machine refuses is thrown as FaultError. */
export async function startDirector(options: DirectorOptions): Promise<Checked<Director>> {
  const { config, isStrict = false } = options;
  const loader = createLoader(config, options.env);
  const clock = createClock();
  const stores = openStores(config, clock.now());
  const { open: openStore } = stores;
  const chosen = await chooseConfiguration({ loader, clock, isStrict, openStore });
  if (!chosen.ok) return chosen;
  const start = chosen.value;
  await using building = new AsyncDisposableStack();
  const log = options.openLog(start.settings);
  stores.tellTo(log);
  tellLastGood(start, clock.now(), log);
  const files = recordFiles(clock, start);
  const tallies = createTallies();
  const laying = groundOptions(config, clock, log);
  const store = openStore(start.settings.stateDir);
  const number = await createSerials(store, log);
  const settings = number(start.settings);
  const ground = await layGround(settings, undefined, laying);
  const kept = await loadVerdicts(store);
  const cell = createSnapshotCell({ ground, ...kept, overrides: new Map() }, clock);
  const folder = dirname(config);
  const counting = { settings: settings.clients, store, cell, clock, log };
  const clients = await openClients(counting, building);
  const parts: Parts = { cell, folder, files, store, clock, log, tallies, clients, building };
  const flows = await startFlows(parts);
  const doors = await openDoors(parts, flows);
  const notify = notifySecondaries(parts);
  const load = startReloading(loader, start, laying, { ...parts, ...flows, number, notify });
  const reload: typeof load = async () => {
    const faults = await load();
    await doors.shown();
    return faults;
  };
  const others = (): readonly string[] => [
    ...cell.view.snapshot.settings.secretFiles,
    ...cell.view.snapshot.settings.tableFiles,
    ...loader.masterFiles().map((path) => resolve(path)),
  ];
  building.use(watchFiles(config, others, () => void reload()));
  notify.tell(settings);
  doors.setReady(true);
  building.defer(() => doors.setReady(false));
  const owned = building.move();
  const close = (): Promise<void> => owned.disposeAsync();
  return { ok: true, value: { settings, ...doors, reload, [Symbol.asyncDispose]: close } };
}

interface Flows extends Recording {
  readonly seal: Seal;
  readonly gossip: Gossip;
  readonly watch: Watch;
  readonly conclude: Conclude;
  readonly loads: Loads;
  readonly events: EventKeeper;
  readonly safety: Safety;
  readonly doors: DoorBook;
  readonly votes: VotesDoor | undefined;
}

/** The ways in: DNS, and HTTP with everything that can be asked of the control side. */
async function openDoors(parts: Parts, flows: Flows) {
  const { cell, files, clock, log, tallies, clients, building } = parts;
  const { settings } = cell.view.snapshot;
  const { gossip, conclude } = flows;
  let isReady = false;
  const own = { newId: randomUUID, onWord: conclude.now };
  const control = createControl({ ...flows, cell, clock, ...own });
  const drills = await openDrills(parts, flows, control);
  const unready = (): readonly string[] => (isReady ? [] : ['starting or stopping']);
  const reports = createSelfReports({ cell, gossip, clock, log });
  const loadReports = createLoadReports({ cell, gossip, clock });
  const { version } = manifest;
  const words = { control, drills, reports, loadReports, clients, version, unready };
  const api = createApi({ ...flows, ...words, cell, files, clock });
  const onSteered = tellSteered(clients?.onAnswer, drills.onAnswer);
  const answering = await openAnswering(parts, onSteered);
  const { respond, identity } = answering;
  Object.assign(tallies, { dns: answering.counts, workers: answering.workers });
  const metrics = createMetrics(
    createReadings({
      ...flows,
      cell,
      files,
      api,
      clock,
      tallies,
      linesDropped: () => log.dropped(),
    }),
  );
  const door: HttpDoors = {
    api,
    settings: () => cell.view.snapshot.settings,
    metrics: async () => {
      await answering.refresh();
      return metrics.render();
    },
    votes: flows.votes,
    respond,
    onRequest: ({ route, status }) => countRequest(tallies, route, status),
    onFollower: ({ kind, what }) => countFollower(tallies, kind, what),
    clock,
    log,
  };
  const http = building.use(await startHttp({ ...door, listen: settings.listen.http }));
  for (const listen of settings.listen.doh) {
    if (identity !== undefined) building.use(await startDoh({ ...door, listen, identity }));
  }
  const setReady = (word: boolean): void => void (isReady = word);
  return { dns: answering.doors.dns, http: http.address, shown: answering.shown, setReady };
}

/** Probes → votes → boards → verdicts → snapshot. */
async function startFlows(parts: Parts): Promise<Flows> {
  const { cell, files, store, clock, log, tallies, building } = parts;
  const { settings } = cell.view.snapshot;
  const kept = await store?.load('gossip');
  let conclude: Conclude | undefined;
  let loads: Loads | undefined;
  const seal = createSeal(settings.gossip.secrets);
  const { boards, served } = openBoards(settings.gossip, { seal, clock, log });
  for (const board of boards) building.use(board);
  const gossip: Gossip = building.use(
    startGossip({
      observer: settings.director.id,
      region: settings.director.region,
      incarnation: clock.now(),
      boards,
      seal,
      clock,
      random: Math.random,
      log,
      voteLifetime: settings.health.voteLifetime,
      postEvery: settings.gossip.postEvery,
      readEvery: settings.gossip.readEvery,
      standing: () => standingOf(cell.view.snapshot, gossip, manifest.version, clock.now()),
      returns: () => conclude?.returns(),
      loads: () => loads?.claims(),
      initial: kept === undefined ? undefined : decodeMemory(kept),
      onChange: () => conclude?.now(),
      onReport: ({ region }) => watch.lookAgain(region),
      count: (event) => void tallies.gossip.set(event, (tallies.gossip.get(event) ?? 0) + 1),
    }),
  );
  const watch = startProbing(parts, gossip, () => conclude?.now());
  const life = randomUUID();
  const doors = createDoorBook();
  const isolated = (): ReadonlySet<string> => conclude?.isolated() ?? new Set();
  const around = { gossip, isolated, doorOf: doors.doorOf };
  const events = keepEvents({ ...around, life, cell, files, clock, log });
  const safety = createSafety({ cell, gossip, clock, tell: events.tell });
  const recording = startRecording(parts, { events, seal, life, release: manifest.version });
  const onConcluded = events.look;
  conclude = building.use(startConclude({ cell, gossip, clock, log, store, onConcluded }));
  watch.setRegions(settings.regions.values());
  const { health } = conclude;
  loads = building.use(startLoads({ cell, gossip, watch, health, clock }));
  const votes = served && { board: served, seal, life: randomUUID() };
  return { seal, gossip, watch, conclude, loads, events, safety, doors, votes, ...recording };
}
