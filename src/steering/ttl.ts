// How long an answer may live: from how soon it could change, within the operator's bounds.

import type { DecisionState, TtlReason } from '../model/decision.ts';
import type { HealthView, RegionHealth } from '../model/health.ts';
import { type LoadView, noLoads } from '../model/load.ts';
import type { Override, OverrideView } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import { type Millis, millis, type Seconds, seconds } from '../model/time.ts';
import type { Effect } from './effect.ts';
import type { Horizon, Plan, Snapshot } from './snapshot.ts';
import { wayBack } from './steps/half-open.ts';

/** Each reason in the words of an explanation; the first that holds is the one. */
export const ttlReasons: Readonly<Record<TtlReason, string>> = {
  'override-ends': "an operator's override ends then",
  'fail-open': 'nothing is alive and this is a last resort',
  'below-floor': 'less than the floor is alive, so a region that is down is named',
  'last-resort': 'no region is left, and the policy says what is answered then',
  'verdict-kept': 'too few fresh votes have come in, and an old verdict may be wrong',
  suspect: 'some probes contradict a verdict',
  'override-active': "an operator's override is in force",
  recovering: 'a region is coming back in stages',
  shedding: 'a region is too busy and passes clients on',
  'recently-changed': 'a region went up or down lately',
  stable: 'nothing is expected to change',
};

/** Looks once, when the snapshot is built, at everything that could move a service's answers. */
export function horizonOf(
  service: Pick<Service, 'regions'>,
  said: {
    readonly health: HealthView;
    readonly overrides: OverrideView;
    /** What they come to in the service. */
    readonly effect: Effect;
  },
  settle: Millis,
  loads: LoadView = noLoads,
): Horizon {
  const { health, overrides, effect } = said;
  let settledAt = 0;
  let overrideEnd = Number.POSITIVE_INFINITY;
  let isSuspect = false;
  let isKept = false;
  let isOverridden = false;
  let isRecovering = false;
  let isShedding = false;
  for (const region of service.regions) {
    const state = health.get(region);
    const override = effect.get(region);
    isKept ||= state?.isKept ?? true;
    isSuspect ||= state?.isSuspect ?? false;
    isRecovering ||= wayBack(region, { health, overrides: effect }) !== undefined;
    isShedding ||= (loads.get(region)?.shed ?? 0) > 0;
    settledAt = Math.max(settledAt, changedAt(state) + settle);
    if (override === undefined) continue;
    isOverridden = true;
    overrideEnd = Math.min(overrideEnd, override.end);
  }
  for (const { region, endpoint, end } of overrides.values()) {
    if (endpoint === undefined || !service.regions.includes(region)) continue;
    isOverridden = true;
    overrideEnd = Math.min(overrideEnd, end);
  }
  const unrest = isKept
    ? 'verdict-kept'
    : isSuspect
      ? 'suspect'
      : isOverridden
        ? 'override-active'
        : isRecovering
          ? 'recovering'
          : isShedding
            ? 'shedding'
            : undefined;
  return { unrest, settledAt: millis(settledAt), overrideEnd, isKept };
}

/** The TTL in seconds and the one reason that bound it. */
export function ttlOf(
  service: Service,
  horizon: Horizon,
  state: DecisionState,
  now: Millis,
): { readonly ttl: Seconds; readonly reason: TtlReason } {
  const { stable, short } = service.ttl;
  const untilEnd = Math.max(1, Math.ceil((horizon.overrideEnd - now) / 1000));
  if (untilEnd < short) return { ttl: seconds(untilEnd), reason: 'override-ends' };
  if (state === 'fail-open' || state === 'below-floor') return { ttl: short, reason: state };
  if (state === 'fail-closed' || state === 'stand-in') return { ttl: short, reason: 'last-resort' };
  if (horizon.unrest !== undefined) return { ttl: short, reason: horizon.unrest };
  if (now < horizon.settledAt) return { ttl: short, reason: 'recently-changed' };
  return { ttl: stable, reason: 'stable' };
}

/** The regions that a reason is about; none where it is about all of them or about none. */
export function causesOf(
  reason: TtlReason,
  { service, overrides: effect, horizon }: Plan,
  { health, overrides, loads, settings }: Snapshot,
  now: Millis,
): readonly RegionId[] {
  const wordsOn = (region: RegionId): Override[] => [
    ...(effect.get(region) === undefined ? [] : [effect.get(region) as Override]),
    ...Array.from(overrides.values()).filter((word) => word.endpoint && word.region === region),
  ];
  const isCause: Partial<Record<TtlReason, (region: RegionId) => boolean>> = {
    suspect: (region) => health.get(region)?.isSuspect ?? false,
    recovering: (region) => wayBack(region, { health, overrides: effect }) !== undefined,
    shedding: (region) => (loads.get(region)?.shed ?? 0) > 0,
    'override-active': (region) => wordsOn(region).length > 0,
    'override-ends': (region) => wordsOn(region).some(({ end }) => end === horizon.overrideEnd),
    'recently-changed': (region) => changedAt(health.get(region)) + settings.health.settle > now,
  };
  return service.regions.filter((region) => isCause[reason]?.(region));
}

/** When a region last went down, came up, or was given another share of its clients. */
function changedAt(state: RegionHealth | undefined): number {
  return Math.max(state?.since ?? 0, state?.recovery.since ?? 0);
}
