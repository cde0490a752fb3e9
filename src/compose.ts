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
import { openAnswering, threadsOf } from './compose/answering.ts';
import { notifySecondaries } from './compose/notices.ts';
import { drillForms } from './compose/drill-forms.ts';
import { openDrills } from './compose/drills.ts';
import type { Parts } from './compose/parts.ts';
import { keepTables } from './compose/tables.ts';
import { listenHttp, loadWeb, openMetrics, type Web } from './compose/web.ts';
import { recruit } from './compose/workers/recruits.ts';
import type { Environment } from './config/secret.ts';
import type { Notify } from './director/transfer/notify.ts';
import { createApi } from './director/api.ts';
import { createControl } from './director/control.ts';
import { recordFiles } from './director/files.ts';
import { type GroundOptions, layGround } from './director/ground.ts';
import { createLoadReports } from './director/load-reports.ts';
import { hearLog } from './director/record/notices.ts';
import { countFollower, countRequest, createReadings, createTallies } from './director/readings.ts';
import { createSerials } from './director/transfer/serials.ts';
import { createSelfReports } from './director/self-reports.ts';
import { tellAll } from './director/sampled.ts';
import { createSnapshotCell } from './director/snapshot.ts';
import { loadVerdicts } from './director/verdicts.ts';
import { createClock } from './edge/clock.ts';
import { watchFiles } from './edge/files.ts';
import { loadAtlas } from './edge/geo.ts';
import type { HttpDoors } from './edge/http/app.ts';
import type { OpenSocket } from './edge/sockets.ts';
import { createLoader, type Loader } from './load.ts';
import type { Checked, Fault } from './model/fault.ts';
import type { Endpoint, Settings } from './model/settings.ts';
import type { Clock, Log } from './ports.ts';
import type { Flows } from './compose/flows.ts';

export interface Director extends AsyncDisposable {
  readonly settings: Settings;
  readonly dns: readonly Endpoint[];
  readonly http: Endpoint;
  /** Every address that it listens at. */
  readonly doors: readonly Endpoint[];
  /** Reads the files again; the running configuration stays when they are faulty. */
  reload(): Promise<readonly Fault[]>;
  /** Another process is about to take its place, under the same id. */
  giveWay(): void;
  /** None has: it speaks for itself again. */
  goOn(): void;
}

export interface DirectorOptions {
  /** Path of the main file; regions/ stands beside it. */
  readonly config: string;
  readonly env: Environment;
  readonly openLog: (settings: Settings) => Log & { dropped(): number };
  /** Refuses to start with the last good configuration where the files have faults. */
  readonly isStrict?: boolean;
  /** What the process before this one left open for it. */
  readonly handed?: readonly OpenSocket[];
}

/** GeoIP data and pauses as the groundwork wants them; paths in the configuration are relative to it. */
export function groundOptions(config: string, clock: Clock, log: Log): GroundOptions {
  const folder = dirname(config);
  return {
    loadAtlas: (mmdb) => loadAtlas(mmdb === undefined ? undefined : resolve(folder, mmdb)),
    loadAsns: async (path, wanted) =>
      (await import('./edge/asns.ts')).loadAsns(resolve(folder, path), wanted),
    pause: () => nextTurn(),
    clock,
    log,
  };
}

/** Faults of the configuration come back as values; what the machine refuses is thrown as FaultError. */
export async function startDirector(options: DirectorOptions): Promise<Checked<Director>> {
  const { config, isStrict = false, handed = [] } = options;
  const loader = createLoader(config, options.env);
  const clock = createClock();
  const stores = openStores(config, clock.now());
  const { open: openStore } = stores;
  const chosen = await chooseConfiguration({ loader, clock, isStrict, openStore });
  if (!chosen.ok) return chosen;
  const start = chosen.value;
  await using building = new AsyncDisposableStack();
  const recruits = building.use(recruit(threadsOf(start.settings)));
  // Loaded while threads load theirs, and tables are read.
  const web = loadWeb();
  const flowing = import('./compose/flows.ts');
  const heard = hearLog(options.openLog(start.settings));
  const { log } = heard;
  stores.tellTo(log);
  tellLastGood(start, clock.now(), log);
  const files = recordFiles(clock, start);
  const tallies = createTallies();
  const store = openStore(start.settings.stateDir);
  const tables = keepTables(start.settings, { config, log }, building);
  const laying = { ...groundOptions(config, clock, log), tables };
  const number = await createSerials(store, log);
  const settings = number(start.settings);
  const ground = await layGround(settings, undefined, laying);
  const kept = await loadVerdicts(store, clock.now());
  const cell = createSnapshotCell({ ground, ...kept, overrides: new Map() }, clock);
  const counting = { settings: settings.clients, store, cell, clock, log };
  const clients = await openClients(counting, building);
  const known = { cell, folder: dirname(config), files, store, clock, tallies, clients };
  const parts: Parts = { ...known, ...heard, handed, recruits, building };
  const flows = await (await flowing).startFlows(parts);
  const doors = await openDoors(parts, flows, web);
  const notify = tellOnceShown(notifySecondaries(parts), doors.shown);
  const load = startReloading(loader, start, laying, { ...parts, ...flows, number, notify });
  const reload = follow({ config, loader, cell, building }, load, doors);
  notify.tell(settings);
  doors.setReady(true);
  building.defer(() => doors.setReady(false));
  const owned = building.move();
  const close = (): Promise<void> => owned.disposeAsync();
  const { giveWay, goOn } = flows.gossip;
  const words = { reload, giveWay, goOn };
  return { ok: true, value: { settings, ...doors, ...words, [Symbol.asyncDispose]: close } };
}

/** A secondary asks at once, of whichever thread: so it is told when all have what it is told of. */
function tellOnceShown({ tell }: Notify, shown: () => Promise<void>): Pick<Notify, 'tell'> {
  return { tell: (settings) => void shown().then(() => tell(settings)) };
}

/** Reads the files whenever one of them changes; a reload is done when DNS answers by it. */
function follow(
  {
    config,
    loader,
    cell,
    building,
  }: Pick<Parts, 'cell' | 'building'> & {
    readonly config: string;
    readonly loader: Loader;
  },
  load: Director['reload'],
  { shown, lookAtCertificates }: Pick<Doors, 'shown' | 'lookAtCertificates'>,
): Director['reload'] {
  const reload: Director['reload'] = async () => {
    const faults = await load();
    await lookAtCertificates();
    await shown();
    return faults;
  };
  const others = (): readonly string[] => [
    ...cell.view.snapshot.settings.secretFiles,
    ...cell.view.snapshot.settings.tableFiles,
    ...loader.masterFiles().map((path) => resolve(path)),
  ];
  building.use(watchFiles(config, others, () => void reload()));
  return reload;
}

type Doors = Awaited<ReturnType<typeof openDoors>>;

/** The ways in: DNS, and HTTP with everything that can be asked of the control side. */
async function openDoors(parts: Parts, flows: Flows, web: Promise<Web>) {
  const { cell, files, clock, log, tallies, clients } = parts;
  const { gossip, conclude } = flows;
  let isReady = false;
  const own = { newId: randomUUID, onWord: conclude.now };
  const control = createControl({ ...flows, cell, clock, ...own });
  const drilling = await openDrills(parts, flows, control);
  const unready = (): readonly string[] => (isReady ? [] : ['starting or stopping']);
  const reports = createSelfReports({ cell, gossip, clock, log });
  const loadReports = createLoadReports({ cell, gossip, clock });
  const { version } = manifest;
  const words = { control, ...drilling, reports, loadReports, clients, version, unready };
  const api = createApi({ ...flows, ...words, cell, files, clock });
  const onSteered = tellAll(clients?.onAnswer, drilling.drills.onAnswer);
  const answering = await openAnswering(parts, onSteered);
  const { respond, identity } = answering;
  Object.assign(tallies, { dns: answering.counts, workers: answering.workers });
  const linesDropped = (): number => log.dropped();
  const metrics = openMetrics(
    createReadings({ ...flows, cell, files, api, clock, tallies, linesDropped }),
  );
  const door: HttpDoors = {
    api,
    settings: () => cell.view.snapshot.settings,
    metrics: async () => {
      await answering.refresh();
      return metrics.render();
    },
    votes: flows.votes,
    drillForms,
    respond,
    onRefusal: flows.noteRepeatable,
    onRequest: ({ route, status }) => countRequest(tallies, route, status),
    onFollower: ({ kind, what }) => countFollower(tallies, kind, what),
    clock,
    log,
  };
  const { http, encrypted, lookAtCertificates } = await listenHttp(
    await web,
    parts,
    door,
    identity,
  );
  const setReady = (word: boolean): void => void (isReady = word);
  const { dns, dot } = answering.doors;
  const { shown } = answering;
  const doors = [...dns, ...dot, http, ...encrypted];
  return { dns, http, doors, shown, lookAtCertificates, setReady };
}
