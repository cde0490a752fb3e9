// The chain of a service: each kind of step and what prepares it.

import type { Region, RegionId } from '../model/region.ts';
import { type Service, type StepSettings, stepOrder } from '../model/settings.ts';
import type { OrderingStep, ThinningStep } from './step.ts';
import { prepareAlive } from './steps/alive.ts';
import { prepareHalfOpen } from './steps/half-open.ts';
import { prepareLastResort } from './steps/last-resort.ts';
import { prepareNearest } from './steps/nearest.ts';
import { prepareOverrides } from './steps/overrides.ts';
import { prepareRules } from './steps/rules.ts';
import { prepareTake } from './steps/take.ts';
import { prepareWeight } from './steps/weight.ts';

export interface Chain {
  readonly ordering: readonly OrderingStep[];
  readonly thinning: readonly ThinningStep[];
}

/** These always run: no policy may forget an operator's word or answer nothing by itself. */
const always: readonly StepSettings[] = [
  { kind: 'overrides' },
  { kind: 'alive' },
  { kind: 'half-open' },
  { kind: 'last-resort' },
];

/** Prepares a service's steps once; `stepOrder` says in which order they run and why. */
export function prepareChain(service: Service, regions: ReadonlyMap<RegionId, Region>): Chain {
  const ordering: OrderingStep[] = [];
  const thinning: ThinningStep[] = [];
  for (const kind of stepOrder) {
    const settings = [...service.steps, ...always].find((step) => step.kind === kind);
    if (settings === undefined) continue;
    const step = prepareStep(settings, regions, service);
    if ('picksByNetwork' in step) thinning.push(step);
    else ordering.push(step);
  }
  return { ordering, thinning };
}

function prepareStep(
  settings: StepSettings,
  regions: ReadonlyMap<RegionId, Region>,
  service: Service,
): OrderingStep | ThinningStep {
  switch (settings.kind) {
    case 'rules':
      return prepareRules(settings.rules);
    case 'nearest':
      return prepareNearest(settings.withinKm, regions);
    case 'overrides':
      return prepareOverrides();
    case 'alive':
      return prepareAlive();
    case 'half-open':
      return prepareHalfOpen(reachOf(service));
    case 'last-resort':
      return prepareLastResort();
    case 'weight':
      return prepareWeight(regions);
    case 'take':
      return prepareTake(settings.count);
    default:
      return settings satisfies never;
  }
}

/** How far down the order of regions an answer reaches. */
function reachOf({ steps }: Service): number {
  const isDrawn = steps.some(({ kind }) => kind === 'weight');
  const take = steps.find((step) => step.kind === 'take');
  return isDrawn || take === undefined ? Number.POSITIVE_INFINITY : take.count;
}
