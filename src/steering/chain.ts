// The chain of a service: the kinds of steps there are, and the one order in which they run.

import type { Region, RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import type { OrderingStep, StepKind, ThinningStep } from './step.ts';
import { aliveStep } from './steps/alive.ts';
import { consistentHashStep } from './steps/consistent-hash.ts';
import { fenceStep } from './steps/fence.ts';
import { geoMapStep } from './steps/geo-map.ts';
import { halfOpenStep } from './steps/half-open.ts';
import { ipHashStep } from './steps/ip-hash.ts';
import { lastResortStep } from './steps/last-resort.ts';
import { latencyStep } from './steps/latency.ts';
import { leastConnectionsStep } from './steps/least-connections.ts';
import { leastLoadStep } from './steps/least-load.ts';
import { nearestStep } from './steps/nearest.ts';
import { overridesStep } from './steps/overrides.ts';
import { priorityStep } from './steps/priority.ts';
import { roundRobinStep } from './steps/round-robin.ts';
import { rulesStep } from './steps/rules.ts';
import { shedStep } from './steps/shed.ts';
import { reachOfTake, takeStep } from './steps/take.ts';
import { weightStep } from './steps/weight.ts';

/**
 * Geography comes before anything that moves by the minute, so that ECS scopes stay true: the fence
 * first, since nothing may bring back whom it keeps out; what an operator says of a network or an
 * area, then of all, before what was measured, and that before what GeoIP's distances suggest.
 */
export const orderingKinds: readonly StepKind[] = [
  fenceStep,
  rulesStep,
  geoMapStep,
  priorityStep,
  latencyStep,
  nearestStep,
];

export function isOrdering(kind: string): boolean {
  return orderingKinds.some((each) => each.kind === kind);
}

/**
 * Overrides before alive, so that the last resort never brings back what an operator took out;
 * half-open after alive, because it spares a region only where another is alive, and shed after both,
 * since whom they leave out takes nobody; the last resort before whatever draws and takes, so that an answer of last resort is shared and cut like any other.
 */
const thinningKinds: readonly StepKind[] = [
  overridesStep,
  aliveStep,
  halfOpenStep,
  shedStep,
  lastResortStep,
  weightStep,
  leastLoadStep,
  leastConnectionsStep,
  roundRobinStep,
  ipHashStep,
  consistentHashStep,
  takeStep,
];

/** Every kind, in the order in which steps run, whatever a policy leaves out. */
export const stepKinds: readonly StepKind[] = [...orderingKinds, ...thinningKinds];

export interface Chain {
  readonly ordering: readonly OrderingStep[];
  readonly thinning: readonly ThinningStep[];
}

/** Those that decide whether a region may serve at all, whoever asks. */
const exclusionKinds: readonly StepKind[] = [overridesStep, aliveStep, lastResortStep];

/** Of a service's chain only these. */
export function prepareExclusions(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
): readonly ThinningStep[] {
  return prepareKinds(exclusionKinds, service, regions).thinning;
}

/** Prepares a service's steps once. */
export function prepareChain(service: Service, regions: ReadonlyMap<RegionId, Region>): Chain {
  return prepareKinds(stepKinds, service, regions);
}

function prepareKinds(
  kinds: readonly StepKind[],
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
): Chain {
  const context = { service, regions, reach: reachOf(service) };
  const ordering: OrderingStep[] = [];
  const thinning: ThinningStep[] = [];
  for (const { kind, isAlways, prepare } of kinds) {
    const written = service.steps.find((step) => step.kind === kind);
    const settings = written ?? (isAlways(context) ? { kind } : undefined);
    if (settings === undefined) continue;
    const step = prepare(settings, context);
    if ('picksByNetwork' in step) thinning.push(step);
    else ordering.push(step);
  }
  return { ordering, thinning };
}

function reachOf({ steps }: Service): number {
  const isDrawn = stepKinds.some(
    ({ kind, isDraw }) => isDraw && steps.some((s) => s.kind === kind),
  );
  return isDrawn ? Number.POSITIVE_INFINITY : reachOfTake(steps);
}
