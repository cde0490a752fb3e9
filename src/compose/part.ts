// Some slices of a population, gone through on one stage.

import { formatName } from '../model/name.ts';
import { millis } from '../model/time.ts';
import type { CompareOptions, ServiceTotals } from '../simulation/compare.ts';
import { crowdOf, sizeOf, type Slice, unitsOf } from '../simulation/population.ts';
import { replay } from '../simulation/replay.ts';
import type { Scene } from '../simulation/side.ts';
import {
  addTotals,
  emptyTotals,
  openRegionBook,
  type RegionBook,
  type Totals,
} from '../simulation/totals.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import type { Rehearsal } from './rehearsal.ts';
import { openStage, type Stage } from './stage.ts';

/** What came of some slices; parts of one rehearsal differ in their totals alone. */
export interface Part extends Omit<CompareOptions, 'load'> {
  readonly services: readonly ServiceTotals[];
}

/** How many rows have been gone through, and how many there are. */
export type OnRows = (done: number, all: number) => void;

/** Goes through some slices of the population; rejects with a FaultError where that cannot be. */
export async function rehearse(
  rehearsal: Rehearsal,
  slices: readonly Slice[],
  onRows: OnRows,
): Promise<Part> {
  const stage = await openStage(rehearsal);
  const { before, after, names, population } = stage;
  const book = openRegionBook(before.settings.regions, after.settings.regions);
  const namesOf = (from: Snapshot, without: Snapshot): string[] =>
    [...from.plans.keys()].filter((name) => !without.plans.has(name)).map(formatName);
  const counter = new RowCounter(stage, slices, onRows);
  const capacities = Array.from(after.settings.regions, ([id, { load }]): [string, number] => [
    id,
    load?.capacity ?? 0,
  ]);
  return {
    source: population.source,
    unitsPerClient: population.unitsPerClient,
    units: unitsOf(population),
    book,
    capacities: new Map(capacities.filter(([, capacity]) => capacity > 0)),
    farKm: rehearsal.farKm,
    slowMs: rehearsal.slowMs,
    added: namesOf(after, before),
    removed: namesOf(before, after),
    services: names.map((name) => ({
      name: formatName(name),
      totals: replaySlices(stage, name, { book, slices, counter, rehearsal }),
      usesSubnet: after.plans.get(name)?.service.usesSubnet ?? true,
    })),
  };
}

interface SliceOptions {
  readonly book: RegionBook;
  readonly slices: readonly Slice[];
  readonly counter: RowCounter;
  readonly rehearsal: Rehearsal;
}

function replaySlices(
  { before, after, population, asns }: Stage,
  name: Stage['names'][number],
  { book, slices, counter, rehearsal }: SliceOptions,
): Totals {
  const totals = emptyTotals();
  const now = millis(rehearsal.at);
  const sceneOf = (snapshot: Snapshot): Scene | undefined => {
    const plan = snapshot.plans.get(name);
    return plan && { snapshot, plan, book, now };
  };
  const [was, is] = [sceneOf(before), sceneOf(after)];
  if (was === undefined || is === undefined) return totals;
  const crowd = crowdOf(population, name);
  for (const slice of slices) {
    const { farKm, slowMs } = rehearsal;
    const steps = replay({ before: was, after: is, crowd, slice, farKm, slowMs, asns });
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        addTotals(totals, step.value);
        break;
      }
      counter.add(step.value);
    }
  }
  return totals;
}

class RowCounter {
  #done = 0;
  readonly #all: number;
  readonly #onRows: OnRows;

  constructor({ names, population }: Stage, slices: readonly Slice[], onRows: OnRows) {
    const rows = names.reduce((sum, name) => sum + sizeOf(crowdOf(population, name)), 0);
    this.#all = slices.reduce((sum, { of }) => sum + rows / of, 0);
    this.#onRows = onRows;
  }

  add(rows: number): void {
    this.#done += rows;
    this.#onRows(this.#done, this.#all);
  }
}
