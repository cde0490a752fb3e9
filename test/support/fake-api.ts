// A control side for tests of the HTTP side: knows one region and one service, keeps what it is asked.

import type { ClientsReport } from '../../src/model/clients-report.ts';
import type { DrillRequest } from '../../src/model/drill.ts';
import type { DrillAge } from '../../src/model/drill-schedule.ts';
import type { Change, DirectorEvent } from '../../src/model/event.ts';
import { formatIp } from '../../src/model/ip.ts';
import type { LoadRequest } from '../../src/model/load-report.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { BreakGlass, Refusal } from '../../src/model/safety.ts';
import type { ReportFacts, ReportRequest } from '../../src/model/self-report.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import type {
  HealthReport,
  ObserverReport,
  OverrideReport,
  RedirectRequest,
  RegionReport,
  ResolveReport,
  ResolveRequest,
} from '../../src/model/report.ts';
import type { TimelinePage, TimelineRequest } from '../../src/model/audit.ts';
import type { Api } from '../../src/ports.ts';
import { aDrillReport } from './drill-report.ts';

export interface FakeApi extends Api {
  readonly asked: {
    readonly resolve: ResolveRequest[];
    readonly redirect: {
      readonly name: string;
      readonly peer: string;
      readonly affinity: string | undefined;
    }[];
    readonly add: OverrideRequest[];
    readonly take: { readonly id: string; readonly signed: string }[];
    readonly report: (ReportRequest & { readonly region: string; readonly name: string })[];
    readonly load: (LoadRequest & { readonly region: string })[];
    readonly end: {
      readonly id: string;
      readonly actor: string;
      readonly glass?: BreakGlass;
    }[];
    readonly tried: OverrideRequest[];
    readonly timeline: TimelineRequest[];
    readonly drill: DrillRequest[];
    /** By which doors overrides came in and ended. */
    readonly doors: (string | undefined)[];
  };
  timelinePage: TimelinePage;
  /** Base URL of the region that redirects lead to. */
  target: URL;
  reasons: string[];
  report: HealthReport;
  /** The epoch grows, and whoever follows is told why. */
  tell(change: Change): DirectorEvent;
  /** How many follow the events. */
  followers(): number;
}

export const refusal: Refusal = { rule: 'minRegions', message: 'it takes 1 more of eu-west' };

export const override: OverrideReport = {
  id: 'o-1',
  region: 'eu-west',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  start: '2026-05-01T12:00:00.000Z',
  end: '2026-05-01T12:10:00.000Z',
  isActive: true,
};

export const drill = aDrillReport;

export const drillAges: readonly DrillAge[] = [
  {
    region: 'eu-west',
    drilledAt: '2026-04-30T12:00:00.000Z',
    ageSeconds: 86_400,
    isOverdue: false,
  },
  { region: 'us-east', drilledAt: null, ageSeconds: null, isOverdue: true },
];

export const selfReport: ReportFacts = {
  region: 'eu-west',
  name: 'app',
  state: 'up',
  load: 0.7,
  connections: null,
  reason: '',
  ageSeconds: 12.3,
  leftSeconds: 32.7,
  director: 'd2',
};

export const clients: ClientsReport = {
  director: 'd1',
  isCollecting: true,
  since: '2026-05-01T12:00:00.000Z',
  until: '2026-05-02T12:00:00.000Z',
  halfLifeSeconds: 604_800,
  total: 20,
  resolverShare: 0.35,
  networks: 5,
  outsideShare: 0.1,
  outside: [{ region: 'eu-west', weight: 2 }],
  clients: [
    {
      network: '203.0.113.0/24',
      name: 'www.example.test',
      by: 'subnet',
      weight: 11,
      error: 0,
      share: 0.55,
      region: 'eu-west',
    },
    {
      network: '2a00:1450:4000::/56',
      name: 'gone.example.test',
      by: 'resolver',
      weight: 7,
      error: 1,
      share: 0.35,
      region: null,
    },
  ],
};

const region: RegionReport = {
  region: 'eu-west',
  title: 'Dublin',
  verdict: 'up',
  isKept: false,
  isSuspect: false,
  since: '2026-05-01T12:00:00.000Z',
  votes: [
    {
      region: 'us-east',
      observer: 'd2',
      verdict: 'up',
      ageSeconds: 1.2,
      latencyMs: null,
      reason: '',
    },
  ],
  override,
  overrides: [override],
  load: 0.7,
  connections: 12,
  loadFrom: { source: 'report', ageSeconds: 1.2 },
  shed: 0,
  next: { change: 'override-ends', at: '2026-05-01T12:10:00.000Z' },
  recovery: { stage: 'open', share: 1, nextAt: null, trips: 0 },
};

const observer: ObserverReport = {
  observer: 'd2',
  region: 'us-east',
  ageSeconds: 1.2,
  isHeard: true,
  isIsolated: false,
  configuration: 'ffffffffffff',
  epoch: 3,
  release: '0.1.0',
  missing: ['ap-southeast'],
  lostBoards: null,
  sees: { 'eu-west': 'up' },
};

const report: HealthReport = {
  director: 'd1',
  region: 'eu-west',
  epoch: 7,
  configuration: 'abcdef012345',
  gossip: 'partial',
  missingObservers: ['ap-southeast'],
  observer: 'counted',
  files: { areGood: true, goodAt: '2026-05-01T11:00:00.000Z', faultCount: 0, faults: [] },
  isMixed: true,
  configurations: [
    { configuration: 'abcdef012345', directors: ['d1'] },
    { configuration: 'ffffffffffff', directors: ['d2'] },
  ],
  observers: [observer],
  boards: [{ board: 'redis-1:6379', isUp: false }],
  regions: [region],
};

export function createFakeApi(): FakeApi {
  const asked: FakeApi['asked'] = {
    resolve: [],
    redirect: [],
    add: [],
    take: [],
    report: [],
    load: [],
    end: [],
    tried: [],
    timeline: [],
    drill: [],
    doors: [],
  };
  const told: DirectorEvent[] = [];
  const listeners = new Set<(event: DirectorEvent) => void>();
  const fake: FakeApi = {
    asked,
    timelinePage: {
      director: 'd1',
      now: '2026-05-01T12:00:00.000Z',
      remembersSince: '2026-05-01T11:00:00.000Z',
      head: { seq: 3, hash: 'f'.repeat(64) },
      entries: [{ at: '2026-05-01T11:59:00.000Z', event: 'started', release: '1.2.3' }],
      next: null,
    },
    timeline(request) {
      asked.timeline.push(request);
      return fake.timelinePage;
    },
    report,
    tell(change) {
      const epoch = fake.report.epoch + 1;
      fake.report = { ...fake.report, epoch };
      const at = '2026-05-01T12:00:01.000Z';
      const event: DirectorEvent = { ...change, id: `life-${told.length + 1}`, at, epoch };
      told.push(event);
      for (const listener of listeners) listener(event);
      return event;
    },
    followers: () => listeners.size,
    events: {
      newest: () => `life-${told.length}`,
      since: (id) => {
        const number = /^life-(\d+)$/.exec(id)?.[1];
        return number === undefined ? undefined : told.slice(Number(number));
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    target: new URL('https://eu.example.net/'),
    reasons: [],
    resolve(request) {
      asked.resolve.push(request);
      if (request.name === 'broken') throw new Error('a secret of the inside');
      if (request.name === '..') {
        return { code: 'request.invalid', path: '/name', message: 'got "..", want a domain name' };
      }
      return {
        name: request.name,
        type: request.type,
        client: request.client ?? formatIp(request.peer),
        status: 'NOERROR',
        answers: [{ type: 'A', data: '192.0.2.10', ttl: 30 }],
        ttl: 30,
        regions: ['eu-west'],
        scope: 20,
        epoch: 7,
        decisionId: 'e7-abc',
        ...(request.explain ? { trail } : {}),
      };
    },
    redirect({ name, peer, affinity }: RedirectRequest) {
      asked.redirect.push({ name, peer: formatIp(peer), affinity });
      const cookie = { value: 'eu-west.1.x', seconds: 60 };
      if (name === 'www.example.test') return { region: 'eu-west', url: fake.target };
      if (name === 'held.example.test')
        return { region: 'eu-west', url: fake.target, affinity: cookie };
      return { code: 'service.unknown', message: `no steered service is called "${name}"` };
    },
    loads: () => [
      {
        region: 'eu-west',
        load: 0.7,
        connections: 12,
        source: 'report',
        ageSeconds: 1.2,
        shed: 0.25,
      },
    ],
    async addLoad(name, request) {
      if (name !== region.region) {
        const message = `there is no region "${name}"`;
        return { code: 'region.unknown', message, path: '/region' };
      }
      asked.load.push({ region: name, ...request });
      const { load = null, connections = null } = request;
      return { region: name, load, connections, leftSeconds: 30, posted: 2 };
    },
    health: () => fake.report,
    epoch: () => fake.report.epoch,
    regionHealth: (id) =>
      id === region.region
        ? { ...region, epoch: fake.report.epoch }
        : { code: 'region.unknown', message: `there is no region "${id}"` },
    regions: () => [
      {
        region: 'eu-west',
        title: 'Dublin',
        country: 'IE',
        latitude: 53.3498,
        longitude: -6.2603,
        ipv4: ['192.0.2.10'],
        ipv6: ['2001:db8:1::10'],
        weight: 70,
        bias: -5,
        nameserver: [],
      },
    ],
    services: () => [
      {
        name: 'www.example.test',
        zone: 'example.test',
        regions: ['eu-west'],
        steps: ['nearest', 'alive'],
        ttl: { stable: 30, short: 10 },
        floor: { least: 2, unit: 'regions', below: 'keep', down: ['eu-west'], early: [] },
      },
    ],
    async startDrill(request) {
      asked.drill.push(request);
      return request.region === drill.region
        ? drill
        : { code: 'drill.refused', message: 'no drill begins now: us-east is down' };
    },
    async abortDrill(id, actor) {
      const abort = { code: 'asked', message: `by ${actor}` } as const;
      return id === drill.id
        ? { ...drill, phase: 'aborted', isMet: false, abort }
        : { code: 'drill.unknown', message: `this director knows of no drill "${id}"` };
    },
    drills: () => [drill],
    drillAges: () => drillAges,
    drill: (id) =>
      id === drill.id
        ? drill
        : { code: 'drill.unknown', message: `this director knows of no drill "${id}"` },
    overrides: () => [override],
    async addOverride(request, caller) {
      asked.add.push(request);
      asked.doors.push(caller?.door);
      if (request.region === override.region) return { ...override, ...request, posted: 2 };
      return { code: 'region.unknown', path: '/region', message: 'there is no such region' };
    },
    async takeOverride(id, signed, caller) {
      asked.take.push({ id, signed });
      asked.doors.push(caller?.door);
      if (signed === 'mac {}') return { ...override, id, posted: 0 };
      return { code: 'override.outdone', message: 'a later word is known here' };
    },
    async endOverride(id, actor, caller, glass) {
      asked.end.push({ id, actor, ...(glass && { glass }) });
      asked.doors.push(caller?.door);
      if (id === override.id) return { ...override, isActive: false, posted: 1 };
      return { code: 'override.unknown', message: `no override in force has the id "${id}"` };
    },
    tryOverride: (request) => {
      asked.tried.push(request);
      return { isAllowed: false, checked: ['minRegions'], refusals: [refusal] };
    },
    reports: () => [selfReport],
    async addReport(id, name, request) {
      asked.report.push({ region: id, name, ...request });
      if (id !== region.region) {
        return { code: 'region.unknown', path: '/region', message: 'there is no such region' };
      }
      return { ...selfReport, name, state: request.state, posted: 2 };
    },
    clients: (most) => ({ ...clients, clients: clients.clients.slice(0, most) }),
    clientLines: () => ['# a head\nnetwork,weight,name,by\n', '203.0.113.0/24,7,,subnet\n'],
    about: () => ({
      version: '0.1.0',
      director: 'd1',
      geo: {
        source: 'geoip-lite 1.4.10',
        dataDate: '2023-11-15T00:00:00.000Z',
        attribution: 'This product includes GeoLite2 data created by MaxMind.',
      },
    }),
    unready: () => fake.reasons,
  };
  return fake;
}

const trail: NonNullable<ResolveReport['trail']> = {
  located: 'the client is in Dublin',
  input: { by: 'subnet', address: '192.0.2.1' },
  steps: [
    {
      step: 'alive',
      summary: '1 of 2 regions is alive',
      tiers: [['eu-west' as RegionId]],
      left: [{ region: 'us-east' as RegionId, code: 'verdict-down', detail: 'down for 3m' }],
    },
  ],
  state: 'healthy',
  scope: 'true for all of 192.0.0.0/20',
  scopeReason: 'alike',
  ttl: 'nothing is expected to change',
  ttlReason: 'stable',
  text: 'www.example.test → eu-west',
};
