// Totals → comparison: sums of units become shares, the largest first.

import type { Comparison, Distances, ServiceComparison, Slower } from './comparison.ts';
import { Summary, type SummaryOptions } from './summary.ts';
import type { Losses } from './tally.ts';
import { addTotals, emptyTotals, quantileKm, type Totals } from './totals.ts';

export interface CompareOptions extends SummaryOptions, Losses {
  readonly source: string;
  readonly unitsPerClient: number;
  /** Units of the whole population, each client once however many services there are. */
  readonly units: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Totals of one service, under its name. */
export interface ServiceTotals {
  readonly name: string;
  readonly totals: Totals;
  /** False where the client's network does not steer, so that an answer is one entry of a cache. */
  readonly usesSubnet: boolean;
}

export function compare(services: readonly ServiceTotals[], options: CompareOptions): Comparison {
  const all = emptyTotals();
  for (const { totals } of services) addTotals(all, totals);
  const { source, unitsPerClient, units, load, farKm, slowMs, added, removed } = options;
  const whole = new Summary(all, all.units, options);
  return {
    population: { source, clients: units / unitsPerClient },
    load,
    services: services.map((service) => compareService(service, all.units, options)),
    added,
    removed,
    total: {
      moved: whole.moved(),
      farther: { km: farKm, share: whole.share(all.farther) },
      slower: slowerOf(all, whole, slowMs),
      moves: whole.moves(),
    },
    regions: whole.regions(),
  };
}

function compareService(
  { name, totals, usesSubnet }: ServiceTotals,
  allUnits: number,
  options: CompareOptions,
): ServiceComparison {
  const summary = new Summary(totals, allUnits, options);
  const scopes = (count: number): number => (usesSubnet ? count : Math.min(count, 1));
  return {
    name,
    clients: totals.units / options.unitsPerClient,
    moved: summary.moved(),
    unlocated: summary.share(totals.unlocated),
    regions: summary.regions(),
    moves: summary.moves(),
    countries: summary.countries(),
    distance: { before: distancesOf(totals.kmBefore), after: distancesOf(totals.kmAfter) },
    farther: { km: options.farKm, share: summary.share(totals.farther) },
    slower: slowerOf(totals, summary, options.slowMs),
    states: {
      before: summary.states(totals.statesBefore),
      after: summary.states(totals.statesAfter),
    },
    scopes: { before: scopes(totals.scopesBefore), after: scopes(totals.scopesAfter) },
    cells: summary.cells(),
  };
}

function slowerOf({ slower, measured }: Totals, summary: Summary, ms: number): Slower {
  const isTable = summary.share(measured) === summary.moved();
  const by = measured === 0 ? 'distance' : isTable ? 'table' : 'both';
  return { ms, share: summary.share(slower), by };
}

function distancesOf(counts: Float64Array): Distances {
  return { median: quantileKm(counts, 0.5), p95: quantileKm(counts, 0.95) };
}
