// Reports: what the control side answers, as plain data.

import type { CountedVote, HealthView, RegionHealth } from '../model/health.ts';
import { formatIp } from '../model/ip.ts';
import { formatName } from '../model/name.ts';
import { isActive, type Override } from '../model/override.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { formatInstant, type Millis } from '../model/time.ts';
import type {
  HealthReport,
  OverrideReport,
  RegionFacts,
  RegionReport,
  ServiceFacts,
  VoteReport,
} from '../ports.ts';
import type { BoardState } from './gossip/lane.ts';

/** What a change came to, besides the override itself. */
export interface Effect {
  readonly posted: number;
  readonly withheld: readonly string[];
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
    ...effect,
  };
}

export function reportRegion(
  region: Region,
  health: RegionHealth | undefined,
  override: Override | undefined,
  now: Millis,
): RegionReport {
  return {
    region: region.id,
    title: region.title,
    verdict: health?.verdict ?? 'unknown',
    isKept: health?.isKept ?? true,
    isSuspect: health?.isSuspect ?? false,
    since: formatInstant(health?.since ?? now),
    votes: (health?.votes ?? []).map(reportVote),
    override: override === undefined ? null : reportOverride(override, now),
  };
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

export interface GossipFacts {
  /** Regions of observers whose votes are fresh. */
  readonly heardRegions: ReadonlySet<string>;
  readonly boards: readonly Omit<BoardState, 'lastReadAt'>[];
}

export function reportHealth(
  settings: Settings,
  epoch: number,
  health: HealthView,
  overrides: ReadonlyMap<RegionId, Override>,
  gossip: GossipFacts,
  now: Millis,
): HealthReport {
  const missing = settings.health.observers.filter((region) => !gossip.heardRegions.has(region));
  return {
    director: settings.director.id,
    region: settings.director.region,
    epoch,
    configuration: settings.digest.slice(0, 12),
    gossip: gossipState(settings, missing, gossip.boards),
    missingObservers: missing,
    boards: gossip.boards.map(({ name, isUp }) => ({ board: name, isUp })),
    regions: [...settings.regions.values()].map((region) =>
      reportRegion(region, health.get(region.id), overrides.get(region.id), now),
    ),
  };
}

function gossipState(
  settings: Settings,
  missing: readonly string[],
  boards: GossipFacts['boards'],
): HealthReport['gossip'] {
  const others = settings.health.observers.filter((region) => region !== settings.director.region);
  if (others.length === 0) return 'alone';
  if (others.every((region) => missing.includes(region))) return 'isolated';
  if (hasOnlyPeers(boards)) return 'peers';
  return missing.length === 0 ? 'fresh' : 'partial';
}

/** True when every Redis is lost and a peer answers; a fleet that never had a Redis lacks nothing. */
function hasOnlyPeers(boards: GossipFacts['boards']): boolean {
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

export function reportService(service: Service): ServiceFacts {
  return {
    name: formatName(service.name),
    zone: formatName(service.zone),
    regions: service.regions,
    steps: service.steps.map((step) => step.kind),
    ttl: service.ttl,
  };
}
