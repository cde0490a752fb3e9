// One director of a scenario: the real flows joined as in the program, over scripted edges.

import { createApi } from '../../src/director/api.ts';
import { type Conclude, startConclude } from '../../src/director/conclude.ts';
import { createControl } from '../../src/director/control.ts';
import { type Counters, createCounters } from '../../src/director/counters.ts';
import { startDrills } from '../../src/director/drills.ts';
import { keepEvents } from '../../src/director/events.ts';
import { keepTimeline } from '../../src/director/record/timeline.ts';
import { recordFiles } from '../../src/director/files.ts';
import { type Gossip, type GossipEvent, startGossip } from '../../src/director/gossip/gossip.ts';
import { layGround } from '../../src/director/ground.ts';
import { limitCalls } from '../../src/director/in-flight.ts';
import { decodeMemory } from '../../src/director/gossip/memory.ts';
import { createLoadReports } from '../../src/director/load-reports.ts';
import { type Loads, startLoads } from '../../src/director/loads.ts';
import { createReload } from '../../src/director/reload.ts';
import { addPushProbes } from '../../src/director/push.ts';
import { createSafety } from '../../src/director/safety.ts';
import { createRespond } from '../../src/director/respond.ts';
import { createSelfReports } from '../../src/director/self-reports.ts';
import { createSnapshotCell, type SnapshotCell, type View } from '../../src/director/snapshot.ts';
import { standingOf } from '../../src/director/standing.ts';
import { loadVerdicts } from '../../src/director/verdicts.ts';
import { startWatch, type Watch } from '../../src/director/watch.ts';
import type { Atlas } from '../../src/model/atlas.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { NetworkProbe } from '../../src/model/region.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Api, Board, Clock, Probe, Random, Respond, Seal, Store } from '../../src/ports.ts';
import { unreachable } from '../support/director-stage.ts';
import { createRecordLog, type RecordLog } from '../support/record-log.ts';

export interface Director extends AsyncDisposable {
  readonly api: Api;
  readonly respond: Respond;
  readonly counters: Counters;
  readonly events: ReadonlyMap<GossipEvent, number>;
  readonly log: RecordLog;
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly watch: Watch;
  /** Has it read these settings as if its files had changed. */
  reload(settings: Settings): Promise<readonly Fault[]>;
  /** Queries that it was sent. */
  asked: number;
}

export interface DirectorParts {
  readonly settings: Settings;
  readonly atlas: Atlas;
  readonly clock: Clock;
  readonly boards: readonly Board[];
  readonly probe: Probe<NetworkProbe>;
  readonly random: Random;
  readonly store: Store;
  readonly seal: Seal;
  /** Sees every snapshot that answers are given from after the first. */
  readonly onSwap?: ((view: View) => void) | undefined;
}

export async function startDirector(parts: DirectorParts): Promise<Director> {
  const { settings, atlas, clock, boards, store, random } = parts;
  await using building = new AsyncDisposableStack();
  const log = createRecordLog();
  const events = new Map<GossipEvent, number>();
  const loadAtlas = async (): Promise<Atlas> => atlas;
  const pause = async (): Promise<void> => undefined;
  const loadAsns = async (): Promise<Fault> => ({ code: 'geo.unavailable', message: 'none here' });
  const laying = { loadAtlas, loadAsns, pause, clock, log };
  const ground = await layGround(settings, undefined, laying);
  const [kept, memory] = [await loadVerdicts(store, clock.now()), await store.load('gossip')];
  const cell = createSnapshotCell({ ground, ...kept, overrides: new Map() }, clock);
  if (parts.onSwap !== undefined) cell.onSwap(parts.onSwap);
  let conclude: Conclude | undefined;
  let loads: Loads | undefined;
  for (const board of boards) building.use(board);
  const gossip: Gossip = building.use(
    startGossip({
      observer: settings.director.id,
      region: settings.director.region,
      incarnation: clock.now(),
      boards,
      seal: parts.seal,
      clock,
      random,
      log,
      voteLifetime: settings.health.voteLifetime,
      postEvery: settings.gossip.postEvery,
      readEvery: settings.gossip.readEvery,
      standing: () => standingOf(cell.view.snapshot, gossip, 'test', clock.now()),
      returns: () => conclude?.returns(),
      loads: () => loads?.claims(),
      initial: memory === undefined ? undefined : decodeMemory(memory),
      onChange: () => conclude?.now(),
      onReport: ({ region }) => watch.lookAgain(region),
      count: (event) => void events.set(event, (events.get(event) ?? 0) + 1),
    }),
  );
  const speak = (): void => gossip.setOpinions(watch.opinions());
  const onOpinion = (): void => {
    speak();
    conclude?.now();
  };
  const asked = limitCalls(parts.probe, () => settings.health.probesInFlight);
  const probe = addPushProbes({ probe: asked, gossip, clock });
  const watch: Watch = building.use(
    startWatch({ probe, clock, random, log, onOpinion, onSample: speak }),
  );
  const files = recordFiles(clock, { goodAt: clock.now(), faults: [] });
  const keeper = keepEvents({ life: settings.director.id, cell, gossip, files, clock, log });
  const onConcluded = keeper.look;
  conclude = building.use(startConclude({ cell, gossip, clock, log, store, onConcluded }));
  watch.setRegions(settings.regions.values());
  const { health } = conclude;
  loads = building.use(startLoads({ cell, gossip, watch, health, clock }));
  const counters = createCounters();
  let words = 0;
  const newId = (): string => `${settings.director.id}-${clock.now()}-${++words}`;
  const safety = createSafety({ cell, gossip, clock, tell: keeper.tell });
  const control = createControl({
    safety,
    cell,
    gossip,
    seal: parts.seal,
    clock,
    newId,
    onWord: conclude.now,
  });
  const unready = (): string[] => [];
  const reports = createSelfReports({ cell, gossip, clock, log });
  const loadReports = createLoadReports({ cell, gossip, clock });
  const pages = { probe: unreachable, random: () => 0.5 };
  const around = { cell, gossip, control, health, loads, store, clock, log };
  const drilling = { ...around, ...pages, tell: keeper.tell };
  const drills = building.use(startDrills(drilling, await store?.load('drills')));
  const schedules = { ages: () => [] };
  const taken = { control, drills, schedules, reports, loadReports };
  const timeline = keepTimeline(settings.director.id, clock.now());
  const told = { events: keeper, timeline, auditHead: () => undefined };
  const flows = { cell, gossip, conclude, loads, ...taken, files, ...told, clock };
  const reload = (next: Settings): Promise<readonly Fault[]> =>
    createReload({
      ...laying,
      loadSettings: async () => ({ ok: true, value: next }),
      cell,
      judge: async ({ settings: after }) => safety.judgeReload(after),
      onAccepted: ({ regions }) => {
        watch.setRegions(regions.values());
        flows.conclude.now();
        gossip.announce();
      },
      onGood: files.good,
      onRefused: files.refused,
    })();
  const owned = building.move();
  return {
    api: createApi({ ...flows, seal: parts.seal, clients: undefined, version: 'test', unready }),
    respond: createRespond({ cell, clock, counters, log, onAnswer: drills.onAnswer }),
    counters,
    events,
    log,
    cell,
    gossip,
    watch,
    reload,
    asked: 0,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A disk in memory; what is written while it is `frozen` is lost, as when the process is killed. */
export interface ScriptedDisk extends Store {
  readonly files: Map<string, string>;
  isFrozen: boolean;
}

export function createDisk(): ScriptedDisk {
  const files = new Map<string, string>();
  const disk: ScriptedDisk = {
    files,
    isFrozen: false,
    load: async (name) => files.get(name),
    save: async (name, text) => {
      if (!disk.isFrozen) files.set(name, text);
      return undefined;
    },
  };
  return disk;
}
