// Step `least-connections`: within each tier clients are shared among regions by connections that are free.

import type { LoadView } from '../../model/load.ts';
import type { Region } from '../../model/region.ts';
import { block } from '../../shape.ts';
import { type Gauge, type Gauges, prepareFree } from '../free.ts';
import { type StepContext, stepKind, type ThinningStep } from '../step.ts';

export const leastConnectionsStep = stepKind({
  kind: 'least-connections',
  shape: block({}),
  isDraw: true,
  prepare: (_settings, context) => prepareLeastConnections(context),
});

/** Of those of whom nobody says how many connections fill them, none is ever called full. */
const nearlyFull = 0.95;

/**
 * Where every region declares how many connections fill it, that is its size. Otherwise weights are,
 * and the fleet is taken to be half full, so that only what is more or less than a region's part counts.
 */
export function prepareLeastConnections({
  service,
  regions,
}: Pick<StepContext, 'service' | 'regions'>): ThinningStep {
  const own = service.regions.flatMap((id) => regions.get(id) ?? []);
  return prepareFree({
    name: 'least-connections',
    drawn: 'free connections are',
    by: 'by connections',
    unit: 'connections',
    gauge: own.every((region) => placesOf(region) !== undefined)
      ? (loads): Gauges => gaugePlaces(own, loads)
      : (loads): Gauges => gaugeWeights(own, loads),
  });
}

function placesOf({ load }: Region): number | undefined {
  return load?.connections;
}

function gaugePlaces(own: readonly Region[], loads: LoadView): Gauges {
  return new Map(
    own.map((region) => {
      const places = placesOf(region) ?? 0;
      const count = loads.get(region.id)?.connections;
      const used = count === undefined ? undefined : count / Math.max(1, places);
      // One of weight 0 is a reserve, however many places it has.
      const size = region.weight === 0 ? 0 : places;
      return [region.id, { size, used, words: `${count} of ${places}`, figure: count }];
    }),
  );
}

function gaugeWeights(own: readonly Region[], loads: LoadView): Gauges {
  let [connections, weights] = [0, 0];
  for (const { id, weight } of own) {
    const count = loads.get(id)?.connections;
    if (count === undefined || weight === 0) continue;
    connections += count;
    weights += weight;
  }
  const usual = connections / weights;
  return new Map(
    own.map(({ id, weight }): [Region['id'], Gauge] => {
      const count = loads.get(id)?.connections;
      if (count === undefined)
        return [id, { size: weight, used: undefined, words: '', figure: undefined }];
      const isCounted = usual > 0 && weight > 0;
      const used = isCounted ? Math.min(nearlyFull, count / weight / usual / 2) : 0;
      return [id, { size: weight, used, words: `${count} at weight ${weight}`, figure: count }];
    }),
  );
}
