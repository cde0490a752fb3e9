// Step `least-load`: within each tier clients are shared among regions by what is free of their capacity.

import type { LoadView } from '../../model/load.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { type Gauge, type Gauges, prepareFree } from '../free.ts';
import { type StepContext, stepKind, type ThinningStep } from '../step.ts';

export const leastLoadStep = stepKind({
  kind: 'least-load',
  shape: block({}),
  isDraw: true,
  prepare: (_settings, context) => prepareLeastLoad(context),
});

/** A region is as large as its weight says, and as full as its load. */
export function prepareLeastLoad({
  service,
  regions,
}: Pick<StepContext, 'service' | 'regions'>): ThinningStep {
  return prepareFree({
    name: 'least-load',
    drawn: 'free capacity is',
    by: 'by free capacity',
    unit: 'load',
    gauge: (loads): Gauges =>
      new Map(service.regions.map((id) => [id, gaugeOf(regions.get(id), loads)])),
  });
}

function gaugeOf(region: Region | undefined, loads: LoadView): Gauge {
  const used = loads.get(region?.id ?? ('' as RegionId))?.share;
  const words = used === undefined ? '' : `${Math.round(100 * used)} % in use`;
  const figure = used && Math.round(10_000 * used) / 10_000;
  return { size: region?.weight ?? 0, used, words, figure };
}
