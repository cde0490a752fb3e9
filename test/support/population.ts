// Small populations, written as networks with their units.

import type { Crowd, Slice } from '../../src/simulation/population.ts';
import { replay } from '../../src/simulation/replay.ts';
import { CrowdBuilder } from '../../src/simulation/row-builder.ts';
import type { Scene } from '../../src/simulation/side.ts';
import { openRegionBook, type Totals } from '../../src/simulation/totals.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { aPrefix, noon, planOf } from './fleet.ts';

export function aCrowd(rows: Readonly<Record<string, number>>): Crowd {
  const builder = new CrowdBuilder();
  for (const [prefix, units] of Object.entries(rows)) builder.add(aPrefix(prefix), units);
  return builder.finish(1);
}

interface ReplayFacts {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly crowd: Crowd;
  readonly slice?: Slice;
  readonly farKm?: number;
  readonly slowMs?: number;
  readonly service?: string;
}

/** Both sides of one service, with one region book. */
export function scenesOf({ before, after, service }: Omit<ReplayFacts, 'crowd'>): [Scene, Scene] {
  const book = openRegionBook(before.settings.regions, after.settings.regions);
  const scene = (snapshot: Snapshot): Scene => ({
    snapshot,
    plan: planOf(snapshot, service),
    book,
    now: noon,
  });
  return [scene(before), scene(after)];
}

export function replayAll(facts: ReplayFacts): Totals {
  const [before, after] = scenesOf(facts);
  const { crowd, slice = { index: 0, of: 1 }, farKm = 1000, slowMs = 50 } = facts;
  const { asns } = facts.after.atlas ?? {};
  return runToEnd(replay({ before, after, crowd, slice, farKm, slowMs, asns }));
}

export function runToEnd<T>(generator: Generator<unknown, T>): T {
  for (;;) {
    const step = generator.next();
    if (step.done === true) return step.value;
  }
}
