// A whole director in virtual time, without sockets and probes: its flows, as compose joins them.

import { type Conclude, startConclude } from '../../src/director/conclude.ts';
import { createApi } from '../../src/director/api.ts';
import { type Control, createControl } from '../../src/director/control.ts';
import { type Counters, createCounters } from '../../src/director/counters.ts';
import { type AuditOptions, startAudit } from '../../src/director/record/audit.ts';
import { createDoorBook } from '../../src/director/record/doors.ts';
import { type Drills, startDrills } from '../../src/director/drills.ts';
import { startSchedules } from '../../src/director/drills/schedule.ts';
import { keepEvents } from '../../src/director/events.ts';
import { type FileRecord, recordFiles } from '../../src/director/files.ts';
import { type Gossip, startGossip } from '../../src/director/gossip/gossip.ts';
import { createLoadReports } from '../../src/director/load-reports.ts';
import { type Loads, startLoads } from '../../src/director/loads.ts';
import { createSafety } from '../../src/director/safety.ts';
import { createRespond } from '../../src/director/respond.ts';
import { createSelfReports } from '../../src/director/self-reports.ts';
import {
  createSnapshotCell,
  type FirstState,
  type Groundwork,
  type SnapshotCell,
} from '../../src/director/snapshot.ts';
import { standingOf } from '../../src/director/standing.ts';
import { keepTimeline } from '../../src/director/record/timeline.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { FigureBook } from '../../src/health/figures.ts';
import { sha256 } from '../../src/load.ts';
import type { Atlas } from '../../src/model/atlas.ts';
import type { Opinion, Verdict } from '../../src/model/health.ts';
import type { HttpProbe, RegionId } from '../../src/model/region.ts';
import type { Settings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import type { Api, Board, Journal, Probe, Respond, Store } from '../../src/ports.ts';
import { areaKey } from '../../src/steering/order.ts';
import type { FakeClock } from './fake-clock.ts';
import { compileToEnd } from './fleet.ts';
import { createRecordLog, type RecordLog } from './record-log.ts';

export interface DirectorStage extends AsyncDisposable {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly conclude: Conclude;
  readonly control: Control;
  readonly drills: Drills;
  readonly files: FileRecord;
  readonly api: Api;
  readonly respond: Respond;
  readonly counters: Counters;
  readonly log: RecordLog;
  /** What its probes were told of loads. */
  readonly figures: Map<RegionId, FigureBook>;
  /** What its probes say from now on, as `eu up, us down`. */
  say(words: string): void;
}

export interface DirectorParts {
  readonly settings: Settings;
  readonly clock: FakeClock;
  readonly boards: readonly Board[];
  readonly atlas?: Atlas | undefined;
  readonly store?: Store | undefined;
  /** Where its audit log is kept; nowhere by default. */
  readonly journal?: Journal | undefined;
  readonly auditBounds?: AuditOptions['bounds'];
  readonly first?: Partial<FirstState>;
  readonly unready?: readonly string[];
  /** What its last life kept of drills. */
  readonly keptDrills?: string | undefined;
  /** When regions were drilled, as its last life knew. */
  readonly keptDrilled?: string | undefined;
  /** What numbers of drills are read by; nothing can be reached by default. */
  readonly probe?: Probe<HttpProbe> | undefined;
}

export function groundOf(settings: Settings, atlas: Atlas | undefined): Groundwork {
  const areas = new Map(
    [...settings.services.values()].map((service) => [
      areaKey(service, settings.regions),
      compileToEnd(service, settings.regions, atlas),
    ]),
  );
  return { settings, atlas, areas };
}

/** No page can be read. */
export const unreachable: Probe<HttpProbe> = async () => ({
  isHealthy: false,
  latency: millis(1),
  reason: 'connection refused',
});

export function startDirectorStage(parts: DirectorParts): DirectorStage {
  const { settings, clock, boards, atlas, store, first, unready = [] } = parts;
  const log = createRecordLog();
  const ground = groundOf(settings, atlas);
  const nothing = { ground, health: new Map(), overrides: new Map(), epoch: 0 };
  const cell = createSnapshotCell({ ...nothing, ...first }, clock);
  const seal = createSeal(['a secret for tests']);
  let conclude: Conclude | undefined;
  let loads: Loads | undefined;
  const gossip: Gossip = startGossip({
    observer: settings.director.id,
    region: settings.director.region,
    incarnation: clock.now(),
    boards,
    seal,
    clock,
    random: () => 0.5,
    log,
    voteLifetime: settings.health.voteLifetime,
    postEvery: settings.gossip.postEvery,
    readEvery: settings.gossip.readEvery,
    standing: () => standingOf(cell.view.snapshot, gossip, '1.2.3', clock.now()),
    returns: () => conclude?.returns(),
    loads: () => loads?.claims(),
    onChange: () => conclude?.now(),
    count: () => undefined,
  });
  const files = recordFiles(clock, { goodAt: clock.now(), faults: [] });
  const life = `${settings.director.id}-life`;
  const doors = createDoorBook();
  const isolated = (): ReadonlySet<string> => conclude?.isolated() ?? new Set();
  const around = { gossip, isolated, doorOf: doors.doorOf };
  const events = keepEvents({ ...around, life, cell, files, clock, log });
  const timeline = keepTimeline(life, clock.now());
  const stopRecording = new AbortController();
  const { id } = settings.director;
  const writing = { director: id, digest: sha256, sign: seal.sign, stop: stopRecording.signal };
  const bounds = parts.auditBounds ?? { file: 1 << 24, total: 1 << 28 };
  const { journal } = parts;
  const audit = startAudit({ ...writing, events, timeline, journal, bounds, clock, log });
  conclude = startConclude({ cell, gossip, clock, log, store, onConcluded: events.look });
  const { health } = conclude;
  const figures = new Map<RegionId, FigureBook>();
  const watch = { figures: () => figures };
  loads = startLoads({ cell, gossip, watch, health, clock });
  let ids = 0;
  const control = createControl({
    cell,
    gossip,
    seal,
    clock,
    newId: () => `${settings.director.id}-word-${++ids}`,
    onWord: conclude.now,
    safety: createSafety({ cell, gossip, clock, tell: events.tell }),
    doors,
  });
  const { tell } = events;
  const { probe = unreachable } = parts;
  const drills = startDrills(
    { cell, gossip, control, health, loads, store, clock, log, tell, probe, random: () => 0.5 },
    parts.keptDrills,
  );
  const schedules = startSchedules(
    {
      cell,
      store,
      clock,
      log,
      tell,
      start: drills.start,
      sight: () => ({
        settings: cell.view.snapshot.settings,
        votes: gossip.votes(),
        isolated: isolated(),
        boards: gossip.boards(),
      }),
    },
    parts.keptDrilled,
  );
  const api = createApi({
    cell,
    gossip,
    conclude,
    control,
    drills,
    schedules,
    events,
    timeline,
    auditHead: audit.head,
    files,
    reports: createSelfReports({ cell, gossip, clock, log }),
    clients: undefined,
    loads,
    loadReports: createLoadReports({ cell, gossip, clock }),
    seal,
    clock,
    version: '1.2.3',
    unready: () => unready,
  });
  const counters = createCounters();
  const [stop, stopLoads] = [conclude, loads];
  return {
    cell,
    gossip,
    conclude,
    control,
    drills,
    files,
    api,
    respond: createRespond({ cell, clock, counters, log, onAnswer: drills.onAnswer }),
    counters,
    log,
    figures,
    say(words) {
      gossip.setOpinions(readOpinions(words, clock));
      stop.now();
    },
    async [Symbol.asyncDispose]() {
      await schedules[Symbol.asyncDispose]();
      await drills[Symbol.asyncDispose]();
      await stopLoads[Symbol.asyncDispose]();
      stopRecording.abort();
      await stop[Symbol.asyncDispose]();
      await gossip[Symbol.asyncDispose]();
    },
  };
}

/** `eu up, us down, ap suspect`: what one observer says, a suspect region being up so far. */
export function readOpinions(words: string, clock: FakeClock): Map<RegionId, Opinion> {
  return new Map(
    words.split(',').map((part) => {
      const [region = '', word = ''] = part.trim().split(' ');
      const verdict = (word === 'suspect' ? 'up' : word) as Verdict;
      const opinion: Opinion = {
        verdict,
        since: clock.now(),
        latency: millis(20),
        reason: verdict === 'down' ? 'timed out after 2s' : '',
        isSuspect: word === 'suspect',
      };
      return [region as RegionId, opinion];
    }),
  );
}
