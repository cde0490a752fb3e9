// Reports: what the control side answers, as plain data.

import { nextChange } from '../health/next.ts';
import { openRecovery } from '../health/recover.ts';
import type { CountedVote, HealthView, HeardVote, NextChange, Recovery } from '../model/health.ts';
import { formatIp } from '../model/ip.ts';
import { formatName } from '../model/name.ts';
import { isActive, isPermanent, type Override, takesOut } from '../model/override.ts';
import type { LoadFacts } from '../model/load-report.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { formatInstant, type Millis } from '../model/time.ts';
import type {
  FilesReport,
  FloorReport,
  HealthReport,
  NextReport,
  OverrideReport,
  RecoveryReport,
  RegionFacts,
  RegionReport,
  ServiceFacts,
  VoteReport,
} from '../model/report.ts';
import { effectOn } from '../steering/effect.ts';
import { floorOf, isDown, prepareFloor } from '../steering/floor.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import type { BoardState } from './gossip/lane.ts';
import { reportConfigurations, reportObservers, roleOf } from './observers.ts';
import { missingObservers } from './standing.ts';

/** What a change came to, besides the override itself. */
export interface Effect {
  readonly posted: number;
  readonly boards: number;
  readonly withheld: readonly string[];
  readonly signed: string;
}

export function reportOverride(override: Override, now: Millis, effect?: Effect): OverrideReport {
  return {
    id: override.id,
    region: override.region,
    kind: override.kind,
    actor: override.actor,
    reason: override.reason,
    start: formatInstant(override.start),
    end: formatInstant(override.end),
    isActive: isActive(override, now),
    ...reportPart(override),
    ...(isPermanent(override) && { isPermanent: true }),
    ...(override.breakGlass && { breakGlass: override.breakGlass }),
    ...effect,
  };
}

/** What a word is on besides its region, in words; empty for one on all clients of all of it. */
export function reportPart({ service, endpoint, share }: Override): OverridePart {
  return {
    ...(service !== undefined && { service: formatName(service) }),
    ...(endpoint !== undefined && { endpoint: formatIp(endpoint) }),
    ...(share !== undefined && { share }),
  };
}

export type OverridePart = Pick<OverrideReport, 'service' | 'endpoint' | 'share'>;

/** What a director knows of its fleet. */
export interface FleetFacts {
  readonly snapshot: Pick<Snapshot, 'settings' | 'epoch' | 'overrides'>;
  /** The newest tally. */
  readonly health: HealthView;
  /** The newest vote of each observer, whatever its age. */
  readonly votes: readonly HeardVote[];
  readonly loads: ReadonlyMap<RegionId, LoadFacts>;
  readonly boards: readonly Omit<BoardState, 'lastReadAt'>[];
  /** Observers whose votes are left out. */
  readonly isolated: ReadonlySet<string>;
  readonly files: FilesReport;
  /** When others may come to be. */
  readonly blindness: ReadonlyMap<string, number>;
  /** Safety rules that do not hold. */
  readonly broken?: ReadonlyMap<string, string>;
  readonly undrilled?: readonly string[];
}

export function reportRegion(region: Region, facts: FleetFacts, now: Millis): RegionReport {
  const { settings, overrides } = facts.snapshot;
  const { observers, voteLifetime } = settings.health;
  const health = facts.health.get(region.id);
  const words = Array.from(overrides.values()).filter((word) => word.region === region.id);
  const [soonest] = words.toSorted((one, other) => one.end - other.end);
  const whole = overrides.get(region.id);
  const { votes, blindness } = facts;
  const past = { observers, votes, blindness, voteLifetime, health, override: soonest };
  const next = nextChange({ ...past, region, now });
  return {
    region: region.id,
    title: region.title,
    verdict: health?.verdict ?? 'unknown',
    isKept: health?.isKept ?? true,
    isSuspect: health?.isSuspect ?? false,
    since: formatInstant(health?.since ?? now),
    votes: (health?.votes ?? []).map(reportVote),
    override: whole === undefined ? null : reportOverride(whole, now),
    overrides: words.map((word) => reportOverride(word, now)),
    recovery: reportRecovery(health?.recovery ?? openRecovery),
    ...reportLoad(facts.loads.get(region.id)),
    next: next === undefined ? null : reportNext(next),
  };
}

function reportNext({ change, at }: NextChange): NextReport {
  return { change, at: formatInstant(at) };
}

function reportLoad(
  facts: LoadFacts | undefined,
): Pick<RegionReport, 'load' | 'connections' | 'loadFrom' | 'shed'> {
  const { load = null, connections = null, source = null, ageSeconds = null } = facts ?? {};
  const isKnown = source !== null && ageSeconds !== null;
  const loadFrom = isKnown ? { source, ageSeconds } : null;
  return { load, connections, loadFrom, shed: facts?.shed ?? 0 };
}

function reportRecovery({ stage, share, nextAt, trips }: Recovery): RecoveryReport {
  return { stage, share, nextAt: nextAt === undefined ? null : formatInstant(nextAt), trips };
}

function reportVote(vote: CountedVote): VoteReport {
  return {
    region: vote.region,
    observer: vote.observer,
    verdict: vote.verdict,
    ageSeconds: Math.round(vote.age / 100) / 10,
    latencyMs: vote.latency === undefined ? null : Math.round(vote.latency * 10) / 10,
    reason: vote.reason,
  };
}

export function reportHealth(facts: FleetFacts, now: Millis): HealthReport {
  const { settings, epoch } = facts.snapshot;
  const configurations = reportConfigurations(facts.votes, settings, now);
  return {
    director: settings.director.id,
    region: settings.director.region,
    epoch,
    configuration: settings.configuration,
    ...reportGossip(facts, now),
    observer: roleOf(settings, facts.isolated),
    files: facts.files,
    isMixed: configurations.length > 1,
    configurations,
    observers: reportObservers(facts.votes, facts.isolated, settings, now),
    regions: [...settings.regions.values()].map((region) => reportRegion(region, facts, now)),
    ...reportBroken(facts.broken),
    ...(facts.undrilled?.length && { undrilled: facts.undrilled }),
  };
}

function reportBroken(broken: FleetFacts['broken']): Pick<HealthReport, 'broken'> {
  if (broken === undefined || broken.size === 0) return {};
  return { broken: Array.from(broken, ([rule, message]) => ({ rule, message })) };
}

export type GossipReport = Pick<HealthReport, 'gossip' | 'missingObservers' | 'boards'>;

/** Whom this director hears, and over what. */
export function reportGossip(
  { snapshot, votes, boards }: Pick<FleetFacts, 'snapshot' | 'votes' | 'boards'>,
  now: Millis,
): GossipReport {
  const { settings } = snapshot;
  const missing = missingObservers(settings, votes, now);
  return {
    gossip: gossipState(settings, missing, boards),
    missingObservers: missing,
    boards: boards.map(({ name, isUp }) => ({ board: name, isUp })),
  };
}

function gossipState(
  settings: Settings,
  missing: readonly string[],
  boards: FleetFacts['boards'],
): HealthReport['gossip'] {
  const others = settings.health.observers.filter((region) => region !== settings.director.region);
  if (others.length === 0) return 'alone';
  if (others.every((region) => missing.includes(region))) return 'isolated';
  if (hasOnlyPeers(boards)) return 'peers';
  return missing.length === 0 ? 'fresh' : 'partial';
}

/** True when every Redis is lost and a peer answers; a fleet that never had a Redis lacks nothing. */
function hasOnlyPeers(boards: FleetFacts['boards']): boolean {
  const isAnyUp = (wanted: 'store' | 'peer'): boolean =>
    boards.some(({ kind, isUp }) => kind === wanted && isUp);
  return boards.some(({ kind }) => kind === 'store') && !isAnyUp('store') && isAnyUp('peer');
}

export function reportFacts(region: Region): RegionFacts {
  return {
    region: region.id,
    title: region.title,
    country: region.country,
    latitude: region.coordinates.latitude,
    longitude: region.coordinates.longitude,
    ipv4: region.ipv4.map(formatIp),
    ipv6: region.ipv6.map(formatIp),
    weight: region.weight,
    bias: region.bias,
    nameserver: region.nameServerAddresses.map(formatIp),
  };
}

export function reportService(
  service: Service,
  snapshot: Pick<Snapshot, 'settings' | 'health' | 'overrides'>,
): ServiceFacts {
  return {
    name: formatName(service.name),
    zone: formatName(service.zone),
    regions: service.regions,
    steps: service.steps.map((step) => step.kind),
    ttl: service.ttl,
    floor: reportFloor(service, snapshot),
  };
}

function reportFloor(
  service: Service,
  snapshot: Pick<Snapshot, 'settings' | 'health' | 'overrides'>,
): FloorReport | null {
  const floor = floorOf(service);
  if (floor === undefined) return null;
  const { settings, health } = snapshot;
  const effect = effectOn(service, snapshot.overrides, settings.regions);
  const state = { health, overrides: effect };
  const racing = service.regions.filter((id) => !takesOut(effect.get(id)));
  const floored = [...prepareFloor(floor, service, settings.regions).fill(racing, state)];
  return {
    ...floor,
    down: floored.filter((id) => isDown(id, state)),
    early: floored.filter((id) => !isDown(id, state)),
  };
}
