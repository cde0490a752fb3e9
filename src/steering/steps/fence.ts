// Step `fence`: clients of an area are only ever answered with the regions that may serve it.

import type { Static } from 'typebox';
import type { Departure, Tiers } from '../../model/decision.ts';
import type { RegionId } from '../../model/region.ts';
import type { StepSettings } from '../../model/settings.ts';
import { block, list, regionId } from '../../shape.ts';
import {
  AreaBook,
  type Areas,
  areaShapes,
  fillAreas,
  namesAreas,
  refuseUnknownAreas,
} from '../areas.ts';
import { filterTiers, type OrderingStep, type StepReader, stepKind } from '../step.ts';

const fenceShape = block({
  ...areaShapes,
  regions: list(regionId, 'a list of at least one region', 1),
});

/** For clients in these areas only these regions. */
export interface Fence extends Areas {
  readonly regions: readonly RegionId[];
}

export const fenceStep = stepKind({
  kind: 'fence',
  shape: list(fenceShape, 'a list of at least one fence', 1),
  read(written, reader) {
    const seen = new Set<string>();
    return { fences: written.map((fence, i) => readFence(fence, i, seen, reader)) };
  },
  prepare: ({ fences }) => prepareFence(fences),
});

/** The fences of a chain; none where the step is left out. */
export function fencesIn(steps: readonly StepSettings[]): readonly Fence[] {
  const step = steps.find(({ kind }) => kind === fenceStep.kind);
  return (step?.['fences'] as readonly Fence[] | undefined) ?? [];
}

/** Two fences around one area would leave open which of them is meant. */
function readFence(
  fence: Static<typeof fenceShape>,
  at: number,
  seen: Set<string>,
  reader: StepReader,
): Fence {
  if (!namesAreas(fence)) {
    reader.refuse([at], 'is around nothing: give it subdivisions, countries or continents');
  }
  refuseUnknownAreas(fence, [at], reader);
  for (const key of Object.keys(areaShapes) as (keyof typeof areaShapes)[]) {
    for (const [i, area] of (fence[key] ?? []).entries()) {
      if (seen.has(`${key} ${area}`)) reader.refuse([at, key, i], `fences ${area} a second time`);
      seen.add(`${key} ${area}`);
    }
  }
  return { ...fillAreas(fence), regions: reader.regionsIn(fence.regions, [at, 'regions']) };
}

/**
 * The most specific fence counts. It runs before all others, so that whatever brings regions back
 * later, a floor or the last resort, finds none but these. Where a client is not known to be in a
 * fenced area, nothing is fenced.
 */
export function prepareFence(fences: readonly Fence[]): OrderingStep {
  const book = new AreaBook<Fence>();
  for (const fence of fences) book.add(fence, fence);
  return {
    name: 'fence',
    detail: { countries: book.detailed },
    apply(tiers, area, left?: Departure[]): Tiers {
      const found = book.find(area.place);
      if (found === undefined) return tiers;
      return filterTiers(tiers, (region) => {
        if (found.of.regions.includes(region)) return true;
        const detail = `clients in ${found.area} may only be served by ${found.of.regions.join(', ')}`;
        left?.push({ region, code: 'fenced', detail });
        return false;
      });
    },
    describe(_before, after, area): string {
      const found = book.find(area.place);
      if (found === undefined) return 'no fence is around this client';
      return `clients in ${found.area} stay with ${after.flat().join(', ')}, come what may`;
    },
  };
}
