// The control side's door: the same decisions as DNS, and what the fleet knows, as plain data.

import { blindnessOf } from '../health/next.ts';
import type { ChainHead, TimelinePage, TimelineRequest } from '../model/audit.ts';
import type { Events } from '../model/event.ts';
import type { Fault } from '../model/fault.ts';
import type { RegionId } from '../model/region.ts';
import type { AboutReport, OverrideReport } from '../model/report.ts';
import type { OverrideRequest } from '../model/override-request.ts';
import type { Judgement, Refusal } from '../model/safety.ts';
import { formatInstant } from '../model/time.ts';
import type { Api, Clock, Seal } from '../ports.ts';
import type { Clients } from './clients/collect.ts';
import { reportClients } from './clients/report.ts';
import { writeClients } from './clients/write.ts';
import type { Conclude } from './conclude.ts';
import type { Change, Control } from './control.ts';
import type { Drills } from './drills.ts';
import type { Schedules } from './drills/schedule.ts';
import type { FileRecord } from './files.ts';
import type { Gossip } from './gossip/gossip.ts';
import type { LoadReports } from './load-reports.ts';
import type { Loads } from './loads.ts';
import {
  type FleetFacts,
  reportFacts,
  reportHealth,
  reportOverride,
  reportRegion,
  reportService,
} from './report.ts';
import { redirect } from './redirect.ts';
import { resolve } from './resolve.ts';
import { brokenRules } from './safety.ts';
import type { SelfReports } from './self-reports.ts';
import type { SnapshotCell, View } from './snapshot.ts';
import type { Timeline } from './record/timeline.ts';

export interface ApiOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly conclude: Conclude;
  readonly control: Control;
  readonly drills: Drills;
  readonly schedules: Pick<Schedules, 'ages'>;
  readonly events: Events;
  readonly files: FileRecord;
  readonly reports: SelfReports;
  /** Undefined where no clients are counted. */
  readonly clients: Clients | undefined;
  readonly loads: Pick<Loads, 'facts'>;
  readonly loadReports: LoadReports;
  readonly timeline: Timeline;
  /** The newest entry of the audit log on disk. */
  readonly auditHead: () => ChainHead | undefined;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly version: string;
  /** Why queries should go elsewhere for now; empty when all is well. */
  readonly unready: () => readonly string[];
}

export function createApi(options: ApiOptions): Api {
  const { cell, gossip, control, reports, clock } = options;
  const snapshot = () => cell.view.snapshot;
  const reportChange = (change: Change | Fault): OverrideReport | Fault => {
    if ('code' in change) return change;
    const { override, ...effect } = change;
    return reportOverride(override, clock.now(), effect);
  };
  return {
    resolve: (request) => resolve(request.explain ? told(options) : cell.view, request, clock),
    redirect: (request) => redirect(cell.view, request, options.seal, clock.now()),
    health: () => reportHealth(factsOf(options), clock.now()),
    regionHealth(id) {
      const region = snapshot().settings.regions.get(id as RegionId);
      if (region === undefined)
        return { code: 'region.unknown', message: `there is no region "${id}"` };
      const { epoch } = snapshot();
      return { ...reportRegion(region, factsOf(options), clock.now()), epoch };
    },
    epoch: () => snapshot().epoch,
    regions: () => [...snapshot().settings.regions.values()].map(reportFacts),
    events: options.events,
    services() {
      const { services } = snapshot().settings;
      return Array.from(services.values(), (service) => reportService(service, snapshot()));
    },
    overrides: () => gossip.overrides().map((word) => reportOverride(word, clock.now())),
    addOverride: (request, caller) => control.add(request, caller).then(reportChange),
    takeOverride: (id, signed, caller) => control.take(id, signed, caller).then(reportChange),
    endOverride: (id, actor, caller, glass) =>
      control.end(id, actor, caller, glass).then(reportChange),
    tryOverride: (request) => reportLook(control.look(request), request),
    ...tellDrills(options),
    timeline: (request) => tellTimeline(options, request),
    reports: () => reports.list(),
    addReport: (region, name, request) => reports.put(region, name, request),
    ...tellClients(options),
    loads: () => [...options.loads.facts().values()],
    addLoad: (region, request) => options.loadReports.put(region, request),
    about: () => aboutOf(snapshot(), options.version),
    unready: options.unready,
  };
}

function reportLook(judged: Judgement | Fault, { breakGlass }: OverrideRequest) {
  if ('code' in judged) return judged;
  const isOverridden = ({ rule }: Refusal): boolean => breakGlass?.rules.includes(rule) ?? false;
  return { isAllowed: judged.refusals.every(isOverridden), ...judged };
}

function tellDrills({
  drills,
  schedules,
}: ApiOptions): Pick<Api, 'startDrill' | 'abortDrill' | 'drills' | 'drill' | 'drillAges'> {
  return {
    startDrill: (request, caller) => drills.start(request, false, caller),
    abortDrill: (id, actor, caller) => drills.abort(id, actor, caller),
    drills: () => drills.list(),
    drill: (id) => drills.find(id),
    drillAges: () => schedules.ages(),
  };
}

function tellClients({ cell, clients, clock }: ApiOptions): Pick<Api, 'clients' | 'clientLines'> {
  const snapshot = () => cell.view.snapshot;
  return {
    clients: (most) => reportClients(clients, snapshot(), most, clock.now()),
    clientLines: () => writeClients(clients, snapshot().settings.director.id, clock.now()),
  };
}

function aboutOf({ atlas, settings }: View['snapshot'], version: string): AboutReport {
  return {
    version,
    director: settings.director.id,
    geo: {
      source: atlas?.source ?? 'none',
      dataDate: atlas === undefined ? null : formatInstant(atlas.dataDate),
      attribution: atlas?.attribution ?? '',
    },
  };
}

function tellTimeline(
  { cell, timeline, auditHead, clock }: ApiOptions,
  request: TimelineRequest,
): TimelinePage | Fault {
  const page = timeline.page(request, clock.now());
  if ('code' in page) return page;
  const { id: director } = cell.view.snapshot.settings.director;
  return { director, head: auditHead() ?? null, ...page };
}

/** With what the votes say by now: their words change also while no answer does. */
function told({ cell, conclude }: ApiOptions): View {
  const { snapshot, zones } = cell.view;
  return { zones, snapshot: { ...snapshot, health: conclude.health() } };
}

function factsOf({ cell, gossip, conclude, loads, files, schedules }: ApiOptions): FleetFacts {
  const { snapshot } = cell.view;
  const votes = gossip.votes();
  const isolated = conclude.isolated();
  const regions = [...snapshot.settings.regions.values()];
  return {
    snapshot,
    health: conclude.health(),
    votes,
    loads: loads.facts(),
    boards: gossip.boards(),
    isolated,
    files: files.report(),
    broken: brokenRules(snapshot),
    undrilled: schedules.ages().flatMap((each) => (each.isOverdue ? each.region : [])),
    blindness: blindnessOf(votes, regions, isolated),
  };
}
